// The extension's beginning and end: it makes the parts, tells each what it has to
// know of the others, and registers the commands. What the language means is the
// server's matter; nothing here reads a script.

import * as vscode from 'vscode';

import { Connection } from './client';
import { Decorations } from './decorations';
import { LANGUAGE, Languages } from './language';
import { RunOutput } from './output';
import { type Run, Runs } from './runs';
import { Status } from './status';

/** What other extensions may ask, and the tests. */
export interface Api {
    /** The latest run of a document. */
    runOf(document: vscode.Uri): Run | undefined;
}

let connection: Connection | undefined;

export function activate(context: vscode.ExtensionContext): Api {
    const runs = new Runs();
    const status = new Status(runs);
    const output = new RunOutput(runs);
    const server = new Connection(context, {
        state: (state) => status.setServer(state),
        event: (event) => {
            const run = runs.take(event);
            if (run !== undefined) {
                output.take(run, event);
            }
        },
        gone: () => runs.abandon(),
    });
    connection = server;
    const command = (name: string, action: () => Promise<void> | void): vscode.Disposable =>
        vscode.commands.registerCommand(`tensorlogic.${name}`, action);
    context.subscriptions.push(
        runs,
        status,
        output,
        new Decorations(runs),
        server,
        new Languages(() => void server.start()),
        command('runMain', () => ofActiveScript(server, 'tensorlogic.run')),
        command('stopRun', () => ofActiveScript(server, 'tensorlogic.stop', runs)),
        command('showOutput', () => output.show()),
        command('restartServer', () => server.restart()),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration('tensorlogic.server.path')) {
                void server.restart();
            }
        }),
    );
    return { runOf: (document) => runs.of(document) };
}

export async function deactivate(): Promise<void> {
    await connection?.stop();
}

/**
 * Asks the server to run or stop `main` of the script in front of the user; without
 * one, of the script among `runs` that goes on.
 */
async function ofActiveScript(server: Connection, command: string, runs?: Runs): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const goesOn = [...(runs?.all() ?? [])].find((run) => run.ending === undefined);
    const uri = document?.languageId === LANGUAGE ? document.uri.toString() : goesOn?.uri;
    if (uri === undefined) {
        void vscode.window.showInformationMessage('TensorLogic: please open the script first');
        return;
    }
    if (await server.ready()) {
        await vscode.commands.executeCommand(command, { uri, target: 'main' });
    }
}
