// What the tests of the person's view share: the page with the story, and where things
// are drawn in it.

import { join } from 'node:path';

import type { Page } from 'playwright-core';

import type { Editor } from '../harness/editor';

/** The middle of `main`, so that all of it is in the window. */
const MAIN = 44;

/** A page that shows the story script and nothing beside it. */
export async function showStory(editor: Editor, dots = 1): Promise<Page> {
    const script = `${editor.address(join(editor.workspace, 'chat.tl'))}:${MAIN}`;
    const page = await editor.open([['gotoLineMode', 'true'], ['openFile', script]], async () => {}, dots);
    page.setDefaultTimeout(15_000);
    await page.locator('.view-lines .view-line').first().waitFor({ timeout: 45_000 });
    // The side bar takes the room of the text; the key is not heard before the page is ready.
    const sideBar = page.locator('.part.sidebar');
    for (let attempt = 0; attempt < 20 && (await sideBar.isVisible()); attempt += 1) {
        await page.keyboard.press('Control+b');
        await page.waitForTimeout(500);
    }
    return page;
}

export function lens(page: Page, title: string) {
    return page.locator('.codelens-decoration a', { hasText: title }).first();
}

/** The item in the status bar; with a text, once it reads so. */
export function status(page: Page, text = /TensorLogic/) {
    return page.locator('#tensorlogic\\.tensorlogic\\.tensorlogic\\.status', { hasText: text });
}

/** A text behind a line: what it says, its middle and its colour. */
export interface Text {
    content: string;
    x: number;
    y: number;
    color: string;
}

/** The last of these texts, which is drawn behind an element without text. */
export function lastText(page: Page): Promise<Text | undefined> {
    return page.evaluate(() => {
        const isDrawn = (span: Element): boolean => getComputedStyle(span, '::after').content.includes('⇒');
        const span = [...document.querySelectorAll('.view-line span')].filter(isDrawn)
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).at(-1);
        if (span === undefined) {
            return undefined;
        }
        const box = span.getBoundingClientRect();
        const { content, color } = getComputedStyle(span, '::after');
        return { content, x: box.left + box.width / 2, y: box.top + box.height / 2, color };
    });
}
