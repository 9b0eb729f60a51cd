// The text of a `.tl` file decides between TensorLogic and Teal. The cases are shared
// with the other editors, in tests/editors/filetypes.json; every script of the project
// is a case as well.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isTensorLogic } from '../../../../editors/vscode/src/content';
import { root } from '../harness/folders';

interface Case {
    name: string;
    language: 'tensorlogic' | 'teal';
    lines: string[];
}

suite('content', () => {
    const cases = JSON.parse(readFileSync(join(root, 'tests/editors/filetypes.json'), 'utf8')) as Case[];
    for (const { name, language, lines } of cases) {
        test(`${name} is ${language}`, () => check(lines.join('\n'), language));
    }

    example('a call of Teal among comments', 'teal', '-- words\n-- more words\nprint(x)\n');
    example('windows line ends', 'teal', 'local x = 1\r\nif x then\r\n  print(x)\r\nend\r\n');
    example('a rule', 'tensorlogic', 'Ancestor(X, Y) <- Parent(X, Y)');
    example('a negative number on a line of its own', 'tensorlogic', 'fn f() {\n    -1\n}');
    example('Teal after a comment that speaks of main', 'teal', '--[[\nmain {\nlet x = 1\n]]\nlocal record P\nend');
    example('a comment that is never closed', 'tensorlogic', '/* local x\nlocal y\nend');

    test('every script of the project is TensorLogic', () => {
        const scripts = ['examples', 'tests', 'tree-sitter-tensorlogic/test'].flatMap((folder) =>
            readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
                .filter((name) => name.endsWith('.tl') && !name.includes('node_modules'))
                .map((name) => join(root, folder, name)),
        );
        assert.ok(scripts.length > 30, `only ${scripts.length} scripts were found`);
        const foreign = scripts.filter((script) => !isTensorLogic(readFileSync(script, 'utf8')));
        assert.deepEqual(foreign, []);
    });
});

function example(name: string, language: Case['language'], text: string): void {
    test(`${name} is ${language}`, () => check(text, language));
}

function check(text: string, language: Case['language']): void {
    assert.equal(isTensorLogic(text) ? 'tensorlogic' : 'teal', language);
}
