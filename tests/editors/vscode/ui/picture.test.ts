// With UPDATE_SCREENSHOT=1: the picture on the pages of the project and of the
// extension, while the story runs. The numbers in it are not measurements, since the
// story is slowed down for it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { extension } from '../harness/folders';
import { person } from './fixture';
import { lastText, lens, showStory } from './support';

const PICTURE = join(extension, 'images/run.png');

/** So much of the story is behind its line: a sentence that nothing cuts off. */
const LENGTH = 55;

/** Without what an editor has only in a browser, and in letters that are easy on the eye. */
const STYLE = `
    [id="status.host"], [id="status.forwardedPorts"], [id="status.workbench.keyboardLayout"] { display: none !important }
    .monaco-workbench { font-family: Inter !important }
`;

if (process.env['UPDATE_SCREENSHOT'] === '1') {
    test('the picture of a running story', async () => {
        const { editor } = person;
        assert.ok(editor, 'no editor was started');
        const page = await showStory(editor, 2);
        await lens(page, '▶ Run').waitFor();
        const clicked = lens(page, '▶ Run').click();
        let [run] = editor.runs();
        for (; run === undefined; [run] = editor.runs()) {
            await setTimeout(5);
        }
        const { id } = run;
        try {
            for (let length = 0; length < LENGTH; length = (await lastText(page))?.content.length ?? 0) {
                // A few tokens at a time: the page draws more slowly than they come.
                process.kill(id, 'SIGCONT');
                await setTimeout(30);
                process.kill(id, 'SIGSTOP');
                await setTimeout(120);
            }
            await clicked;
            await lens(page, '■ Stop').waitFor();
            await setTimeout(1000);
            await page.screenshot({ path: PICTURE, style: STYLE });
        } finally {
            process.kill(id, 'SIGCONT');
            await page.context().close();
        }
        const { status, stderr } = spawnSync('pngquant', ['--force', '--ext', '.png', PICTURE], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
    });
}
