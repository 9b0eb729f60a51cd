// The connection to the language server: started when the first script is opened,
// restarted on request or when a setting moves the executable. Everything that the
// protocol knows passes through the library; runs are told on.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, ExecuteCommandRequest, LanguageClient, State } from 'vscode-languageclient/node';

import { eventNotification, type RunEvent } from './events';
import { LANGUAGE } from './language';
import { findServer } from './server';
import type { ServerState } from './status';

/** Who is told what happens to the server. */
export interface Listener {
    state(state: ServerState): void;
    event(event: RunEvent): void;
    /** The server is gone; a new one may follow. */
    gone(): void;
}

export class Connection implements vscode.Disposable {
    private readonly log = vscode.window.createOutputChannel('TensorLogic', { log: true });
    private client: LanguageClient | undefined;
    private starting: Promise<void> | undefined;

    constructor(
        private readonly extension: vscode.ExtensionContext,
        private readonly listener: Listener,
    ) {}

    dispose(): void {
        void this.stop();
        this.log.dispose();
    }

    /** Starts the server unless that was tried; settled once it runs, or once the user was told why not. */
    start(): Promise<void> {
        this.starting ??= this.connect().catch((error: unknown) => this.fail(error));
        return this.starting;
    }

    /** Whether the server runs, after another attempt if it does not. */
    async ready(): Promise<boolean> {
        await this.starting;
        if (!this.isRunning) {
            await this.restart();
        }
        return this.isRunning;
    }

    private get isRunning(): boolean {
        return this.client?.isRunning() ?? false;
    }

    async restart(): Promise<void> {
        await this.starting;
        await this.stop();
        await this.start();
    }

    async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        this.starting = undefined;
        if (client !== undefined) {
            this.listener.gone();
            // One that does not stop in time is ended by the library.
            await client.dispose().catch((error: unknown) => this.log.warn(String(error)));
        }
    }

    private async connect(): Promise<void> {
        this.listener.state({ kind: 'starting' });
        const settings = vscode.workspace.getConfiguration(LANGUAGE);
        const server = await findServer({
            configured: settings.get('server.path', '').trim(),
            workspace: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
            extension: this.extension.extensionPath,
            path: process.env['PATH'] ?? '',
        });
        this.log.info(`server ${server.version}, ${server.path}`);
        const client = new LanguageClient(
            LANGUAGE,
            'TensorLogic',
            { command: server.path, args: [] },
            {
                documentSelector: [{ language: LANGUAGE }],
                outputChannel: this.log,
                initializationOptions: settings,
                synchronize: {
                    configurationSection: LANGUAGE,
                    fileEvents: vscode.workspace.createFileSystemWatcher('**/{*.tl,*.gguf,tokenizer.json,tl.toml}'),
                },
                errorHandler: new Patience(this.listener),
                // What failed at the start is told once, by `fail`.
                initializationFailedHandler: () => false,
                middleware: { executeCommand: (command, args) => this.execute(client, command, args) },
            },
        );
        client.onNotification(eventNotification, (event) => this.listener.event(event));
        client.onDidChangeState(({ newState }) => {
            if (newState === State.Running) {
                this.listener.state({ kind: 'running' });
            }
        });
        this.client = client;
        await client.start();
    }

    /** A refused command is told in the server's own words, without the protocol's. */
    private async execute(client: LanguageClient, command: string, args: unknown[]): Promise<unknown> {
        try {
            return await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
        } catch (error) {
            this.log.error(`${command}: ${message(error)}`);
            void vscode.window.showErrorMessage(`TensorLogic: ${message(error)}`);
            return undefined;
        }
    }

    private async fail(error: unknown): Promise<void> {
        const reason = message(error);
        this.log.error(reason);
        this.listener.state({ kind: 'failed', reason });
        void this.offer(reason);
    }

    private async offer(reason: string): Promise<void> {
        const [settings, again, log] = ['Open Settings', 'Try Again', 'Show Log'] as const;
        const choice = await vscode.window.showErrorMessage(`TensorLogic: ${reason}`, settings, again, log);
        if (choice === settings) {
            await vscode.commands.executeCommand('workbench.action.openSettings', 'tensorlogic.server.path');
        } else if (choice === again) {
            await this.restart();
        } else if (choice === log) {
            this.log.show();
        }
    }
}

/** Starts a server that ended again, but not one that ends again and again. */
class Patience {
    private readonly ends: number[] = [];

    constructor(private readonly listener: Listener) {}

    error() {
        return { action: ErrorAction.Continue, handled: true };
    }

    closed() {
        this.listener.gone();
        const now = Date.now();
        this.ends.push(now);
        const recent = this.ends.filter((end) => now - end < WINDOW_MS).length;
        if (recent < MOST_ENDS) {
            return { action: CloseAction.Restart, handled: true };
        }
        const reason = `the language server ended ${recent} times within ${WINDOW_MS / 60_000} minutes`;
        this.listener.state({ kind: 'failed', reason });
        return { action: CloseAction.DoNotRestart, message: `${reason}; its last words are in the log \`TensorLogic\`` };
    }
}

const MOST_ENDS = 5;
const WINDOW_MS = 180_000;

function message(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
