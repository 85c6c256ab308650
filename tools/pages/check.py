#!/usr/bin/env python3
"""Runs the shell commands and the configurations that README.md, SECURITY.md and docs/ show. See README.md."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from served import Mock  # noqa: E402

FLAGS = ["--clock", "2026-01-15T12:00:00Z", "--seed", "1"]
FENCE = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# A line that starts a server: the command alone, or with flags, whatever variables stand before it.
SERVES = re.compile(r"^(?:\w+=\S* )*(?:npx )?persona-mock(?: --?\w.*| serve.*| &.*)?$")


def blocks(page):
    """Language and text of the blocks that are run here: `sh` that names no other script, and what names this one."""
    for indent, language, more, text in FENCE.findall(page.read_text()):
        if more.strip() == "tools/pages/run.sh" or (language == "sh" and not more.strip()):
            yield language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)


def stands_in_an_example(text):
    """What is wrong with a part of a configuration: it stands in a file of examples/, which tools/examples holds."""
    def lines(text):
        return "\n".join(line.strip() for line in text.splitlines())
    files = [file for file in (ROOT / "examples").rglob("*") if file.suffix in {".yml", ".yaml"}]
    return None if any(lines(text) in lines(file.read_text()) for file in files) else "no file of examples/ has this"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def is_ready(port):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/_mock/ready", timeout=5).status == 200
    return False


def lines_of(text):
    """The lines of a block without comments and blank lines."""
    lines = [re.sub(r"\s+#(?= ).*$", "", line).rstrip() for line in text.replace("\\\n", "").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


class Reader:
    """Who does what a page says: a folder, a `PATH` with the command, and a project of their own."""

    def __init__(self, options, folder):
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        (self.programs / "persona-mock").symlink_to(options.binary)
        # The package's launcher is held by tools/packages; everything else is npx's own.
        launcher = 'if [ "$1" = persona-mock ]; then exec "$@"; fi'
        (self.programs / "npx").write_text(f'#!/bin/sh\n{launcher}\nexec {shutil.which("npx")} "$@"\n')
        (self.programs / "npx").chmod(0o755)
        self.work = folder / "work"
        self.work.mkdir()
        # `npm test` and `npm run dev` of a reader's project: they call what the variables name.
        shutil.copy(HERE / "project.mjs", self.work)
        scripts = {"test": "node project.mjs", "dev": "node project.mjs"}
        manifest = {"name": "readers", "private": True, "type": "module", "scripts": scripts}
        (self.work / "package.json").write_text(json.dumps(manifest))
        (self.work / "node_modules").symlink_to(options.clients / "node_modules")

    def run(self, language, text, port):
        """Runs a block of any language; what went wrong, or None."""
        if language == "yaml":
            return stands_in_an_example(text)
        if language == "sh":
            return self.commands(text, port)
        # A file, which says its name: `// client.ts`.
        name = re.match(r"// (\S+?),?\s", text)[1]
        (self.work / name).write_text(text.replace(":8080", f":{port}"))
        if name.endswith(".ts"):
            built = f"built/{name.removesuffix('.ts')}.js"
            options = "--strict --module nodenext --target es2022 --skipLibCheck --outDir built"
            return self.commands(f"node_modules/.bin/tsc {options} {name}\nnode {built}\n", port)
        if name == "next.config.mjs":
            shutil.copy(HERE / "rewritten.mjs", self.work)
            return self.commands(f"node rewritten.mjs {name}\n", port)
        return self.commands(f"VITEST_POOL_ID=1 node --import ./{name} project.mjs\n", port)

    def commands(self, text, port):
        """Runs commands. A server that they start in the foreground ends once it is ready."""
        lines = lines_of(text)
        forever = bool(SERVES.match(lines[-1])) and not lines[-1].endswith("&")
        script = self.folder / "script"
        script.write_text(text.replace(":8080", f":{port}").replace(" 8080", f" {port}"))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PERSONA_MOCK")},
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "PERSONA_MOCK_PORT": str(port),
            "PERSONA_MOCK_URL": f"http://127.0.0.1:{port}",
        }
        if "~/" in text:
            # A reader's own folder is not for tests to write to.
            environment["HOME"] = str(self.folder)
        with (self.folder / "said").open("w+") as said:
            process = subprocess.Popen(
                ["bash", "-euo", "pipefail", script],
                cwd=self.work, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )
            try:
                if forever:
                    end = time.monotonic() + 30
                    while not is_ready(port):
                        if process.poll() is not None or time.monotonic() > end:
                            return f"no server: {(self.folder / 'said').read_text()}"
                        time.sleep(0.05)
                    return None
                code = process.wait(120)
                return None if code == 0 else f"ended with {code}: {(self.folder / 'said').read_text()}"
            except subprocess.TimeoutExpired:
                return f"did not end: {(self.folder / 'said').read_text()}"
            finally:
                # What the block left in the background, too.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def check(page, options):
    """Runs the blocks of one page in their order; what went wrong."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        reader, server = Reader(options, pathlib.Path(name)), None
        for language, text in blocks(page):
            own = language == "sh" and any(SERVES.match(line) for line in lines_of(text))
            if own:
                port = free_port()
            else:
                server = server or stack.enter_context(Mock(options.binary, *FLAGS))
                port = server.port
            wrong = reader.run(language, text, port)
            first = text.splitlines()[0].strip()
            print(f"{'WRONG' if wrong else 'ok   '} {page.relative_to(ROOT)}: {first}")
            if wrong:
                yield f"{page.relative_to(ROOT)}:\n{text}{wrong}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--clients", required=True, type=pathlib.Path, help="a folder with openapi-typescript and typescript")
    parser.add_argument("--pages", nargs="*", default=[], type=pathlib.Path, help="all, where none is named")
    options = parser.parse_args()
    every = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
    pages = [page.resolve() for page in options.pages] or every
    wrong = [fault for page in pages for fault in check(page, options)]
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
