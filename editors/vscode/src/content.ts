// Tells a TensorLogic file from a Teal file: both end in `.tl`. The text decides, by
// what begins its lines, and a text that says nothing is TensorLogic. This file looks
// at text and answers; it opens no document and knows nothing of the editor.

/** Whether the text of a `.tl` file is TensorLogic rather than Teal. */
export function isTensorLogic(text: string): boolean {
    let tensorLogic = 0;
    let teal = 0;
    for (const line of linesOfCode(text.split(/\r?\n/, LINES_READ))) {
        if (TENSORLOGIC.some((form) => form.test(line))) {
            tensorLogic += 1;
        } else if (TEAL.some((form) => form.test(line))) {
            teal += 1;
        }
    }
    return tensorLogic >= teal;
}

/** The answer is clear long before. */
const LINES_READ = 200;

/** What lines of TensorLogic look like and lines of Teal never do. */
const TENSORLOGIC = [
    /^(\/\/|\/\*)/,
    /^main\s*\{/,
    /^fn\s+\w+\s*\(/,
    /^(learnable\s+)?tensor\s+\w+\s*[:=]/,
    /^import\s+"/,
    /^let\s+[\w(]/,
    /^(struct|impl|entity|relation|embedding|relation_embedding|rule|query)\s+\w/,
    /^learn\s*\{/,
    /^(test|bench)\s+\w+\s*\{/,
    /^(for|if|while)\s.*\{$/,
    /^\}\s*else\b/,
    /^\w+\(.*\)\s*<-/,
    /\b(float16|float32|int16|int32|int64|bool)\[/,
];

/** What lines of Teal look like and lines of TensorLogic never do. */
const TEAL = [
    /^--/,
    /^#!/,
    /^(local|global)\s+\w/,
    /^function\b/,
    /^(record|interface|enum)\s+\w/,
    /^(end|elseif|until)\b/,
    /^repeat$/,
    /^if\s.*\bthen$/,
    /^(for|while)\s.*\bdo$/,
    /\brequire\s*[("']/,
    /\bfunction\s*\(/,
];

/** The lines without indentation, and of a comment over several lines only the first. */
function* linesOfCode(lines: string[]): Generator<string> {
    let commentEnd: string | undefined;
    for (const line of lines.map((line) => line.trim())) {
        if (commentEnd === undefined) {
            yield line;
            commentEnd = openComment(line);
        } else if (line.includes(commentEnd)) {
            commentEnd = undefined;
        }
    }
}

/** What will end the comment that begins this line, if the line does not end it itself. */
function openComment(line: string): string | undefined {
    const [begin, end] = line.startsWith('/*') ? ['/*', '*/'] : ['--[[', ']]'];
    return line.startsWith(begin) && !line.includes(end, begin.length) ? end : undefined;
}
