// Where the server is looked for, and what is said when there is none. The servers of
// these tests are small shell scripts.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { findServer } from '../../../../editors/vscode/src/server';

suite('server', () => {
    let folder: string;

    setup(() => {
        folder = mkdtempSync(join(tmpdir(), 'tl-server-'));
    });
    teardown(() => rmSync(folder, { recursive: true }));

    test('the setting wins over the extension and the PATH', async () => {
        executable('set/server', 'echo tl-lsp 3');
        executable('extension/bin/tl-lsp', 'echo tl-lsp 2');
        executable('path/tl-lsp', 'echo tl-lsp 1');
        assert.deepEqual(await find(join(folder, 'set/server')), { path: join(folder, 'set/server'), version: 'tl-lsp 3' });
        assert.equal((await find('')).version, 'tl-lsp 2');
    });

    test('a relative setting begins at the workspace', async () => {
        executable('workspace/target/tl-lsp', 'echo tl-lsp 1');
        const path = join(folder, 'workspace/target/tl-lsp');
        assert.equal((await find('target/tl-lsp')).path, path);
        assert.equal((await find('${workspaceFolder}/target/tl-lsp')).path, path);
    });

    test('the PATH is searched last', async () => {
        executable('path/tl-lsp', 'echo tl-lsp 1');
        assert.equal((await find('')).path, join(folder, 'path/tl-lsp'));
    });

    test('without a server the message says where to get one', async () => {
        await assert.rejects(find(''), /`tl-lsp` is neither in the extension nor on the PATH; build it with `cargo/);
    });

    test('a setting that leads nowhere is named', async () => {
        await assert.rejects(find('/no/server'), /`tensorlogic.server.path` names `\/no\/server`, and there is no such file/);
    });

    test('another program is not taken for the server', async () => {
        executable('path/tl-lsp', 'echo teal 0.24');
        await assert.rejects(find(''), /is not the server of TensorLogic: it says `teal 0.24`/);
    });

    test('a program that fails is not taken for the server', async () => {
        executable('path/tl-lsp', 'exit 3');
        await assert.rejects(find(''), /does not answer the question for its version: it ended with code 3/);
    });

    function executable(path: string, body: string): void {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }

    function find(configured: string) {
        return findServer({
            configured,
            workspace: join(folder, 'workspace'),
            extension: join(folder, 'extension'),
            path: `/nowhere:${join(folder, 'path')}`,
        });
    }
});
