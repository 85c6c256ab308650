#!/usr/bin/env python3
"""Shows that a browser blocks no call of a page on another origin. See README.md."""

import argparse
import contextlib
import dataclasses
import http.client
import json
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import steering
from calls import all_calls, wrong_base_urls

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

HERE = pathlib.Path(__file__).resolve().parent
PROVIDERS = ["axero", "equals_money", "vijil", "crud"]
# Cookies do not tell ports apart: these pages are of the mock's own site.
SAME_SITE = ("other port", "localhost")
# A browser on a desktop opens no page of this origin: its calls are made as a browser makes them.
APP = "capacitor://localhost"
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def browser(chromium, address):
    """A browser that shows the page at an address, as long as the `with` lasts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        rules = f"--host-resolver-rules=MAP {steering.STRANGER} 127.0.0.1"
        command = [chromium, *CHROMIUM, rules, f"--user-data-dir={profile}", address]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


class Asked(Mock):
    """A mock that takes little in a body."""

    def __init__(self, binary, *flags):
        super().__init__(binary, "--max-body", 4096, *flags)

    def get(self, path, headers):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=20) as answer:
            return json.load(answer)


class Pages:
    """Serves the page and takes in what it saw."""

    def __init__(self):
        self.plan = None
        self.seen = queue.Queue()
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path not in ("/", "/sandboxed"):
                    self.send_error(404)
                    return
                body = (HERE / "page.html").read_text().replace("/*plan*/null", pages.plan).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if self.path == "/sandboxed":
                    self.send_header("Content-Security-Policy", "sandbox allow-scripts")
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                pages.seen.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def visit(self, chromium, path, mock, calls):
        """What a page at `path` saw of the calls."""
        plan = {"mock": mock, "calls": [dataclasses.asdict(call) for call in calls]}
        self.plan = json.dumps(plan).replace("<", "\\u003c")
        with browser(chromium, path):
            try:
                return self.seen.get(timeout=90)
            except queue.Empty:
                raise SystemExit(f"the page at {path} did not report within 90 s") from None


def judge(call, seen, page):
    """What is wrong with what a page saw of an answer; nothing if all is well."""
    expected = call.status if page in SAME_SITE else call.without_cookies or call.status
    if "blocked" in seen:
        return f"blocked: {seen['blocked']}"
    if seen["status"] != expected:
        return f"status {seen['status']}, expected {expected}"
    if call.empty != (seen["body"] == 0):
        return f"a body of {seen['body']} characters to read"
    if call.told and call.told not in (seen["told"] or ""):
        return f"told {seen['told']}, expected {call.told}"
    missing = [name for name in call.reads if name not in seen["headers"]]
    return f"cannot read {', '.join(missing)}" if missing else None


def exposed(mock, origin):
    """The header fields that every answer to a page exposes by name."""
    request = urllib.request.Request(mock.url + "/v2/nowhere", headers={"Origin": origin})
    try:
        urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as answer:
        return {name.strip().lower() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    raise SystemExit("/v2/nowhere is there")


def ask(mock, call, method, headers):
    """Status and header fields of a request that is sent as it stands."""
    connection = http.client.HTTPConnection(mock.url.removeprefix("http://"), timeout=20)
    connection.request(method, call.path, call.body if method == call.method else None, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers


def app_is_blocked(mock, call):
    """Why a browser would keep an answer from an app's page; nothing if it would not."""
    named = ", ".join(sorted(name.lower() for name in call.headers if name != "Content-Type" or call.body == "{}"))
    asks = {"Access-Control-Request-Method": call.method, "Access-Control-Request-Headers": named}
    status, fields = ask(mock, call, "OPTIONS", {"Origin": APP, **asks})
    if status != 204 or fields["Access-Control-Allow-Origin"] != APP or fields["Access-Control-Allow-Headers"] != named:
        return f"the preflight is answered {status}, {fields.items()}"
    status, fields = ask(mock, call, call.method, {"Origin": APP, **call.headers})
    told = fields["X-Mock-Hint"] or fields["X-Mock-Error"] or ""
    exposed = fields["Access-Control-Expose-Headers"] or ""
    if status != call.status or fields["Access-Control-Allow-Origin"] != APP or "x-mock-" not in exposed:
        return f"the call is answered {status}, {fields.items()}"
    return None if call.told in told else f"told {told}, expected {call.told}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the mock")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    parser.add_argument("--only", default=",".join(PROVIDERS), help="providers, comma separated")
    options = parser.parse_args()
    if not options.chromium:
        raise SystemExit("there is no chromium; install it or name it by --chromium")
    providers = options.only.split(",")
    pages = Pages()
    here, localhost = f"http://127.0.0.1:{pages.port}/", f"http://localhost:{pages.port}/"
    origins = {"other port": here, "localhost": localhost, "other host": localhost, "null": f"{here}sandboxed"}
    lost = wrong_base_urls() if providers == PROVIDERS else []
    columns, wrong = [], []
    for name, address in origins.items():
        # A mock of its own for each page: a call may delete what another one needs.
        with Asked(options.binary, "--only", options.only) as mock:
            calls = all_calls(providers, mock.get) + lost
            called = mock.url.replace("127.0.0.1", "localhost") if name == "localhost" else mock.url
            report = pages.visit(options.chromium, address, called, calls)
            if (report["origin"] == "null") != (name == "null"):
                wrong.append(f"the page of {name} has the origin {report['origin']}")
            if "equals_money" in providers:
                lacking = {"location", "retry-after", "www-authenticate", "x-mock-provenance"} - exposed(mock, address)
                wrong.extend(f"{field} is not exposed to {name}" for field in sorted(lacking))
        columns.append(report["seen"])
        for call, seen in zip(calls, report["seen"], strict=True):
            fault = judge(call, seen, name)
            if fault:
                wrong.append(f"{name}: {call.provider} {call.name} ({call.method} {call.path}): {fault}")
    # A token is for the control API; whoever is listed sees what all see otherwise.
    for flags in (["--control-token", "s3cret"], ["--cors", here.rstrip("/"), "--cors", "null", "--cors", APP]):
        for name in ("other port", "null"):
            with Asked(options.binary, "--only", options.only, *flags) as mock:
                report = pages.visit(options.chromium, origins[name], mock.url, lost)
                for call, seen in zip(lost, report["seen"], strict=True):
                    if fault := judge(call, seen, name):
                        wrong.append(f"{flags} {name}: {call.name}: {fault}")
                    if fault := app_is_blocked(mock, call):
                        wrong.append(f"{flags} {APP}: {call.name}: {fault}")
    # The control: without CORS header fields the same calls are blocked, so the check can fail.
    for flags in (["--cors", "off"], ["--cors", "http://app.example"]):
        with Asked(options.binary, "--only", options.only, *flags) as mock:
            calls = all_calls(providers, mock.get) + lost
            report = pages.visit(options.chromium, here, mock.url, calls)
            for call, seen in zip(calls, report["seen"], strict=True):
                if "blocked" not in seen:
                    wrong.append(f"with {flags} the page sees {call.provider} {call.name}: {seen['status']}")
    with Asked(options.binary) as mock, Asked(options.binary, "--control-host", steering.STRANGER) as known:
        wrong.extend(steering.faults(mock.url, known.url, lambda address: browser(options.chromium, address)))
    print(f"{'provider':13} {'call':28} {'method':8} {'expected':8}", *(f"{name:10}" for name in origins))
    for number, call in enumerate(calls):
        shown = [str(column[number].get("status", "BLOCKED")) for column in columns]
        print(f"{call.provider:13} {call.name:28} {call.method:8} {call.status:<8}", *(f"{cell:10}" for cell in shown))
    print(f"{len(calls)} calls from {len(origins)} kinds of page, {len(wrong)} fault(s)")
    for fault in wrong:
        print(f"  {fault}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
