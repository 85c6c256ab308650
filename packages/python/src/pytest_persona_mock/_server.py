"""The server of a run: one that this process starts and holds, or one that runs already."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from ._http import Client
from ._mock import Mock
from ._name import sandbox_name

START_SECONDS = 30
STOP_SECONDS = 15
# Variables of the kits, which the server does not know.
OURS = ("PERSONA_MOCK_BINARY", "PERSONA_MOCK_REPORT", "PERSONA_MOCK_RUN", "PERSONA_MOCK_URL")
REPORTS = {"coverage.json": "/_mock/coverage?sandbox=*", "coverage.html": "/_mock/coverage.html?sandbox=*"}


class Server:
    """A server, and how a test gets its sandbox there."""

    def __init__(self, url: str, run: str) -> None:
        self.url = url.rstrip("/")
        self.run = run
        self._client = Client(self.url)
        health = self._client.ask("GET", "/_mock/health")
        _agree(self.url, health["version"])
        mounts: dict[str, str] = {}
        for mount in self._client.ask("GET", "/")["mounts"]:
            # Of several mounts the first is the vendor's own.
            mounts.setdefault(mount["provider"], mount["mount"])
        self._mounts = mounts

    def sandbox(
        self, *, title: str, project: str = "", file: str = "", retry: int | str = 0, start: dict[str, Any] | None = None
    ) -> Mock:
        """Makes the sandbox of a test; `start` may name its `clock`, `seed` and `settings`."""
        name = sandbox_name(project=project, file=file, title=title, retry=retry, run=self.run)
        self._client.ask("PUT", f"/_mock/sandboxes/{name}", start or {})
        return Mock(self._client, name, self._mounts)

    def write_report(self, directory: Path) -> None:
        for file, page in REPORTS.items():
            (directory / file).write_text(self._client.text("GET", page), encoding="utf-8")


def _agree(url: str, server: str) -> None:
    kit = metadata.version("persona-mock")

    def minor(version: str) -> str:
        return ".".join(version.split(".")[:2])

    if minor(server) != minor(kit):
        raise RuntimeError(
            f"the server at {url} is persona-mock {server} and this test kit is of persona-mock {kit}: both must be "
            f"{minor(kit)}.x or both {minor(server)}.x; python -m pip install persona-mock=={server} takes the server's"
        )


class Process:
    """A server that this process started. It ends with this process, however that ends: it holds the server's input."""

    def __init__(self, args: list[str], report: Path | None) -> None:
        binary = os.environ.get("PERSONA_MOCK_BINARY") or _binary()
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        flags = ["--host", "127.0.0.1", "--port", "0", "--until-stdin-closes", "--require-sandbox", "--drain", "1s"]
        if report is not None and "PERSONA_MOCK_COVERAGE" not in env:
            for file in REPORTS:
                flags += ["--coverage", str(report / file)]
        self._process = subprocess.Popen(
            [binary, "serve", *flags, "--log", "error", "--log-format", "json", *args],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # A Ctrl-C in the terminal is for pytest: its last tests still need the server.
            start_new_session=True,
        )
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True, name="persona-mock")
        self._reader.start()
        late = threading.Timer(START_SECONDS, self._process.kill)
        late.start()
        assert self._process.stdout is not None
        ready = re.match(r"persona-mock listening on (http\S+)", self._process.stdout.readline())
        late.cancel()
        if ready is None:
            self._process.kill()
            code = self._process.wait()
            self._reader.join(STOP_SECONDS)
            said = "\n".join(self._said)
            raise RuntimeError(f"persona-mock does not start ({binary}): it ended with {code}: {said}")
        self.url = ready[1]

    def stop(self) -> None:
        """Ends it as SIGTERM does, once its report is written."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def crashes(self) -> list[str]:
        """What it said that was wrong."""
        return list(self._said)

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = _plain(line)
            if text:
                self._said.append(text)


def _plain(line: str) -> str:
    """What a line of the log says, without the greeting."""
    try:
        message = str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):
        return line.rstrip()
    return "" if message == "ready" else message


def _binary() -> str:
    from persona_mock import binary

    return binary()


def new_run() -> str:
    return os.environ.get("PERSONA_MOCK_RUN") or uuid.uuid4().hex
