"""Requests to the control API, by nothing that a test may have replaced."""

from __future__ import annotations

import http.client
import json
import os
import threading
from typing import Any
from urllib.parse import urlsplit

SECONDS = 60


class ControlError(Exception):
    """What the server refused: `status`, and its `problem`, which of a verification has the `failures`."""

    def __init__(self, message: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem


class Client:
    """A connection to one server, opened anew where the server closed it."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        self._prefix = parts.path
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        self._turn = threading.Lock()

    def ask(self, method: str, path: str, body: Any = None, fields: dict[str, str] | None = None) -> Any:
        """What the server answers as JSON; `None` where it answers nothing."""
        __tracebackhide__ = True
        text = self.text(method, path, body, fields)
        return json.loads(text) if text else None

    def text(self, method: str, path: str, body: Any = None, fields: dict[str, str] | None = None) -> str:
        __tracebackhide__ = True
        headers = {} if body is None else {"Content-Type": "application/json"}
        token = _control_token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers.update(fields or {})
        sent = None if body is None else json.dumps(body)
        with self._turn:
            answer, text = self._answered(method, path, sent, headers)
        if answer < 400:
            return text
        raise _refused(method, self.url + path, answer, text)

    def _answered(self, method: str, path: str, sent: str | None, headers: dict[str, str]) -> tuple[int, str]:
        __tracebackhide__ = True
        used = self._connection.sock is not None
        try:
            try:
                return self._once(method, path, sent, headers)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server closed a connection that nobody used, at the moment in which it was used again.
                if not used:
                    raise
                return self._once(method, path, sent, headers)
        except OSError as error:
            message = f"{method} {self.url}{path} was not answered: {error}; is persona-mock still running?"
            raise ConnectionError(message) from error

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        try:
            self._connection.request(method, self._prefix + path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


def _control_token() -> str | None:
    """The control token that the variables say, which are those of the server."""
    token, file = os.environ.get("PERSONA_MOCK_CONTROL_TOKEN"), os.environ.get("PERSONA_MOCK_CONTROL_TOKEN_FILE")
    if token or not file:
        return token
    try:
        with open(file, encoding="utf-8-sig") as opened:
            return opened.read().rstrip("\r\n")
    except OSError as error:
        message = f"cannot read the control token file {file} of PERSONA_MOCK_CONTROL_TOKEN_FILE: {error.strerror}"
        raise OSError(message) from error


# What to do where the server wants a token that it was not given.
NO_TOKEN = (
    "; set PERSONA_MOCK_CONTROL_TOKEN to the server's control token, "
    "or PERSONA_MOCK_CONTROL_TOKEN_FILE to the file that holds it"
)


def _refused(method: str, url: str, status: int, text: str) -> ControlError:
    try:
        problem = json.loads(text)
    except ValueError:
        problem = {"detail": text}
    # Of a verification, the sentence says it all.
    if "failures" in problem:
        return ControlError(problem["detail"], status, problem)
    place = (f" (at {problem['at']})" if "at" in problem else "") + (NO_TOKEN if status == 401 else "")
    return ControlError(f"{method} {url} -> {status}: {problem.get('detail', text)}{place}", status, problem)
