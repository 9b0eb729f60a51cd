// Finds the executable of the language server: the one that the settings name, else
// the one that came with the extension, else the one on the PATH. Each is asked for
// its version before it is used. Nothing is downloaded and nothing is built here.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

/** A server that answered. */
export interface Server {
    path: string;
    /** What it said of itself, such as `tl 0.1.0`. */
    version: string;
}

/** Where to look. */
export interface Places {
    /** The setting `tensorlogic.server.path`; empty if there is none. */
    configured: string;
    /** The folder that a relative path in the setting begins at. */
    workspace: string | undefined;
    /** The folder of the extension. */
    extension: string;
    /** The variable PATH. */
    path: string;
}

/** The server to start, or an error whose message says what to do. */
export async function findServer(places: Places): Promise<Server> {
    if (places.configured !== '') {
        const path = expand(places.configured, places.workspace);
        if (!existsSync(path)) {
            throw new Error(`the setting \`tensorlogic.server.path\` names \`${path}\`, and there is no such file`);
        }
        return ask(path);
    }
    const bundled = join(places.extension, 'bin', EXECUTABLE);
    const folders = places.path.split(delimiter).filter((folder) => folder !== '');
    const found = [bundled, ...folders.map((folder) => join(folder, EXECUTABLE))].find((path) => existsSync(path));
    if (found === undefined) {
        throw new Error(
            `the language server \`${EXECUTABLE}\` is neither in the extension nor on the PATH; ` +
                'build it with `cargo build --release` and name it in the setting `tensorlogic.server.path`',
        );
    }
    return ask(found);
}

const EXECUTABLE = process.platform === 'win32' ? 'tl-lsp.exe' : 'tl-lsp';

/** An executable that does not answer in this time will not serve either. */
const PATIENCE_MS = 10_000;

function expand(path: string, workspace: string | undefined): string {
    const full = path.replace(/^~(?=\/|\\|$)/, homedir()).replace('${workspaceFolder}', workspace ?? '');
    return isAbsolute(full) || workspace === undefined ? full : join(workspace, full);
}

function ask(path: string): Promise<Server> {
    return new Promise((resolve, reject) => {
        execFile(path, ['--version'], { timeout: PATIENCE_MS }, (error, output) => {
            const version = output.trim().split('\n', 1)[0] ?? '';
            if (error !== null) {
                reject(new Error(`\`${path}\` does not answer the question for its version: ${reason(error)}`));
            } else if (!/^(tl|tl-lsp|tensorlogic)\b/.test(version)) {
                reject(new Error(`\`${path}\` is not the server of TensorLogic: it says \`${version}\``));
            } else {
                resolve({ path, version });
            }
        });
    });
}

function reason(error: Error & { code?: unknown; killed?: boolean | undefined }): string {
    if (error.killed === true) {
        return `no answer within ${PATIENCE_MS / 1000} seconds`;
    }
    return typeof error.code === 'number' ? `it ended with code ${error.code}` : error.message;
}
