// Hands `.tl` documents that are Teal over to another language. What the user has
// decided stands: a file that `files.associations` names is left alone, and so is a
// document that the user has set back to TensorLogic.

import * as vscode from 'vscode';

import { isTensorLogic } from './content';

export const LANGUAGE = 'tensorlogic';

/** Judges every `.tl` document once; `found` is told each that really is TensorLogic. */
export class Languages implements vscode.Disposable {
    private readonly judged = new Set<string>();
    private readonly subscription: vscode.Disposable;

    constructor(private readonly found: (document: vscode.TextDocument) => void) {
        this.subscription = vscode.workspace.onDidOpenTextDocument((document) => void this.judge(document));
        for (const document of vscode.workspace.textDocuments) {
            void this.judge(document);
        }
    }

    dispose(): void {
        this.subscription.dispose();
    }

    private async judge(document: vscode.TextDocument): Promise<void> {
        if (document.languageId !== LANGUAGE) {
            return;
        }
        const uri = document.uri.toString();
        const isForeign =
            !this.judged.has(uri) &&
            document.uri.path.endsWith('.tl') &&
            !isAssociated(document) &&
            !isTensorLogic(document.getText());
        this.judged.add(uri);
        if (isForeign) {
            await vscode.languages.setTextDocumentLanguage(document, await languageOfTeal());
        } else {
            this.found(document);
        }
    }
}

/** Whether the user's settings say which language this file has. */
function isAssociated(document: vscode.TextDocument): boolean {
    const associations = vscode.workspace.getConfiguration('files').get<object>('associations', {});
    return Object.keys(associations).some((glob) => {
        const pattern = glob.includes('/') ? glob : `**/${glob}`;
        return vscode.languages.match({ pattern }, document) > 0;
    });
}

/** Teal where an extension knows it, else the closest there is. */
async function languageOfTeal(): Promise<string> {
    const known = await vscode.languages.getLanguages();
    return ['teal', 'lua'].find((language) => known.includes(language)) ?? 'plaintext';
}
