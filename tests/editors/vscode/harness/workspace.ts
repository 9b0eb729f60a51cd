// The folder that the editor opens: the story script with its models, and small scripts
// that are wrong in one way each. It is made anew for each run of the tests.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './folders';

/** Fills an empty folder. */
export function fill(folder: string): void {
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, 'examples/chat.tl'), join(folder, 'chat.tl'));
    symlinkSync(join(root, 'examples/models'), join(folder, 'models'));
    const model = readFileSync(join(root, 'examples/models/stories-f16.gguf'));
    writeFileSync(join(folder, 'truncated.gguf'), model.subarray(0, 1000));
    for (const [name, text] of Object.entries(SCRIPTS)) {
        writeFileSync(join(folder, name), text);
    }
}

/** Prints and never ends by itself, at the pace of a small model. */
const ENDLESS = `main {
    let n = 0
    while true {
        n = n + 1
        let waited = sum(zeros([1000, 2000]))
        write(str(n), "")
    }
}
`;

const SCRIPTS: Record<string, string> = {
    'broken.tl': 'main {\n    let x = zeros([2, 3])\n    print(matmul(x, x))\n    print(nothing)\n}\n',
    'unterminated.tl': 'main {\n    let x = zeros([2, 3])\n    print("a story without an end)\n    print(x)\n}\n',
    'layer.tl': `main {
    let model = load_model("models/stories-f16.gguf")
    for layer in range(len(model.blk)) {
        let w = model.blk[layer].
    }
}
`,
    'endless.tl': ENDLESS,
    'killed.tl': ENDLESS,
    'edited.tl': ENDLESS,
    'missing.tl': 'main {\n    let model = load_model("models/missing.gguf")\n    print(len(model.blk))\n}\n',
    'truncated.tl': 'main {\n    let model = load_model("truncated.gguf")\n    print(len(model.blk))\n}\n',
    'quick.tl': 'main {\n    print("one line")\n    print("and another")\n}\n',
    'teal.tl': '-- A module of Teal.\nlocal record Point\n  x: number\nend\n\nreturn Point\n',
    'kept.tl': '-- Teal, and the user says otherwise.\nlocal x: number = 1\nreturn x\n',
};
