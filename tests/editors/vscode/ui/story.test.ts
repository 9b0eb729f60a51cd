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
        await page.evaluate(() => {
            // Watched from inside of the page: a test looks too seldom to see text grow.
            const seen = { texts: new Set<string>(), lenses: new Set<string>() };
            Object.assign(globalThis, { seen });
            setInterval(() => {
                const texts = [...document.querySelectorAll('.view-line span')]
                    .map((span) => getComputedStyle(span, '::after').content)
                    .filter((content) => content.includes('⇒'));
                seen.texts.add(texts.join(' '));
                document.querySelectorAll('.codelens-decoration a').forEach((lens) => seen.lenses.add(lens.textContent));
            }, 30);
        });
        await lens(page, '▶ Run').click();
        let picture = false;
        let status = '';
        for (const end = Date.now() + 40_000; !status.includes(' in ');) {
            assert.ok(Date.now() < end, `the story does not end: ${status}`);
            if (!picture && (await seen(page)).texts.some((text) => text.length > 110)) {
                picture = true;
                await page.screenshot({ path: join(PICTURES, 'run.png') });
            }
            status = (await page.locator('.statusbar-item', { hasText: 'TensorLogic' }).first().textContent()) ?? '';
        }
        const { texts, lenses } = await seen(page);
        assert.ok(texts.length >= 4, `the text was seen in ${texts.length} states`);
        assert.deepEqual(lenses, ['▶ Run', '■ Stop']);
        assert.match(status, /\d+ tokens in \d+\.\d\d s, \d+\.\d\/s/);
        await lens(page, '▶ Run').waitFor();
    });

    test('the pointer on the text shows all of it', async () => {
        const { x, y } = await drawn(page);
        await page.mouse.move(x, y, { steps: 4 });
        await page.locator('.monaco-hover', { hasText: 'there was a little' }).first().waitFor();
        await page.keyboard.press('Escape');
    });

    test('an edit dims the texts, and they move with their lines', async () => {
        const { y, color } = await drawn(page);
        await page.locator('.view-line', { hasText: 'let layer = model.blk' }).first().click();
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        for (const end = Date.now() + 10_000; ;) {
            const now = await lastText(page);
            if (now !== undefined && now.color !== color && now.y > y) {
                break;
            }
            assert.ok(Date.now() < end, `the text is still at ${now?.y} in ${now?.color}`);
            await page.waitForTimeout(50);
        }
        await page.keyboard.press('Control+z');
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

/** What the page has drawn since the watch began: texts behind lines, titles of lenses. */
function seen(page: Page): Promise<{ texts: string[]; lenses: string[] }> {
    return page.evaluate(() => {
        const { seen } = globalThis as unknown as { seen: { texts: Set<string>; lenses: Set<string> } };
        return { texts: [...seen.texts], lenses: [...seen.lenses] };
    });
}

/** The middle and the colour of the last of these texts, which is drawn behind an element without text. */
function lastText(page: Page): Promise<Text | undefined> {
    return page.evaluate(() => {
        const isDrawn = (span: Element): boolean => getComputedStyle(span, '::after').content.includes('⇒');
        const span = [...document.querySelectorAll('.view-line span')].filter(isDrawn)
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).at(-1);
        if (span === undefined) {
            return undefined;
        }
        const box = span.getBoundingClientRect();
        const { color } = getComputedStyle(span, '::after');
        return { x: box.left + box.width / 2, y: box.top + box.height / 2, color };
    });
}

async function drawn(page: Page): Promise<Text> {
    const text = await lastText(page);
    assert.ok(text, 'no text is drawn');
    return text;
}

interface Text {
    x: number;
    y: number;
    color: string;
}
