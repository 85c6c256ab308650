"""A server of the binary that a check is about, on a free port, stopped at the end of a `with`."""

import http.client
import pathlib
import subprocess
import sys
import tempfile
import time


class Mock:
    """A server with these flags beside the usual ones. It logs errors alone, and what it said is told where it fails."""

    START_S = 120
    STOP_S = 60

    def __init__(self, binary, *flags):
        self.place = tempfile.TemporaryDirectory()
        directory = pathlib.Path(self.place.name)
        file, self.said = directory / "port", directory / "said"
        flags = map(str, flags)
        command = [str(binary), "serve", "--port", "0", "--port-file", str(file), "--log", "error", *flags]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        until = time.monotonic() + self.START_S
        while not (file.exists() and file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                sys.exit(f"the mock does not start: {self.said.read_text()}")
            time.sleep(0.02)
        self.port = int(file.read_text())
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.place.cleanup()

    def end(self):
        """Ends it by SIGTERM; its exit code, and what it said."""
        self.process.terminate()
        return self.process.wait(self.STOP_S), self.said.read_text()

    def connection(self, timeout=60):
        """A connection that stays."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def resident(self):
        """What is resident of it, in bytes. Needs Linux, for /proc."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
