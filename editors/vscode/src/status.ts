// The item in the status bar: whether the script in front of the user runs, how fast
// its tokens come, and how it ended. A click stops a run or opens what it printed.

import * as vscode from 'vscode';

import type { Finished } from './events';
import { LANGUAGE } from './language';
import type { Run, Runs } from './runs';

/** What the server is doing. */
export type ServerState = { kind: 'starting' | 'running' } | { kind: 'failed'; reason: string };

/** The least time between two changes of the text. */
const INTERVAL_MS = 200;

export class Status implements vscode.Disposable {
    private readonly item = vscode.window.createStatusBarItem('tensorlogic.status', vscode.StatusBarAlignment.Left, 100);
    private readonly subscriptions: vscode.Disposable[];
    private server: ServerState = { kind: 'starting' };
    private timer: NodeJS.Timeout | undefined;

    constructor(private readonly runs: Runs) {
        this.item.name = 'TensorLogic';
        this.subscriptions = [
            this.item,
            runs.onDidChange(() => this.later()),
            vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
            vscode.workspace.onDidOpenTextDocument(() => this.draw()),
        ];
        this.draw();
    }

    dispose(): void {
        clearTimeout(this.timer);
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    /** Whether the item can say anything but that the server is missing. */
    setServer(state: ServerState): void {
        this.server = state;
        this.draw();
    }

    private later(): void {
        this.timer ??= setTimeout(() => {
            this.timer = undefined;
            this.draw();
        }, INTERVAL_MS);
    }

    private draw(): void {
        const document = vscode.window.activeTextEditor?.document;
        const isScript = document?.languageId === LANGUAGE;
        const run = isScript ? this.runs.of(document.uri) : [...this.runs.all()].find((run) => run.ending === undefined);
        const isRunning = run !== undefined && run.ending === undefined;
        void vscode.commands.executeCommand('setContext', 'tensorlogic.isRunning', isRunning);
        if (!isScript && run === undefined) {
            this.item.hide();
            return;
        }
        const { text, tooltip, command, isError } = this.server.kind === 'failed' ? ofServer(this.server.reason) : ofRun(run);
        this.item.text = text;
        this.item.tooltip = tooltip;
        this.item.command = command;
        this.item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
        this.item.show();
    }
}

/** What the item shows. */
interface Face {
    text: string;
    tooltip: string;
    command: string;
    isError?: true;
}

function ofServer(reason: string): Face {
    return {
        text: '$(error) TensorLogic',
        tooltip: `The language server does not run: ${reason}. Click to start it again.`,
        command: 'tensorlogic.restartServer',
        isError: true,
    };
}

function ofRun(run: Run | undefined): Face {
    if (run === undefined) {
        return { text: '$(play) TensorLogic', tooltip: 'Run main', command: 'tensorlogic.runMain' };
    }
    if (run.ending === undefined) {
        return {
            text: `$(sync~spin) TensorLogic: ${progress(run)}`,
            tooltip: `Running${run.device === '' ? '' : ` on ${run.device}`}. Click to stop.`,
            command: 'tensorlogic.stopRun',
        };
    }
    const isError = FAILURES.has(run.ending.ending);
    return {
        text: `$(${isError ? 'error' : 'check'}) TensorLogic: ${summary(run, run.ending)}`,
        tooltip: run.ending.message ?? 'Click to see the whole output.',
        command: 'tensorlogic.showOutput',
        ...(isError && { isError }),
    };
}

const FAILURES = new Set<Finished['ending']>(['failed', 'refused', 'crashed']);

function progress(run: Run): string {
    if (run.loading !== undefined) {
        return `loading ${Math.floor(run.loading * 100)}%`;
    }
    return run.tokens === 0 ? 'running' : `${tokens(run.tokens)}${speed(run)}`;
}

/** How a run ended, with its figures. */
export function summary(run: Run, ending: Finished): string {
    const all = ending.tokens ?? run.tokens;
    const figures = `${all === 0 ? '' : `${tokens(all)} `}in ${(ending.seconds ?? 0).toFixed(2)} s${speed(run)}`;
    switch (ending.ending) {
        case 'finished':
            return figures;
        case 'stopped':
        case 'cancelled':
            return all === 0 ? 'stopped' : `stopped after ${tokens(all)}`;
        case 'exited':
            return `exited with code ${ending.code ?? 0}, ${figures}`;
        case 'failed':
            return 'failed';
        case 'refused':
            return 'not started';
        case 'crashed':
            return 'crashed';
    }
}

function tokens(count: number): string {
    return count === 1 ? '1 token' : `${count} tokens`;
}

function speed(run: Run): string {
    return run.speed === undefined ? '' : `, ${run.speed.toFixed(1)}/s`;
}
