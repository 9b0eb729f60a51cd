// What a person sees who opens the story script and clicks the lens.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { Editor } from '../harness/editor';
import { cache } from '../harness/folders';
import { type Process, processes } from '../harness/processes';
import { person } from './fixture';
import { type Text, lastText, lens, showStory, status } from './support';

suite('what a person sees', () => {
    let editor: Editor;
    let page: Page;

    suiteSetup(async () => {
        assert.ok(person.editor, 'no editor was started');
        ({ editor } = person);
        page = await showStory(editor);
    });

    teardown(async function () {
        if (this.currentTest?.isFailed() === true && !page.isClosed()) {
            await page.screenshot({ path: join(cache, 'vscode-tests/failed.png') });
        }
    });

    test('a lens above main, shapes behind names, and no mistakes', async () => {
        await lens(page, '▶ Run').waitFor();
        await page.locator('.view-line', { hasText: ': [n + t, 6, 32]' }).first().waitFor();
        assert.equal(await page.locator('.squiggly-error, .squiggly-warning').count(), 0);
        assert.equal(await page.locator('.notification-toast').count(), 0);
        await status(page).waitFor();
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
        await status(page, / in /).waitFor({ timeout: 40_000 });
        const { texts, lenses } = await seen(page);
        assert.ok(texts.length >= 4, `the text was seen in ${texts.length} states`);
        assert.deepEqual(lenses, ['▶ Run', '■ Stop']);
        assert.match(await status(page).innerText(), /\d+ tokens in \d+\.\d\d s, \d+\.\d\/s/);
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
        await newLineInLayer(page);
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

    test('the weights of a layer are offered, each with its type and shape', async () => {
        await newLineInLayer(page);
        await page.keyboard.type('let w = model.blk[i].');
        const offered = page.locator('.suggest-widget.visible .monaco-list-row');
        await offered.nth(8).waitFor();
        // What is drawn, and not what is there: the editor may hide what stands behind a name.
        const rows = await offered.evaluateAll((rows) =>
            rows.map((row) => (row as HTMLElement).innerText.split('\n').filter((part) => part.trim() !== '').join(' ')),
        );
        assert.deepEqual(rows.sort(), [
            'attn_k.weight F16 [64, 192]',
            'attn_norm.weight F32 [192]',
            'attn_output.weight F16 [192, 192]',
            'attn_q.weight F16 [192, 192]',
            'attn_v.weight F16 [64, 192]',
            'ffn_down.weight F16 [192, 512]',
            'ffn_gate.weight F16 [512, 192]',
            'ffn_norm.weight F32 [192]',
            'ffn_up.weight F16 [512, 192]',
        ]);
        await page.keyboard.press('Escape');
    });

    test('the click on the status shows the whole text', async () => {
        await status(page).click();
        const panel = page.locator('.part.panel .view-lines');
        await panel.filter({ hasText: 'Once' }).waitFor();
        await panel.filter({ hasText: '■' }).waitFor();
    });

    test('the next click on the lens stops the run', async () => {
        await page.keyboard.press('Control+p');
        await page.keyboard.type('endless.tl');
        await page.locator('.quick-input-list .monaco-list-row', { hasText: 'endless.tl' }).first().waitFor();
        await page.keyboard.press('Enter');
        await page.locator('.view-line', { hasText: 'while true' }).waitFor();
        await lens(page, '▶ Run').click();
        await page.locator('.view-line', { hasText: 'write(' }).waitFor();
        await lens(page, '■ Stop').click();
        await status(page, /stopped/).waitFor();
        assert.deepEqual(editor.runs(), []);
        await lens(page, '▶ Run').waitFor();
    });

    test('a window that is closed in the middle of a run leaves no process behind', async () => {
        await lens(page, '▶ Run').click();
        await lens(page, '■ Stop').waitFor();
        const [servers, runs] = [editor.servers(), editor.runs()];
        assert.deepEqual([servers.length, runs.length], [1, 1]);
        await page.context().close();
        const left = (): Process[] => processes().filter(({ id }) => [...servers, ...runs].some((one) => one.id === id));
        for (const end = Date.now() + 30_000; left().length > 0;) {
            assert.ok(Date.now() < end, `there still are ${JSON.stringify(left())}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    });
});

/** What the page has drawn since the watch began: texts behind lines, titles of lenses. */
function seen(page: Page): Promise<{ texts: string[]; lenses: string[] }> {
    return page.evaluate(() => {
        const { seen } = globalThis as unknown as { seen: { texts: Set<string>; lenses: Set<string> } };
        return { texts: [...seen.texts], lenses: [...seen.lenses] };
    });
}

/** An empty line in the loop over the layers, with the cursor in it. */
async function newLineInLayer(page: Page): Promise<void> {
    await page.locator('.view-line', { hasText: 'let layer = model.blk' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
}

async function drawn(page: Page): Promise<Text> {
    const text = await lastText(page);
    assert.ok(text, 'no text is drawn');
    return text;
}
