// Where things lie: the project, the editors that were installed for the tests, the
// server under test. Every path of the tests comes from here.

import { join } from 'node:path';

/** The repository; `run.sh` says where it is, since the tests run bundled elsewhere. */
export const root = required('TL_ROOT');

/** What `tests/editors/install.sh` made, and a place for what the tests make. */
export const cache = join(root, '.cache/editors');

export const extension = join(root, 'editors/vscode');

/** The language server under test. */
export const server = join(required('TL_TARGET'), 'release/tl-lsp');

function required(variable: string): string {
    const value = process.env[variable];
    if (value === undefined || value === '') {
        throw new Error(`the variable ${variable} is not set; please start the tests with run.sh`);
    }
    return value;
}
