"""What a person sees: Neovim in a pseudo-terminal, its screen decoded, keys typed as a person
types them. It checks the screen and nothing else; with `--show` it prints each screen it
has looked at.

    screen.py NVIM INIT WORK [--show]
"""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import sys
import termios
import time

import pyte

COLUMNS, ROWS = 100, 30


class Terminal:
    """An editor behind a pseudo-terminal."""

    def __init__(self, command):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.child, self.door = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execv(command[0], command)
        fcntl.ioctl(self.door, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def type(self, keys):
        os.write(self.door, keys.encode())

    def pump(self, seconds):
        """Reads what the editor draws, for a moment."""
        ready, _, _ = select.select([self.door], [], [], seconds)
        if ready:
            try:
                self.stream.feed(os.read(self.door, 65536))
            except OSError:
                pass  # the editor has ended

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def wait(self, what, pattern, seconds=10):
        """Waits until a line matches; answers with the match."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.lines():
                found = re.search(pattern, line)
                if found:
                    return found
            self.pump(0.02)
        raise SystemExit(f"waited in vain for {what}; the screen:\n" + "\n".join(self.lines()))

    def colour_of(self, text):
        """The colour in which a text is drawn."""
        for row, line in enumerate(self.screen.display):
            column = line.find(text)
            if column >= 0:
                return self.screen.buffer[row][column].fg
        raise SystemExit(f"`{text}` is not on the screen:\n" + "\n".join(self.lines()))

    def show(self, title):
        if "--show" in sys.argv:
            print(f"--- {title}\n" + "\n".join(self.lines()))


def check(condition, what):
    if not condition:
        raise SystemExit(f"this does not hold: {what}")


def tokens_arrive(terminal):
    """Runs the script with `grx` and watches the story grow behind its line."""
    terminal.type("grx")
    texts, statuses = [], []
    end = time.monotonic() + 15
    while time.monotonic() < end:
        terminal.pump(0.01)
        for line in terminal.lines():
            story = re.search(r"write\(decode_stream\(tokenizer, tokens\)\) ⇒ (.+)$", line)
            if story and story.group(1) not in texts:
                texts.append(story.group(1))
                terminal.show("a run") if len(texts) == 12 else None
            status = re.search(r"(running|done) \d+ tokens.*", line)
            if status and status.group(0) not in statuses:
                statuses.append(status.group(0))
        if any(status.startswith("done") for status in statuses):
            break
    check(len(texts) >= 8, f"the story grows in steps: {texts}")
    rates = [status for status in statuses if re.match(r"running \d+ tokens \d+(\.\d)?/s", status)]
    check(rates, f"a rate is shown: {statuses}")
    check(statuses[-1].startswith("done"), f"the run ends: {statuses}")
    return texts[-1]


def main():
    nvim, init, work = sys.argv[1:4]
    script = os.path.join(work, "examples", "screen.tl")
    shutil.copy(os.path.join(work, "examples", "chat.tl"), script)
    terminal = Terminal([nvim, "-u", init, script])

    terminal.wait("the script", r"^// Writes a story")
    terminal.type("/^main\rzt")
    terminal.wait("the lens on its line", r"^main \{ ▶ Run")
    terminal.wait("a shape behind a name", r"let q: \[n \+ t, 6, 32\] = rope")
    check(terminal.colour_of("let tokens") != terminal.colour_of("tokenize("), "words are coloured")
    terminal.show("an opened script")

    # Both lines that print are in sight, and the one in the loop has the newest tokens.
    terminal.type("G")
    terminal.wait("the end of the script", r"^    print\(\)")
    last = tokens_arrive(terminal)
    terminal.show("after a run")
    check("new friend" in last, f"the newest part of the story is in sight: {last}")
    check(max(len(line) for line in terminal.lines()) <= COLUMNS, "nothing is wider than the screen")
    bright = terminal.colour_of("new friend")
    terminal.type("Go// an afterthought\x1b")
    terminal.wait("the edit", r"^// an afterthought")
    end = time.monotonic() + 2
    while terminal.colour_of("new friend") == bright and time.monotonic() < end:
        terminal.pump(0.02)
    check(terminal.colour_of("new friend") != bright, "a result from before an edit is dimmed")

    # Completion, as Neovim's own menu.
    terminal.type("/let last\rOlet w = model.blk[0].\x18\x0f")
    terminal.wait("the completion menu", r"attn_q\.weight\s.*F16 \[192, 192\]")
    terminal.show("completion")
    terminal.type("\x1b\x1bu")

    terminal.type("gro")
    terminal.wait("the output", r"finished, \d+ tokens in")
    terminal.show("the output")
    terminal.type(":qall!\r")
    end, ended = time.monotonic() + 5, False
    while not ended and time.monotonic() < end:
        terminal.pump(0.02)
        ended = os.waitpid(terminal.child, os.WNOHANG)[0] == terminal.child
    check(ended, "the editor ends at once")


main()
