// Draws what a run prints behind the lines that print it, in every editor that shows
// the document. Tokens come faster than anybody reads, so it draws at a steady rate
// and only what changed. What the texts are is not decided here.

import * as vscode from 'vscode';

import type { Run, Runs, Shown } from './runs';

/** The least time between two drawings. */
const INTERVAL_MS = 40;

export class Decorations implements vscode.Disposable {
    private readonly fresh = decoration('tensorlogic.outputForeground');
    private readonly outdated = decoration('tensorlogic.outdatedOutputForeground');
    private readonly waiting = new Set<string>();
    private readonly subscriptions: vscode.Disposable[];
    private timer: NodeJS.Timeout | undefined;

    constructor(private readonly runs: Runs) {
        this.subscriptions = [
            this.fresh,
            this.outdated,
            runs.onDidChange((run) => this.later(run)),
            vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.draw(editor))),
        ];
    }

    dispose(): void {
        clearTimeout(this.timer);
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    private later(run: Run): void {
        this.waiting.add(run.uri);
        for (const shown of run.places.values()) {
            this.waiting.add(shown.uri);
        }
        this.timer ??= setTimeout(() => this.drawWaiting(), INTERVAL_MS);
    }

    private drawWaiting(): void {
        this.timer = undefined;
        for (const editor of vscode.window.visibleTextEditors) {
            if (this.waiting.has(editor.document.uri.toString())) {
                this.draw(editor);
            }
        }
        this.waiting.clear();
    }

    private draw(editor: vscode.TextEditor): void {
        const uri = editor.document.uri.toString();
        const fresh: vscode.DecorationOptions[] = [];
        const outdated: vscode.DecorationOptions[] = [];
        for (const run of this.runs.all()) {
            for (const shown of run.places.values()) {
                if (shown.uri === uri && shown.shown.trim() !== '' && shown.range.end.line < editor.document.lineCount) {
                    (run.isOutdated ? outdated : fresh).push(options(editor.document, shown));
                }
            }
        }
        editor.setDecorations(this.fresh, fresh);
        editor.setDecorations(this.outdated, outdated);
    }
}

function decoration(color: string): vscode.TextEditorDecorationType {
    return vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        after: { margin: '0 0 0 2ch', color: new vscode.ThemeColor(color) },
    });
}

function options(document: vscode.TextDocument, shown: Shown): vscode.DecorationOptions {
    const line = document.lineAt(shown.range.end.line).range;
    return {
        range: new vscode.Range(shown.range.start.line === line.start.line ? shown.range.start : line.start, line.end),
        hoverMessage: new vscode.MarkdownString().appendCodeblock(shown.text, 'text'),
        renderOptions: { after: { contentText: `⇒ ${fitted(shown.shown, line.end.character)}` } },
    };
}

/** The end of a text that is too long to stand behind a line; a line never wraps for it. */
function fitted(text: string, before: number): string {
    const room = Math.max(LEAST_ROOM, COLUMNS - before);
    const characters = [...text];
    return characters.length <= room ? text : `… ${characters.slice(2 - room).join('').replace(/^\S+\s/, '')}`;
}

/** What fits into a window of usual size, and what is shown even behind a long line. */
const COLUMNS = 125;
const LEAST_ROOM = 40;
