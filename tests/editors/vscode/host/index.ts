// What the editor calls inside of its host of extensions. The counts go to a file,
// since the page that started the tests sees only whether all of them passed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Mocha from 'mocha';

import { collect } from '../harness/counts';

/** Resolves if every test passes. */
export async function run(): Promise<void> {
    const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', timeout: 30_000, color: false });
    mocha.addFile(join(__dirname, 'all.js'));
    const counts = await collect(mocha);
    writeFileSync(process.env['TL_RESULTS'] ?? 'results.json', JSON.stringify(counts));
    if (counts.failed > 0) {
        throw new Error(`${counts.failed} tests failed`);
    }
}
