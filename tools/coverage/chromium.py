"""A browser without a window, spoken to over a pipe by the DevTools protocol."""

import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
]
PATIENCE = 60


class Browser:
    """A browser with one page, for as long as the `with` lasts."""

    def __init__(self, binary=None):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        told, self.tell = os.pipe()
        self.hear, telling = os.pipe()
        binary = binary or shutil.which("chromium") or shutil.which("google-chrome")
        if binary is None:
            raise SystemExit("no Chromium: apt-get install chromium")
        # The browser reads from 3 and writes to 4.
        command = ["bash", "-c", f'exec "$@" 3<&{told} 4>&{telling} 2>/dev/null', "-", binary, *FLAGS]
        command += [f"--user-data-dir={self.profile.name}", "about:blank"]
        self.process = subprocess.Popen(command, pass_fds=(told, telling), stdout=subprocess.DEVNULL)
        os.close(told)
        os.close(telling)
        self.numbers = itertools.count(1)
        self.rest = b""
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        os.close(self.tell)
        os.close(self.hear)
        self.profile.cleanup()

    def read(self, end):
        """The next message, or nothing by then."""
        while b"\0" not in self.rest:
            if not select.select([self.hear], [], [], max(0, end - time.monotonic()))[0]:
                return None
            part = os.read(self.hear, 1 << 20)
            if not part:
                raise SystemExit("Chromium is gone")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        """What a command answers."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.tell, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while answer := self.read(end):
            if answer.get("id") == number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)
        raise SystemExit(f"{method}: Chromium does not answer")

    def open(self, url):
        """Shows a page; gives the events until it is loaded, and of a moment beyond."""
        self.events = []
        wrong = self.call("Page.navigate", url=url).get("errorText")
        if wrong:
            raise SystemExit(f"{url}: {wrong}")
        end = time.monotonic() + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            event = self.read(end)
            if event is None:
                raise SystemExit(f"{url} is not loaded")
            self.events.append(event)
        end = time.monotonic() + 0.5
        while event := self.read(end):
            self.events.append(event)
        return self.events

    def evaluate(self, expression):
        """What an expression is in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")
