// What a person sees who opens the story script and clicks the lens. A picture is taken
// while the story runs; with UPDATE_SCREENSHOT=1 it is the one on the extension's page.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { cache, extension } from '../harness/folders';
import { person } from './fixture';

/** The middle of `main`, so that all of it is in the window. */
const MAIN = 44;

/** Where the picture of the running story goes. */
const PICTURES = process.env['UPDATE_SCREENSHOT'] === '1' ? join(extension, 'images') : join(cache, 'vscode-tests');

suite('what a person sees', () => {
    let page: Page;

    suiteSetup(async () => {
        const { editor } = person;
        assert.ok(editor, 'no editor was started');
        page = await editor.open([
            ['gotoLineMode', 'true'],
            ['openFile', `${editor.address(join(editor.workspace, 'chat.tl'))}:${MAIN}`],
        ]);
        page.setDefaultTimeout(15_000);
        await page.locator('.view-lines .view-line').first().waitFor({ timeout: 45_000 });
        // The side bar takes the room of the text; the key is not heard before the page is ready.
        const sideBar = page.locator('.part.sidebar');
        for (let attempt = 0; attempt < 20 && (await sideBar.isVisible()); attempt += 1) {
            await page.keyboard.press('Control+b');
            await page.waitForTimeout(500);
        }
    });

    teardown(async function () {
        if (this.currentTest?.isFailed() === true) {
            await page.screenshot({ path: join(cache, 'vscode-tests/failed.png') });
        }
    });

    test('a lens above main, shapes behind names, and no mistakes', async () => {
        await lens(page, '▶ Run').waitFor();
        await page.locator('.view-line', { hasText: ': [n, 6, 32]' }).first().waitFor();
        assert.equal(await page.locator('.squiggly-error, .squiggly-warning').count(), 0);
        await page.locator('#tensorlogic\\.tensorlogic\\.tensorlogic\\.status', { hasText: 'TensorLogic' }).waitFor();
    });

    test('a click on the lens: the text grows behind its line, the lens stops, the status counts', async () => {
        await lens(page, '▶ Run').click();
        const steps: string[] = [];
        let stop = false;
        let status = '';
        for (const end = Date.now() + 40_000; !status.includes(' in ');) {
            assert.ok(Date.now() < end, `the story does not end: ${status}, ${steps.at(-1)}`);
            const texts = await textsBehindLines(page);
            const last = texts.join('\n');
            if (last !== '' && last !== steps.at(-1)) {
                steps.push(last);
            }
            if (!stop && last.length > 90) {
                stop = (await lens(page, '■ Stop').count()) > 0;
                await page.screenshot({ path: join(PICTURES, 'run.png') });
            }
            status = (await page.locator('.statusbar-item', { hasText: 'TensorLogic' }).first().textContent()) ?? '';
        }
        assert.ok(steps.length >= 3, `the text was seen in ${steps.length} states`);
        assert.ok(stop, 'the lens never read ■ Stop');
        assert.match(status, /\d+ tokens in \d+\.\d\d s, \d+\.\d\/s/);
        await lens(page, '▶ Run').waitFor();
    });

    test('the pointer on the text shows all of it', async () => {
        const { x, y } = await middleOfText(page);
        await page.mouse.move(x, y, { steps: 4 });
        await page.locator('.monaco-hover', { hasText: 'there was a little' }).first().waitFor();
        await page.keyboard.press('Escape');
    });

    test('the click on the status shows the whole text', async () => {
        await page.locator('.statusbar-item', { hasText: 'TensorLogic' }).first().click();
        const panel = page.locator('.part.panel .view-lines');
        await panel.filter({ hasText: 'Once' }).waitFor();
        await panel.filter({ hasText: '■' }).waitFor();
    });
});

function lens(page: Page, title: string) {
    return page.locator('.codelens-decoration a', { hasText: title }).first();
}

/** The texts that decorations draw; they are no part of the page's own text. */
function textsBehindLines(page: Page): Promise<string[]> {
    return page.evaluate(() =>
        [...document.querySelectorAll('.view-line span')]
            .map((span) => getComputedStyle(span, '::after').content)
            .filter((content) => content.includes('⇒')),
    );
}

/** The middle of the last of these texts, which is drawn behind an element that has no text. */
async function middleOfText(page: Page): Promise<{ x: number; y: number }> {
    const middle = await page.evaluate(() => {
        const isDrawn = (span: Element): boolean => getComputedStyle(span, '::after').content.includes('⇒');
        const span = [...document.querySelectorAll('.view-line span')].filter(isDrawn).at(-1);
        const box = span?.getBoundingClientRect();
        return box && { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    });
    assert.ok(middle, 'no text is drawn');
    return middle;
}
