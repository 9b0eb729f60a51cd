"""Measures the server as an editor sees it; started by editor_speed.sh, which says how."""

import json
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [ROOT / "examples/chat.tl", ROOT / "examples/seed_chat.tl"]
STARTS = 31
EDITS = 40
START_BOUND = 30.0  # milliseconds
EDIT_BOUND = 20.0  # milliseconds
PATIENCE = 30.0  # seconds for everything that one server does

# What only a process that touches a GPU has in its memory.
DRIVERS = re.compile(r"vulkan|libEGL|libGLX|libcuda|libnvidia|lvp_icd|libdrm")


class Server:
    """A server with a client that takes pushed diagnostics."""

    def __init__(self, executable):
        self.started = time.perf_counter()
        self.process = subprocess.Popen([executable], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.watchdog.start()
        self.asked = 0

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method, **params):
        self.send(method=method, params=params)

    def receive(self):
        length = 0
        while line := self.process.stdout.readline():
            if line == b"\r\n":
                return json.loads(self.process.stdout.read(length))
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        sys.exit(f"the server ended or said nothing for {PATIENCE:.0f} s")

    def wait(self, wanted):
        """The first message that is wanted; requests of the server are answered with nothing."""
        while True:
            message = self.receive()
            if wanted(message):
                return message
            if "method" in message and "id" in message:
                items = message.get("params", {}).get("items")
                self.send(id=message["id"], result=None if items is None else [None] * len(items))

    def request(self, method, params):
        self.asked += 1
        number = self.asked
        self.send(id=number, method=method, params=params)
        answer = self.wait(lambda message: message.get("id") == number and "method" not in message)
        if "error" in answer:
            sys.exit(f"{method} failed: {answer['error']}")
        return answer["result"]

    def initialize(self):
        """Milliseconds from the start of the process to its first answer."""
        capabilities = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
        folder = {"uri": ROOT.as_uri(), "name": ROOT.name}
        self.request("initialize", {
            "processId": None, "rootUri": ROOT.as_uri(), "workspaceFolders": [folder], "capabilities": capabilities,
        })
        took = milliseconds(self.started)
        self.notify("initialized")
        return took

    def problems(self, uri, version):
        """The problems of this version, once they are published."""
        def wanted(message):
            params = message.get("params")
            about = message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri
            return about and params.get("version", version) == version
        return self.wait(wanted)["params"]["diagnostics"]

    def maps(self):
        """The files in the server's memory, where the system tells them."""
        path = Path(f"/proc/{self.process.pid}/maps")
        return path.read_text() if path.exists() else ""

    def end(self):
        self.request("shutdown", None)
        self.send(method="exit")
        code = self.process.wait()
        self.watchdog.cancel()
        if code:
            sys.exit(f"the server ended with {code}")


def milliseconds(since):
    return (time.perf_counter() - since) * 1000.0


def starts(executable):
    """How long each of many starts took."""
    took = []
    for _ in range(STARTS):
        server = Server(executable)
        took.append(server.initialize())
        server.end()
    return took


def edits(executable, script):
    """How long the problems of each of many edits took. Every edit changes what is wrong, so that an
    answer for an older text would be noticed."""
    server = Server(executable)
    server.initialize()
    text = script.read_text()
    uri = script.as_uri()
    document = {"uri": uri, "languageId": "tensorlogic", "version": 0, "text": text}
    server.notify("textDocument/didOpen", textDocument=document)
    known = len(server.problems(uri, 0))

    # A call of a function that does not exist, at the end of `main`, comes and goes.
    line = text.rstrip().count("\n")
    typo = "    prnt()\n"
    place = {"line": line, "character": 0}
    insertion = {"range": {"start": place, "end": place}, "text": typo}
    removal = {"range": {"start": place, "end": {"line": line + 1, "character": 0}}, "text": ""}
    took = []
    for version in range(1, EDITS + 1):
        change, expected = (insertion, known + 1) if version % 2 else (removal, known)
        since = time.perf_counter()
        server.notify(
            "textDocument/didChange", textDocument={"uri": uri, "version": version}, contentChanges=[change]
        )
        found = server.problems(uri, version)
        took.append(milliseconds(since))
        if len(found) != expected:
            sys.exit(f"version {version} of {script.name} has {len(found)} problems, expected {expected}: {found}")
        time.sleep(0.02)
    drivers = sorted({match.group() for match in DRIVERS.finditer(server.maps())})
    server.end()
    return took, drivers


def tell(name, took, bound):
    """Prints one line of figures; says whether the bound is kept."""
    median, worst = statistics.median(took), max(took)
    kept = median < bound
    verdict = "PASS" if kept else "FAIL"
    print(f"{verdict}  {name:<42} median {median:6.2f} ms, worst {worst:6.2f} ms of {len(took)}; bound {bound:.0f} ms")
    return kept


def main():
    executable = sys.argv[1]
    print(executable)
    kept = [tell("start to the answer of initialize", starts(executable), START_BOUND)]
    touched = set()
    for script in EXAMPLES:
        took, drivers = edits(executable, script)
        kept.append(tell(f"edit of {script.name} to its diagnostics", took, EDIT_BOUND))
        touched.update(drivers)
    kept.append(not touched)
    found = f"found {', '.join(sorted(touched))}" if touched else "no driver of a GPU in its memory"
    print(f"{'FAIL' if touched else 'PASS'}  the server leaves the device alone: {found}")
    sys.exit(0 if all(kept) else 1)


main()
