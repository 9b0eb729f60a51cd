// Runs the tests: the parts alone and the person's view here, the others inside of the
// editor. One editor and one browser serve both. Prints mocha's reports and, last, how
// many tests passed and failed.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';

import Mocha from 'mocha';

import { Editor } from './harness/editor';
import { cache, extension } from './harness/folders';
import { type Counts, collect } from './harness/counts';
import { person } from './ui/fixture';

const built = join(cache, 'vscode-tests');
const HOST_TIME_MS = 150_000;

async function main(wanted: string[]): Promise<boolean> {
    const parts = wanted.length === 0 ? ['unit', 'host', 'ui'] : wanted;
    const started = Date.now();
    const counts: Counts[] = [];
    if (parts.includes('unit')) {
        counts.push(await run('unit/all.js', 10_000));
    }
    if (parts.includes('host') || parts.includes('ui')) {
        const results = join(built, 'results.json');
        const editor = await Editor.start(join(extension, 'dist/tensorlogic.vsix'), { TL_RESULTS: results });
        try {
            if (parts.includes('host')) {
                counts.push(await insideOf(editor, results));
            }
            if (parts.includes('ui')) {
                person.editor = editor;
                counts.push(await run('ui/all.js', 60_000));
            }
        } finally {
            await editor.stop();
        }
    }
    const sum = (count: (counts: Counts) => number): number => counts.reduce((sum, one) => sum + count(one), 0);
    const failed = sum((one) => one.failed);
    console.log(`after ${((Date.now() - started) / 1000).toFixed(0)} s`);
    console.log(`${sum((one) => one.passed)} passed, ${failed} failed`);
    return failed === 0;
}

/** The tests of a bundle in this process. */
function run(bundle: string, timeout: number): Promise<Counts> {
    const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', timeout });
    mocha.addFile(join(built, bundle));
    return collect(mocha);
}

/** The tests of the extension's folder, in the editor's own host of extensions. */
async function insideOf(editor: Editor, results: string): Promise<Counts> {
    rmSync(results, { force: true });
    let finish: (code: number | undefined) => void;
    const finished = new Promise<number | undefined>((resolve) => {
        finish = resolve;
        setTimeout(() => resolve(undefined), HOST_TIME_MS).unref();
    });
    const tests = join(built, 'host/index.js');
    const payload: [string, string][] = [
        ['extensionDevelopmentPath', editor.address(extension)],
        ['extensionTestsPath', editor.address(tests)],
    ];
    const page = await editor.open(payload, async (page) => {
        await page.exposeFunction('codeAutomationLog', (_: string, words: unknown[]) => report(format(...words)));
        await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
    });
    const code = await finished;
    await page.context().close();
    if (!existsSync(results)) {
        console.log(`the tests inside of the editor did not end, code ${code}:\n${editor.log()}`);
        return { passed: 0, failed: 1 };
    }
    return JSON.parse(readFileSync(results, 'utf8')) as Counts;
}

/** Lines of the tests; the workbench has much to say that is not about them. */
function report(text: string): void {
    if (process.env['TL_VERBOSE'] !== undefined || /^\s*$|^ {2,}\S/.test(text)) {
        console.log(text);
    }
}

main(process.argv.slice(2)).then(
    (passed) => process.exit(passed ? 0 : 1),
    (error: unknown) => {
        console.error(error);
        process.exit(1);
    },
);
