// A VS Code of its own: code-server with its own settings, extensions and home, on a
// free port, and Chromium without a screen before it. Only this machine is spoken to,
// and the editor of the person who runs the tests is never touched.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type Browser, type Page, chromium } from 'playwright-core';

import { cache, server } from './folders';
import { type Process, serversBelow, startedBy } from './processes';
import { fill } from './workspace';

/** What a page is to do at its start, as the workbench reads it from its address. */
export type Payload = [key: string, value: string][];

export class Editor {
    readonly workspace: string;
    private browser: Browser | undefined;

    private constructor(
        private readonly folder: string,
        private readonly port: number,
        private readonly process: ChildProcess,
    ) {
        this.workspace = workspaceOf(folder);
    }

    /** Starts the editor with a packaged extension installed. */
    static async start(vsix: string, environment: Record<string, string>): Promise<Editor> {
        const folder = mkdtempSync(join(tmpdir(), 'tl-vscode-'));
        for (const scope of ['User', 'Machine']) {
            // Settings that name executables count where the extension runs: on the machine.
            mkdirSync(join(folder, 'data', scope), { recursive: true });
            writeFileSync(join(folder, 'data', scope, 'settings.json'), JSON.stringify(SETTINGS));
        }
        mkdirSync(join(folder, 'home'));
        writeFileSync(join(folder, 'config.yaml'), 'auth: none\n');
        fill(workspaceOf(folder));
        const node = join(cache, 'node/bin/node');
        const options = {
            env: {
                PATH: `${join(cache, 'node/bin')}:/usr/bin:/bin`,
                HOME: join(folder, 'home'),
                LANG: 'C.UTF-8',
                // No marketplace is asked for anything.
                EXTENSIONS_GALLERY: '{}',
                ...environment,
            },
        };
        const base = [
            join(cache, 'code-server/entry.js'),
            ...['--config', join(folder, 'config.yaml')],
            ...['--user-data-dir', join(folder, 'data')],
            ...['--extensions-dir', join(folder, 'extensions')],
        ];
        const installed = spawnSync(node, [...base, '--install-extension', vsix, '--force'], { ...options, encoding: 'utf8' });
        if (installed.status !== 0) {
            throw new Error(`the extension cannot be installed:\n${installed.stdout}${installed.stderr}`);
        }
        const port = await freePort();
        const log = openSync(join(folder, 'server.log'), 'w');
        const child = spawn(node, [...base, '--bind-addr', `127.0.0.1:${port}`, ...FLAGS], {
            ...options,
            stdio: ['ignore', log, log],
            detached: true,
        });
        closeSync(log);
        const editor = new Editor(folder, port, child);
        await editor.answers();
        return editor;
    }

    /** A new page that shows the workspace, with so many dots to a point in each direction. */
    async open(payload: Payload, prepare: (page: Page) => Promise<void> = async () => {}, dots = 1): Promise<Page> {
        this.browser ??= await chromium.launch({
            executablePath: '/usr/bin/chromium',
            args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
                '--disable-sync', '--no-first-run', '--font-render-hinting=none'],
        });
        const context = await this.browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: dots, colorScheme: 'dark' });
        await context.route(/^https?:/, (route) =>
            new URL(route.request().url()).hostname === '127.0.0.1' ? route.continue() : route.abort(),
        );
        const page = await context.newPage();
        await prepare(page);
        const query = new URLSearchParams({ folder: this.workspace, payload: JSON.stringify(payload) });
        await page.goto(`http://127.0.0.1:${this.port}/?${query}`);
        return page;
    }

    /** The address of a file as the workbench writes it. */
    address(path: string): string {
        return `vscode-remote://127.0.0.1:${this.port}${path}`;
    }

    /** The language servers of all pages. */
    servers(): Process[] {
        return serversBelow(this.process.pid ?? 0);
    }

    /** The processes in which they run scripts. */
    runs(): Process[] {
        return startedBy(this.servers());
    }

    /** What the server wrote to its log, for messages of failures. */
    log(): string {
        return readFileSync(join(this.folder, 'server.log'), 'utf8').slice(-3000);
    }

    async stop(): Promise<void> {
        await this.browser?.close();
        const ended = new Promise((resolve) => this.process.once('exit', resolve));
        if (this.process.pid !== undefined && this.process.exitCode === null) {
            process.kill(-this.process.pid, 'SIGTERM');
            await Promise.race([ended, wait(5000)]);
        }
        if (process.env['TL_KEEP'] !== undefined) {
            console.log(`kept ${this.folder}`);
            return;
        }
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }

    private async answers(): Promise<void> {
        for (let attempt = 0; attempt < 240; attempt += 1) {
            const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
            if (answer?.ok === true) {
                return;
            }
            await wait(125);
        }
        throw new Error(`the editor does not answer:\n${this.log()}`);
    }
}

/** As wide as the longest line with its texts, and as high as all of the story's `main`. */
const VIEWPORT = { width: 1100, height: 860 };

const FLAGS = [
    '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust',
    '--disable-getting-started-override', '--ignore-last-opened', '--reconnection-grace-time', '5',
    // Without it the workbench does not look for tests in its address.
    '--vscode-option', 'enable-smoke-test-driver',
];

const SETTINGS = {
    'tensorlogic.server.path': server,
    // The browser draws with the other cores, and the story lasts long enough to be looked at.
    'tensorlogic.threads': 1,
    // Nothing that speaks to the outside, and nothing that asks the person.
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'extensions.autoUpdate': false,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'security.workspace.trust.enabled': false,
    'workbench.startupEditor': 'none',
    'workbench.enableExperiments': false,
    'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'git.enabled': false,
    'remote.autoForwardPorts': false,
    // The editor in a browser saves by itself, which would change the scripts under test.
    'files.autoSave': 'off',
    'files.hotExit': 'off',
    // What a person sees: room for the text, all of the story's `main` in one window.
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.activityBar.location': 'hidden',
    'workbench.layoutControl.enabled': false,
    'window.commandCenter': false,
    'window.menuBarVisibility': 'hidden',
    'editor.minimap.enabled': false,
    'editor.fontFamily': '"JetBrains Mono"',
    'editor.fontSize': 13,
    'editor.lineHeight': 17,
    'editor.folding': false,
    'editor.glyphMargin': false,
    'editor.lineNumbersMinChars': 3,
    'editor.renderLineHighlight': 'none',
    'editor.matchBrackets': 'never',
    'editor.guides.highlightActiveIndentation': false,
    'editor.scrollBeyondLastColumn': 0,
    'editor.stickyScroll.enabled': false,
    'breadcrumbs.enabled': false,
    'editor.accessibilitySupport': 'off',
};

function workspaceOf(folder: string): string {
    return join(folder, 'stories');
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const probe = createServer().once('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
        });
    });
}
