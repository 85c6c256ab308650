"""Test kit for pytest: the fixture `persona_mock`, a sandbox for each test.

One server serves a run. Under xdist the controller starts it, and each worker is told its address.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ._http import ControlError
from ._mock import Mock
from ._server import Process, Server, new_run

__all__ = ["ControlError", "Mock", "Server"]

ADDRESS = "persona_mock"
KIT = pytest.StashKey["Kit"]()
SANDBOX = pytest.StashKey[Mock]()
FAILED = pytest.StashKey[bool]()


class Kit:
    """The server of this run, as one of its processes knows it."""

    def __init__(self, config: pytest.Config) -> None:
        told: dict[str, str] = getattr(config, "workerinput", {}).get(ADDRESS, {})
        self._config = config
        self._url = told.get("url") or os.environ.get("PERSONA_MOCK_URL") or config.getini("persona_mock_url")
        self._run = told.get("run") or new_run()
        self._trouble = told.get("trouble", "")
        self._server: Server | None = None
        self._process: Process | None = None
        self._project = getattr(config, "workerinput", {}).get("workerid", "")
        self._tries: dict[str, int] = {}
        # Of a server that others started the report is written once.
        self._reports = False
        self._is_worker = bool(told)

    def address(self) -> dict[str, str]:
        """What a worker is told. No worker fails for want of a server: whoever asks for the fixture does."""
        try:
            return {"run": self._run, "url": self._started()}
        except Exception as error:  # noqa: BLE001 - it is told where it matters
            return {"run": self._run, "trouble": str(error) or repr(error)}

    def sandbox(self, item: pytest.Item, start: dict[str, Any]) -> Mock:
        """The sandbox of a test, another one each time that it is tried."""
        tried = self._tries.get(item.nodeid, 0)
        self._tries[item.nodeid] = tried + 1
        title = item.nodeid.partition("::")[2] or item.name
        server = self._connected()
        return server.sandbox(project=self._project, file=str(item.path), title=title, retry=tried, start=start)

    def stop(self) -> None:
        """Ends the server, or writes the report of one that others started."""
        if self._process is not None:
            self._process.stop()
        elif self._reports and not self._is_worker:
            report = self._report()
            if report is not None:
                self._connected().write_report(report)

    def said(self) -> list[str]:
        """What the server said that was wrong."""
        return self._process.crashes() if self._process is not None else []

    def _connected(self) -> Server:
        if self._server is None:
            self._server = Server(self._started(), self._run)
        return self._server

    def _started(self) -> str:
        if self._trouble:
            raise RuntimeError(self._trouble)
        if not self._url:
            try:
                self._process = Process(self._config.getini("persona_mock_args"), self._report())
            except Exception as error:
                self._trouble = str(error) or repr(error)
                raise
            self._url = self._process.url
        self._reports = True
        return self._url

    def _report(self) -> Path | None:
        named = os.environ.get("PERSONA_MOCK_REPORT", self._config.getini("persona_mock_report"))
        if not named:
            return None
        directory = self._config.rootpath / named
        directory.mkdir(parents=True, exist_ok=True)
        return directory


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("persona_mock_args", "further flags of the server, such as --auth strict", type="args", default=[])
    parser.addini("persona_mock_url", "a server that runs already; PERSONA_MOCK_URL counts more", default="")
    parser.addini(
        "persona_mock_report",
        "directory of coverage.json and coverage.html; PERSONA_MOCK_REPORT counts more, and nothing means none",
        default="persona-mock-report",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[KIT] = Kit(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist starts a worker."""
    node.workerinput[ADDRESS] = node.config.stash[KIT].address()


def pytest_unconfigure(config: pytest.Config) -> None:
    kit = config.stash.get(KIT, None)
    if kit is not None:
        kit.stop()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash[KIT].said():
        terminalreporter.write_line(f"persona-mock: {line}")


@pytest.fixture
def persona_mock_start() -> dict[str, Any]:
    """Clock, seed and settings of the sandboxes, such as `{"seed": 7}`: a fixture to override."""
    return {}


@pytest.fixture
def persona_mock(request: pytest.FixtureRequest, persona_mock_start: dict[str, Any]) -> Iterator[Mock]:
    """A sandbox of the mock for this test: `persona_mock.urls["vijil"]` is where its client calls."""
    item = request.node
    mock = request.config.stash[KIT].sandbox(item, persona_mock_start)
    item.stash[SANDBOX] = mock
    item.stash[FAILED] = False
    yield mock


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    phase: pytest.TestReport = outcome.get_result()
    mock = item.stash.get(SANDBOX, None)
    if mock is None:
        return
    if phase.failed and not item.stash[FAILED]:
        item.stash[FAILED] = True
        phase.sections.append(("persona-mock", mock.report()))
    # Of three phases the last.
    if phase.when == "teardown":
        del item.stash[SANDBOX]
        if not item.stash[FAILED]:
            _remove(mock, phase)


def _remove(mock: Mock, phase: pytest.TestReport) -> None:
    try:
        mock.remove()
    except (ControlError, OSError) as error:
        # The test is over and passed; the next one will fail of the same.
        phase.sections.append(("persona-mock", f"the sandbox {mock.name} could not be taken away: {error}"))
