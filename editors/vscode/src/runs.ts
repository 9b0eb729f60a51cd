// The runs of scripts as the editor knows them: one for each document, its figures,
// and the texts that stand behind the lines of its calls. It follows the events of
// the server and the edits of the user, and draws nothing.

import * as vscode from 'vscode';

import type { Finished, Output, RunEvent } from './events';

/** A text behind a line. */
export interface Shown {
    /** The document that it stands in: the script, or a file that it imports. */
    uri: string;
    /** The call that printed it, from its first to its last character. */
    range: vscode.Range;
    /** What stands behind the line. */
    shown: string;
    /** What the call has printed, or the last part of it if that is long. */
    text: string;
}

/** One run of one document. */
export class Run {
    readonly places = new Map<number, Shown>();
    path = '';
    device = '';
    tokens = 0;
    /** How much of a weight file is read, from 0 to 1, while it is read. */
    loading: number | undefined;
    /** How it ended, if it has. */
    ending: Finished | undefined;
    /** Whether the script was edited after the start. */
    isOutdated = false;

    private firstToken = 0;
    private lastToken = 0;

    constructor(
        readonly uri: string,
        public id: number,
    ) {}

    /** Tokens per second since the first one, which waited for the model. */
    get speed(): number | undefined {
        const seconds = (this.lastToken - this.firstToken) / 1000;
        return this.tokens > 1 && seconds > 0 ? (this.tokens - 1) / seconds : undefined;
    }

    count(tokens: number, now: number): void {
        if (this.tokens === 0) {
            this.firstToken = now;
        }
        this.lastToken = now;
        this.tokens = tokens;
        this.loading = undefined;
    }

    /** The output's text goes to the place of its call; a call that is gone has none. */
    show(output: Output): void {
        if (output.place === undefined || output.shown === undefined) {
            return;
        }
        if (output.range === undefined) {
            this.places.delete(output.place);
            return;
        }
        const { start, end } = output.range;
        const known = this.places.get(output.place);
        this.places.set(output.place, {
            uri: output.path === undefined || output.path === this.path ? this.uri : fileUri(output.path),
            // The server may not have seen the latest edits yet, which a known range has followed.
            range: known?.range ?? new vscode.Range(start.line, start.character, end.line, end.character),
            shown: output.shown,
            text: ((known?.text ?? '') + output.text).slice(-LONGEST_TEXT),
        });
    }

    /** Moves the places along with an edit; those whose call was removed go. */
    follow(change: vscode.TextDocumentChangeEvent): void {
        const uri = change.document.uri.toString();
        for (const [place, shown] of this.places) {
            if (shown.uri !== uri) {
                continue;
            }
            const range = moved(shown.range, change.contentChanges);
            if (range === undefined) {
                this.places.delete(place);
            } else {
                shown.range = range;
            }
        }
        this.isOutdated ||= uri === this.uri;
    }
}

/** All runs; tells of each that changed. */
export class Runs implements vscode.Disposable {
    private readonly byDocument = new Map<string, Run>();
    private readonly changed = new vscode.EventEmitter<Run>();
    private readonly subscriptions: vscode.Disposable[];

    readonly onDidChange = this.changed.event;

    constructor() {
        this.subscriptions = [
            this.changed,
            vscode.workspace.onDidChangeTextDocument((change) => this.edited(change)),
            vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri.toString())),
        ];
    }

    dispose(): void {
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    /** The latest run of a document. */
    of(document: vscode.Uri): Run | undefined {
        return this.byDocument.get(document.toString());
    }

    all(): Iterable<Run> {
        return this.byDocument.values();
    }

    /** Takes what the server tells; gives the run it belongs to. */
    take(event: RunEvent): Run | undefined {
        // The server may spell the address in its own way.
        const uri = vscode.Uri.parse(event.uri).toString();
        let run = this.byDocument.get(uri);
        if (run === undefined || run.id < event.runId) {
            run = new Run(uri, event.runId);
            this.byDocument.set(uri, run);
        }
        if (run.id !== event.runId) {
            return undefined;
        }
        advance(run, event);
        this.changed.fire(run);
        return run;
    }

    /** The server is gone and its runs with it. */
    abandon(): void {
        for (const run of this.byDocument.values()) {
            run.ending ??= { ending: 'crashed', message: 'the language server has ended' };
            // A new server counts its runs from the beginning.
            run.id = 0;
            this.changed.fire(run);
        }
    }

    private edited(change: vscode.TextDocumentChangeEvent): void {
        if (change.contentChanges.length === 0) {
            return;
        }
        for (const run of this.byDocument.values()) {
            run.follow(change);
            this.changed.fire(run);
        }
    }

    private forget(uri: string): void {
        const run = this.byDocument.get(uri);
        if (run !== undefined && this.byDocument.delete(uri)) {
            run.places.clear();
            this.changed.fire(run);
        }
    }
}

/** The hover shows no more than this many characters of a text; the output has it all. */
const LONGEST_TEXT = 4000;

function advance(run: Run, event: RunEvent): void {
    switch (event.event) {
        case 'started':
            run.path = event.path;
            run.device = event.device;
            break;
        case 'output':
        case 'errorOutput':
            run.show(event);
            break;
        case 'loading':
            run.loading = event.total > 0 && event.done < event.total ? event.done / event.total : undefined;
            break;
        case 'sampled':
            run.count(event.count, Date.now());
            break;
        case 'finished':
            run.ending = event;
            run.loading = undefined;
            break;
        case 'notice':
        case 'problem':
        case 'failed':
            break;
    }
}

function fileUri(path: string): string {
    return vscode.Uri.file(path).toString();
}

/** Where a range is after the changes of one edit; nothing if one of them removed its end. */
function moved(range: vscode.Range, changes: readonly vscode.TextDocumentContentChangeEvent[]): vscode.Range | undefined {
    let { start, end } = range;
    // All changes speak of the text before the edit; from the last to the first,
    // none moves what a later one speaks of.
    const lastFirst = [...changes].sort((a, b) => b.range.start.compareTo(a.range.start));
    for (const change of lastFirst) {
        if (change.range.start.isBefore(end) && change.range.end.isAfter(end)) {
            return undefined;
        }
        if (change.range.start.isBefore(start) && change.range.end.isAfterOrEqual(end)) {
            return undefined;
        }
        // Text that is typed right behind the call does not belong to it.
        end = change.range.start.isEqual(end) ? end : shifted(end, change);
        start = change.range.end.isAfter(start) ? start : shifted(start, change);
    }
    return new vscode.Range(start, end);
}

function shifted(position: vscode.Position, change: vscode.TextDocumentContentChangeEvent): vscode.Position {
    if (change.range.end.isAfter(position)) {
        return position;
    }
    const added = change.text.split('\n');
    const lastLine = added.at(-1) ?? '';
    const line = position.line + added.length - 1 - (change.range.end.line - change.range.start.line);
    if (position.line !== change.range.end.line) {
        return position.with(line);
    }
    const before = added.length === 1 ? change.range.start.character : 0;
    return new vscode.Position(line, before + lastLine.length + position.character - change.range.end.character);
}
