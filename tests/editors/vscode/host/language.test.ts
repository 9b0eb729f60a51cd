// What the extension and its server say of a script that does not run: its language,
// its mistakes, its names and shapes.

import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { api, open, position, until } from './support';

suite('language', () => {
    suiteSetup(() => api());

    test('a script of TensorLogic is TensorLogic', async () => {
        assert.equal((await open('chat.tl')).languageId, 'tensorlogic');
    });

    test('a file of Teal is left to the closest language there is', async () => {
        const document = await open('teal.tl');
        const known = await vscode.languages.getLanguages();
        const expected = ['teal', 'lua'].find((language) => known.includes(language)) ?? 'plaintext';
        await until(`the language ${expected}`, () => document.languageId === expected || language('teal.tl') === expected);
    });

    test('an association in the settings wins over the text', async () => {
        const files = vscode.workspace.getConfiguration('files');
        await files.update('associations', { 'kept.tl': 'tensorlogic' }, vscode.ConfigurationTarget.Workspace);
        try {
            const document = await open('kept.tl');
            // The judgement comes right after the opening; that nothing follows takes a moment to see.
            await new Promise((resolve) => setTimeout(resolve, 300));
            assert.equal(document.languageId, 'tensorlogic');
        } finally {
            await files.update('associations', undefined, vscode.ConfigurationTarget.Workspace);
        }
    });

    test('the example has neither errors nor warnings', async () => {
        const document = await open('chat.tl');
        await until('an inlay hint', () => hints(document));
        const serious = vscode.languages.getDiagnostics(document.uri)
            .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
        assert.deepEqual(serious.map(({ message }) => message), []);
    });

    test('mistakes are marked where they are', async () => {
        const document = await open('broken.tl');
        const found = await until('two diagnostics', () => {
            const all = vscode.languages.getDiagnostics(document.uri);
            return all.length >= 2 ? all : undefined;
        });
        const of = (code: string): vscode.Diagnostic => {
            const one = found.find((diagnostic) => codeOf(diagnostic) === code);
            assert.ok(one, `no ${code} among ${found.map(codeOf)}`);
            return one;
        };
        assert.equal(of('unknown-name').range.start.line, 3);
        assert.equal(document.getText(of('unknown-name').range), 'nothing');
        assert.equal(of('shape-mismatch').range.start.line, 2);
        assert.match(of('shape-mismatch').message, /\[2, 3\]/);
    });

    test('a string without an end is the only mistake, and what stands before it is known', async () => {
        const document = await open('unterminated.tl');
        const found = await until('a diagnostic', () => vscode.languages.getDiagnostics(document.uri));
        assert.deepEqual(found.map(codeOf), ['syntax-error']);
        assert.equal(found[0]?.range.start.line, 2);
        assert.match(await hover(document, position(document, 'let x', 4)), /\[2, 3\]/);
    });

    test('an edit that mends a script clears its mistakes', async () => {
        const document = await open('broken.tl');
        const whole = new vscode.Range(0, 0, document.lineCount, 0);
        const edit = new vscode.WorkspaceEdit();
        edit.replace(document.uri, whole, 'main {\n    print(1)\n}\n');
        await vscode.workspace.applyEdit(edit);
        await until('no diagnostics', () => vscode.languages.getDiagnostics(document.uri).length === 0);
        await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    test('the weights of a layer are offered with type and shape', async () => {
        const document = await open('layer.tl');
        const at = position(document, '.blk[layer].', '.blk[layer].'.length);
        const items = await until('nine weights', async () => {
            const list = await vscode.commands.executeCommand<vscode.CompletionList>(
                'vscode.executeCompletionItemProvider', document.uri, at, '.',
            );
            const described = list.items.filter(({ detail }) => detail !== undefined);
            return described.length >= 9 ? described : undefined;
        });
        const weights = items.map((item) => {
            const label = typeof item.label === 'string' ? item.label : item.label.label;
            return `${label} ${item.detail}`;
        }).sort();
        assert.deepEqual(weights, [
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
    });

    test('a builtin explains itself', async () => {
        const document = await open('chat.tl');
        const text = await hover(document, position(document, 'rms_norm(', 3));
        assert.match(text, /rms_norm\(/);
    });

    test('shapes stand behind the names of tensors', async () => {
        const document = await open('chat.tl');
        const found = await until('inlay hints', () => hints(document));
        const behind = (text: string): string | undefined => {
            const at = position(document, text, text.length);
            const hint = found.find(({ position }) => position.isEqual(at));
            return hint && (typeof hint.label === 'string' ? hint.label : hint.label.map(({ value }) => value).join(''));
        };
        // The prompt has n tokens, and by the time of a step t more were sampled.
        assert.equal(behind('let normed'), ': [n + t, 192]');
        assert.equal(behind('let q'), ': [n + t, 6, 32]');
        assert.equal(behind('let logits'), ': [1, 1024]');
    });
});

function hints(document: vscode.TextDocument) {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    return vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
}

async function hover(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
    const hovers = await until('a hover', () =>
        vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at),
    );
    return hovers.flatMap(({ contents }) => contents).map((part) => (typeof part === 'string' ? part : part.value)).join('\n');
}

function codeOf({ code }: vscode.Diagnostic): string {
    return String(typeof code === 'object' ? code.value : code);
}

/** The language of the document as it is known now: a change of language opens it anew. */
function language(name: string): string | undefined {
    return vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${name}`))?.languageId;
}
