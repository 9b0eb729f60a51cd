// What the server tells of a run: the notification `tensorlogic/event`. The shapes
// are those of the events that `tl run --events json` writes, with what the server
// adds for an editor. Nothing here decides what is shown.

import { NotificationType } from 'vscode-languageclient/node';
import type { Range } from 'vscode-languageclient/node';

export const eventNotification = new NotificationType<RunEvent>('tensorlogic/event');

/** One event, of the run `runId` of the document `uri`. */
export type RunEvent = { uri: string; runId: number } & (
    | { event: 'started'; path: string; device: string; seed: number }
    | ({ event: 'output' } & Output)
    | ({ event: 'errorOutput' } & Output)
    | { event: 'loading'; path: string; done: number; total: number }
    | { event: 'sampled'; id: number; count: number }
    | { event: 'notice'; text: string }
    | { event: 'problem'; problem: Problem }
    | { event: 'failed'; problem: Problem; calls: Call[] }
    | ({ event: 'finished' } & Finished)
);

/** Text that the script wrote, and the call that wrote it. */
export interface Output {
    text: string;
    path?: string;
    /** The call as the document is now; absent if that text is gone. */
    range?: Range;
    /** What stands behind the line of the call from now on. */
    shown?: string;
    /** The same for all outputs of one call in one run. */
    place?: number;
}

export interface Finished {
    ending: 'finished' | 'failed' | 'exited' | 'cancelled' | 'refused' | 'crashed' | 'stopped';
    code?: number;
    seconds?: number;
    tokens?: number;
    /** Why it crashed. */
    message?: string;
}

export interface Problem {
    path: string;
    range: Range;
    severity: 'error' | 'warning' | 'hint';
    code: string;
    message: string;
    related?: { path: string; range: Range; message: string }[];
    notes?: string[];
    helps?: string[];
}

export interface Call {
    function: string;
    arguments: string;
    path: string;
    range: Range;
}
