// The processes of this machine, as the kernel lists them: the tests look whether a run
// has left one behind.

import { readFileSync, readdirSync } from 'node:fs';

export interface Process {
    id: number;
    parent: number;
    command: string;
}

/** Those that have not ended. */
export function processes(): Process[] {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((id) => {
        try {
            const status = readFileSync(`/proc/${id}/stat`, 'utf8');
            const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
            const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
            return state === 'Z' ? [] : [{ id: Number(id), parent: Number(parent), command }];
        } catch {
            // It has ended in the meantime.
            return [];
        }
    });
}

/** The language servers below a process, however far down. */
export function serversBelow(ancestor: number, all = processes()): Process[] {
    return all.filter(({ parent }) => parent === ancestor).flatMap((child) =>
        child.command.includes('tl-lsp') ? [child] : serversBelow(child.id, all),
    );
}

/** The processes that some others have started, such as servers their runs. */
export function startedBy(parents: Process[]): Process[] {
    return processes().filter(({ parent }) => parents.some(({ id }) => id === parent));
}
