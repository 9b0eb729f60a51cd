// Runs from the editor: tokens while they come, Stop, failures, a process that is
// killed, and edits in the middle of it all.

import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { processes } from '../harness/processes';
import { api, click, ending, lens, newRun, open, server, shown, until, workers } from './support';

suite('runs', () => {
    suiteSetup(() => api());

    test('the lens runs the story, and its tokens arrive while it runs', async () => {
        const document = await open('chat.tl');
        await click(document, '▶ Run');
        const run = await newRun(document);
        const steps = new Set<string>();
        await until('the end of the story', () => {
            if (run.ending === undefined && shown(run) !== '') {
                steps.add(shown(run));
            }
            return run.ending !== undefined;
        }, 25_000);
        assert.equal(run.ending?.ending, 'finished');
        assert.ok(steps.size >= 3, `the text was seen in ${steps.size} states before the end`);
        assert.ok(run.tokens > 20, `${run.tokens} tokens were counted`);
        assert.ok((run.speed ?? 0) > 0, 'there is no speed');
        assert.match(text(run), /Once upon a time/);
        await lens(document, '▶ Run');
    });

    test('the same script on an unsaved change runs as it stands', async () => {
        const document = await open('quick.tl');
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, new vscode.Position(1, 11), 'changed ');
        await vscode.workspace.applyEdit(edit);
        await vscode.commands.executeCommand('tensorlogic.runMain');
        const run = await newRun(document);
        assert.equal((await ending(run)).ending, 'finished');
        assert.match(text(run), /changed one line/);
        const lines = [...run.places.values()].map(({ range }) => range.end.line);
        assert.deepEqual(lines.sort(), [1, 2]);
        await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    test('the lens becomes Stop; it ends the run and leaves no process', async () => {
        const document = await open('endless.tl');
        await click(document, '▶ Run');
        const run = await newRun(document);
        await until('its first output', () => shown(run));
        assert.equal(workers().length, 1);
        const asked = Date.now();
        await click(document, '■ Stop');
        assert.equal((await ending(run)).ending, 'stopped');
        assert.ok(Date.now() - asked < 2000, `stopping took ${Date.now() - asked} ms`);
        await until('no process', () => workers().length === 0);
        await lens(document, '▶ Run');
    });

    test('a second start ends the first run', async () => {
        const document = await open('endless.tl');
        const earlier = (await api()).runOf(document.uri);
        await vscode.commands.executeCommand('tensorlogic.runMain');
        const first = await newRun(document, earlier);
        await until('its first output', () => shown(first));
        await vscode.commands.executeCommand('tensorlogic.runMain');
        const second = await newRun(document, first);
        await until('output of the second', () => shown(second));
        assert.equal(workers().length, 1);
        await vscode.commands.executeCommand('tensorlogic.stopRun');
        await ending(second);
        await until('no process', () => workers().length === 0);
    });

    test('a model that is missing is named', () =>
        failure('missing.tl', 'failed', /^no model is found at `models\/missing\.gguf`/));

    test('a weight file that was cut off is named', () =>
        failure('truncated.tl', 'failed', /truncated\.gguf`: the file ends inside the metadata/));

    test('a string without an end keeps a script from its start', () =>
        failure('unterminated.tl', 'refused', /^this string is not closed/));

    test('a process that is killed is told, and the server answers on', async () => {
        const document = await open('killed.tl');
        await click(document, '▶ Run');
        const run = await newRun(document);
        await until('its first output', () => shown(run));
        const [worker] = workers();
        assert.ok(worker !== undefined);
        process.kill(worker, 'SIGKILL');
        const { ending: how, message } = await ending(run);
        assert.equal(how, 'crashed');
        assert.match(message ?? '', /signal 9/);
        assert.deepEqual(workers(), []);
        await lens(document, '▶ Run');
    });

    test('two hundred edits during a run disturb neither it nor the places of its texts', async () => {
        const document = await open('edited.tl');
        await click(document, '▶ Run');
        const run = await newRun(document);
        await until('its first output', () => shown(run));
        const editor = vscode.window.activeTextEditor;
        assert.ok(editor?.document === document);
        editor.selection = new vscode.Selection(1, 0, 1, 0);
        const keys = Array.from({ length: 200 }, (_, count) => (count % 2 === 0 ? 't' : '\n'));
        // As fast as they can be typed: none waits for the one before.
        await Promise.all(keys.map((text) => vscode.commands.executeCommand('default:type', { text })));
        const written = document.getText().split('\n').findIndex((line) => line.includes('write('));
        assert.equal(written, 105);
        const before = shown(run);
        await until('more output', () => shown(run) !== before);
        assert.equal(run.ending, undefined);
        assert.deepEqual([...run.places.values()].map(({ range }) => range.end.line), [written]);
        await vscode.commands.executeCommand('tensorlogic.stopRun');
        await ending(run);
        await until('no process', () => workers().length === 0);
        await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    test('a server that is killed is started again, and its run is told as ended', async () => {
        const document = await open('killed.tl');
        const earlier = (await api()).runOf(document.uri);
        await click(document, '▶ Run');
        const run = await newRun(document, earlier);
        await until('its first output', () => shown(run));
        const killed = server();
        const [worker] = workers();
        assert.ok(killed !== undefined && worker !== undefined);
        process.kill(killed, 'SIGKILL');
        assert.equal((await ending(run)).ending, 'crashed');
        await until('a new server', () => ![undefined, killed].includes(server()));
        await lens(document, '▶ Run');
        await until('the end of the process without an owner', () => processes().every(({ id }) => id !== worker));
    });

    test('the server is restarted on request', async () => {
        const document = await open('quick.tl');
        const before = server();
        await vscode.commands.executeCommand('tensorlogic.restartServer');
        assert.ok(![undefined, before].includes(server()));
        const earlier = (await api()).runOf(document.uri);
        await click(document, '▶ Run');
        const run = await newRun(document, earlier);
        assert.equal((await ending(run)).ending, 'finished');
    });
});

/** Runs a script that cannot end well; the message has to stand in the script as well. */
async function failure(script: string, expected: string, message: RegExp): Promise<void> {
    const document = await open(script);
    await click(document, '▶ Run');
    const run = await newRun(document);
    assert.equal((await ending(run)).ending, expected);
    await until(`a diagnostic like ${message}`, () =>
        vscode.languages.getDiagnostics(document.uri).some((diagnostic) =>
            diagnostic.severity === vscode.DiagnosticSeverity.Error && message.test(diagnostic.message),
        ),
    );
    await until('no process', () => workers().length === 0);
    await lens(document, '▶ Run');
}

function text(run: { places: Map<number, { text: string }> }): string {
    return [...run.places.values()].map((place) => place.text).join('');
}
