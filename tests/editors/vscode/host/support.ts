// What the tests inside of the editor share: scripts of the workspace, waiting for what
// arrives by itself, and the processes that belong to this editor.

import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import type { Api } from '../../../../editors/vscode/src/extension';
import type { Run } from '../../../../editors/vscode/src/runs';
import { serversBelow, startedBy } from '../harness/processes';

/** Opens a script of the workspace and shows it. */
export async function open(name: string): Promise<vscode.TextDocument> {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, 'no folder is open');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
}

/** The extension, which has to be active before anything else is worth a look. */
export async function api(): Promise<Api> {
    const extension = vscode.extensions.getExtension<Api>('tensorlogic.tensorlogic');
    assert.ok(extension, 'the extension is not installed');
    return extension.activate();
}

/** The first answer that is neither empty nor false. */
export async function until<T>(what: string, ask: () => T | PromiseLike<T>, patience = 10_000): Promise<NonNullable<T>> {
    const end = Date.now() + patience;
    for (;;) {
        const answer = await ask();
        if (Array.isArray(answer) ? answer.length > 0 : answer) {
            return answer as NonNullable<T>;
        }
        if (Date.now() > end) {
            throw new Error(`waited ${patience / 1000} s for ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

/** Where a text stands in a document, `offset` characters into it. */
export function position(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
    const index = document.getText().indexOf(text);
    assert.ok(index >= 0, `\`${text}\` is not in the document`);
    return document.positionAt(index + offset);
}

export async function lens(document: vscode.TextDocument, title: string): Promise<vscode.Command> {
    return until(`the lens ${title}`, async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
        return lenses.map((lens) => lens.command).find((command) => command?.title === title);
    });
}

/** Clicks a lens. */
export async function click(document: vscode.TextDocument, title: string): Promise<void> {
    const { command, arguments: words = [] } = await lens(document, title);
    await vscode.commands.executeCommand(command, ...(words as unknown[]));
}

/** The run of a document that began after `before`. */
export async function newRun(document: vscode.TextDocument, before?: Run): Promise<Run> {
    const { runOf } = await api();
    return until('the run', () => {
        const run = runOf(document.uri);
        return run === before ? undefined : run;
    });
}

export function ending(run: Run, patience?: number) {
    return until('the end of the run', () => run.ending, patience);
}

/** The text behind the lines of a run. */
export function shown(run: Run): string {
    return [...run.places.values()].map(({ shown }) => shown).join('\n');
}

/** The process of this editor's language server. */
export function server(): number | undefined {
    return serversBelow(process.pid)[0]?.id;
}

/** The processes that the language server of this editor has started. */
export function workers(): number[] {
    const servers = serversBelow(process.pid);
    assert.equal(servers.length, 1, 'the server does not run, or more than one does');
    return startedBy(servers).map(({ id }) => id);
}
