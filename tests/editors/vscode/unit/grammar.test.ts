// The TextMate grammar colours as the tree-sitter grammar does. Both are asked about
// every word and sign of the project's scripts, and their answers are compared by
// class: keyword, string, type and so on.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as oniguruma from 'vscode-oniguruma';
import { INITIAL, Registry, parseRawGrammar, type IGrammar } from 'vscode-textmate';

import { extension, root } from '../harness/folders';

/** The class of a capture of the highlighting query, by the longest beginning. */
const CAPTURES: Record<string, string> = {
    comment: 'comment', string: 'string', number: 'number', boolean: 'boolean', keyword: 'keyword', type: 'type',
    function: 'function', operator: 'operator', punctuation: 'punctuation', error: 'error',
    // One class: which of them a name is depends on what it means.
    variable: 'name', property: 'name', constant: 'name', label: 'name', module: 'name',
    // `?` for any size, `_` for any value.
    'character.special': 'any',
};

/** The class of a scope of the TextMate grammar, by the longest beginning. */
const SCOPES: Record<string, string> = {
    comment: 'comment', string: 'string', 'constant.character.escape': 'string', 'constant.numeric': 'number',
    'constant.language.boolean': 'boolean', keyword: 'keyword', 'keyword.operator.wordlike': 'keyword',
    'keyword.operator': 'operator', 'keyword.operator.wildcard': 'any', 'storage.modifier': 'keyword',
    'entity.name.type': 'type', 'support.type': 'type', 'entity.name.function': 'function',
    'support.function': 'function', variable: 'name', 'entity.name.section': 'name', punctuation: 'punctuation',
    'invalid.illegal': 'error',
};

const SCRIPTS = [
    'tree-sitter-tensorlogic/test/sample.tl',
    'tree-sitter-tensorlogic/test/highlight/program.tl',
    ...scripts('examples'),
    ...scripts('tests/suite'),
];

suite('grammar', () => {
    let grammar: IGrammar;

    suiteSetup(async () => {
        const wasm = createRequire(join(root, 'tests/editors/vscode/')).resolve('vscode-oniguruma/release/onig.wasm');
        await oniguruma.loadWASM(readFileSync(wasm));
        const path = join(extension, 'syntaxes/tensorlogic.tmLanguage.json');
        const registry = new Registry({
            onigLib: Promise.resolve({
                createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
                createOnigString: (text) => new oniguruma.OnigString(text),
            }),
            loadGrammar: async () => parseRawGrammar(readFileSync(path, 'utf8'), path),
        });
        const loaded = await registry.loadGrammar('source.tensorlogic');
        assert.ok(loaded, 'the grammar could not be loaded');
        grammar = loaded;
    });

    const answers = captures(SCRIPTS);
    SCRIPTS.forEach((script, index) => {
        test(`${script} is coloured alike`, () => {
            const text = readFileSync(join(root, script), 'utf8');
            const differences = compare(text, classesByCapture(text, answers[index] ?? []), classesByScope(grammar, text));
            assert.deepEqual(differences, []);
        });
    });
});

type Capture = [start: number, end: number, name: string];

/** Asks the tree-sitter grammar and its query, which answer in bytes. */
function captures(scripts: string[]): Capture[][] {
    const arguments_ = ['run', '--quiet', '--release', '-p', 'tree-sitter-tensorlogic', '--example', 'captures', '--'];
    const output = execFileSync('cargo', [...arguments_, ...scripts], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
        env: { ...process.env, CARGO_TARGET_DIR: process.env['TL_TARGET'] },
    });
    return output.trimEnd().split('\n').map((line) => JSON.parse(line) as Capture[]);
}

/** For each character its class; what the query leaves alone has none. */
function classesByCapture(text: string, captures: Capture[]): (string | undefined)[] {
    const classes = new Array<string | undefined>(text.length);
    const character = characters(text);
    for (const [start, end, name] of captures) {
        classes.fill(classOf(CAPTURES, name), character[start], character[end]);
    }
    return classes;
}

function classesByScope(grammar: IGrammar, text: string): (string | undefined)[] {
    const classes = new Array<string | undefined>(text.length);
    let state = INITIAL;
    let start = 0;
    for (const line of text.split('\n')) {
        const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
        for (const token of tokens) {
            const scope = token.scopes.at(-1)?.replace(/\.tensorlogic$/, '') ?? '';
            classes.fill(classOf(SCOPES, scope), start + token.startIndex, start + Math.min(token.endIndex, line.length));
        }
        state = ruleStack;
        start += line.length + 1;
    }
    return classes;
}

function classOf(table: Record<string, string>, name: string): string | undefined {
    for (let beginning = name; beginning !== ''; beginning = beginning.slice(0, Math.max(beginning.lastIndexOf('.'), 0))) {
        if (beginning in table) {
            return table[beginning];
        }
    }
    return undefined;
}

/** Every word or sign about which the two disagree. */
function compare(text: string, expected: (string | undefined)[], found: (string | undefined)[]): string[] {
    const differences: string[] = [];
    for (const match of text.matchAll(/\w+|[^\s\w]/g)) {
        const [at, wanted, got] = [match.index, expected[match.index], found[match.index]];
        if (wanted !== undefined && wanted !== got && wanted !== 'any' && got !== 'any') {
            const before = text.slice(0, at).split('\n');
            const line = text.split('\n')[before.length - 1] ?? '';
            differences.push(`line ${before.length}: \`${match[0]}\` is ${wanted}, found ${got}: ${line.trim()}`);
        }
    }
    return differences;
}

/** For each byte of the text the character that it belongs to. */
function characters(text: string): number[] {
    const table: number[] = [];
    let index = 0;
    for (const character of text) {
        for (let byte = Buffer.byteLength(character); byte > 0; byte -= 1) {
            table.push(index);
        }
        index += character.length;
    }
    table.push(index);
    return table;
}

function scripts(folder: string): string[] {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.tl'))
        .map((name) => join(folder, name))
        .sort();
}
