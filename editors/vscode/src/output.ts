// The channel `TensorLogic Run`: everything that runs print, whole, with the errors
// and the figures at their ends. Behind the lines of the script only a part is shown.

import * as vscode from 'vscode';

import type { Call, Problem, RunEvent } from './events';
import type { Run, Runs } from './runs';
import { summary } from './status';

export class RunOutput implements vscode.Disposable {
    private readonly channel = vscode.window.createOutputChannel('TensorLogic Run');
    /** Whether the last text ended inside of a line. */
    private isInLine = false;

    constructor(private readonly runs: Runs) {}

    dispose(): void {
        this.channel.dispose();
    }

    show(): void {
        this.channel.show(true);
    }

    take(run: Run, event: RunEvent): void {
        switch (event.event) {
            case 'started':
                this.begin(run, `${event.path} on ${event.device}, seed ${event.seed}`);
                break;
            case 'output':
            case 'errorOutput':
                this.write(event.text);
                break;
            case 'notice':
                this.line(`note: ${event.text}`);
                break;
            case 'problem':
                this.line(describe(event.problem));
                break;
            case 'failed':
                this.line([describe(event.problem), ...event.calls.map(describeCall)].join('\n'));
                break;
            case 'finished':
                this.line(`■ ${event.message ?? summary(run, event)}`);
                break;
            case 'loading':
            case 'sampled':
                break;
        }
    }

    /** Earlier output goes, unless another script still runs. */
    private begin(run: Run, title: string): void {
        const others = [...this.runs.all()].some((other) => other !== run && other.ending === undefined);
        if (!others) {
            this.channel.clear();
            this.isInLine = false;
        }
        this.line(`▶ ${title}`);
    }

    private write(text: string): void {
        if (text !== '') {
            this.channel.append(text);
            this.isInLine = !text.endsWith('\n');
        }
    }

    private line(text: string): void {
        this.write(`${this.isInLine ? '\n' : ''}${text}\n`);
    }
}

function describe(problem: Problem): string {
    const lines = [`${problem.severity}[${problem.code}]: ${problem.message}`, `  --> ${place(problem)}`];
    for (const related of problem.related ?? []) {
        lines.push(`  ${related.message}: ${place(related)}`);
    }
    lines.push(...(problem.notes ?? []).map((note) => `  note: ${note}`));
    lines.push(...(problem.helps ?? []).map((help) => `  help: ${help}`));
    return lines.join('\n');
}

function describeCall(call: Call): string {
    return `  in ${call.function}(${call.arguments}) at ${place(call)}`;
}

/** In a form that the output panel turns into a link. */
function place(at: { path: string; range: { start: { line: number; character: number } } }): string {
    return `${at.path}:${at.range.start.line + 1}:${at.range.start.character + 1}`;
}
