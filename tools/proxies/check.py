#!/usr/bin/env python3
"""Sets a mock behind a real Vite and a real nginx, as docs/frontend.md and docs/proxies.md show them, and looks where answers lead."""

import argparse
import contextlib
import html
import http.client
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page's calls count as they end, and the page is shown once nothing is left to do.
    "--virtual-time-budget=20000",
    "--dump-dom",
]
TEAM = "team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee"
VIJIL = {"Authorization": "Bearer vijil-owner-token"}
AXERO = {"Authorization": "Bearer axero-owner-alice"}


def snippet(page, starts, *changes):
    """The one example of a page of docs/ that starts so, with other addresses."""
    found = re.findall(rf"^```\w+[^\n]*\n({starts}.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise SystemExit(f"docs/{page} shows {len(found)} examples that start with {starts!r}, expected 1")
    text = found[0]
    for old, new in changes:
        if old not in text:
            raise SystemExit(f"the example of docs/{page} that starts with {starts!r} lacks {old!r}")
        text = text.replace(old, new)
    return text


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command, port, directory):
    """A process that listens on a port of localhost, as long as the `with` lasts."""
    with (directory / "log").open("w+") as log:
        process = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 30
            while not answers(port):
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"{command[0]} does not start: {(directory / 'log').read_text()}")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(20)


def answers(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("localhost", port), timeout=1).close()
        return True
    return False


@contextlib.contextmanager
def vite(installed, mock):
    """A Vite that serves the page, by its name localhost; its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "index.html").write_text((HERE / "page.html").read_text())
        (directory / "vite.config.mjs").write_text(snippet("frontend.md", "// vite.config.js", ("http://127.0.0.1:8080", mock)))
        script = installed / "node_modules" / "vite" / "bin" / "vite.js"
        command = ["node", str(script), "--host", "localhost", "--port", str(port), "--strictPort"]
        with running(command, port, directory):
            yield f"http://localhost:{port}"


@contextlib.contextmanager
def nginx(installed, mock):
    """An nginx below the path of the example; its address."""
    port = free_port()
    binary = shutil.which("nginx", path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin")
    binary = binary or str(installed / "nginx" / "usr" / "sbin" / "nginx")
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        listen = ("listen 8081;", f"listen 127.0.0.1:{port};")
        server = snippet("proxies.md", "# for `persona-mock --trust-proxy`", ("http://127.0.0.1:8080", mock), listen)
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        own_files = "".join(f"{kind}_temp_path {name};\n" for kind in kinds)
        (directory / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {name}/pid; error_log stderr;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{own_files}{server}}}\n"
        )
        command = [binary, "-p", name, "-e", "stderr", "-c", "nginx.conf"]
        with running(command, port, directory):
            yield f"http://localhost:{port}"


def ask(base, path, headers):
    """Header fields and body of one answer; no redirect is followed."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def seen_by_page(chromium, address):
    """What a page saw of its calls."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium, *CHROMIUM, f"--user-data-dir={profile}", address]
        shown = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60).stdout
    found = re.search(r'<pre id="seen">(.+?)</pre>', shown, re.DOTALL)
    if not found:
        raise SystemExit(f"the page at {address} tells nothing: {shown[:2000]}")
    return json.loads(html.unescape(found[1]))


def links(base, headers):
    """Where the links of a mock lead that is found below `base`: what is asked for, and its link."""
    below = urllib.parse.urlsplit(base).path
    root = base.removesuffix(below)
    for path in [f"/v1/personas?{TEAM}", "/crud/personas/"]:
        for sandbox in ["", "/_sandbox/t1"]:
            _, fields, _ = ask(root, below + sandbox + path, VIJIL | headers)
            yield sandbox + path, fields["Location"]
    yield "/crud/personas/ (Refresh)", ask(root, f"{below}/crud/personas/", headers)[1]["Refresh"]
    _, _, body = ask(root, f"{below}/api/personas/8", AXERO | headers)
    yield "/api/personas/8", json.loads(body)["ResponseData"]["EditAbsoluteURL"]


def expected_links(base):
    """The same links, as they are to be below `base`."""
    below = urllib.parse.urlsplit(base).path
    return [
        f"{base}/v1/personas/?{TEAM}",
        f"{base}/_sandbox/t1/v1/personas/?{TEAM}",
        f"{below}/crud/personas",
        f"{below}/_sandbox/t1/crud/personas",
        f"0;url={below}/crud/personas",
        f"{base}/personas/addedit/8",
    ]


class Report:
    """Each claim as it is looked at, and how many do not hold."""

    def __init__(self):
        self.wrong = 0

    def claim(self, what, found, expected):
        holds = found == expected
        self.wrong += not holds
        print(f"{'ok   ' if holds else 'WRONG'} {what}: {found}" + ("" if holds else f", expected {expected}"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--installed", required=True, type=pathlib.Path, help="what install.sh printed")
    parser.add_argument("--mock", required=True, help="the mock's address")
    parser.add_argument("--trusted", action="store_true", help="the mock trusts its proxy")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    options = parser.parse_args()
    if not options.chromium:
        raise SystemExit("there is no chromium; install it or name it by --chromium")
    report = Report()
    print(f"a mock that {'trusts' if options.trusted else 'does not trust'} its proxy")
    with vite(options.installed, options.mock) as base:
        for call in seen_by_page(options.chromium, f"{base}/"):
            path = call["path"].replace("/v1/personas?", "/v1/personas/?")
            inside = [200, base + path]
            # Without trust the page is led to the mock itself, where it has no credential and Vite's prefix is none.
            outside = [401, options.mock + path.removeprefix("/mock")]
            found = [call["status"], call["url"]]
            report.claim(f"Vite, page, {call['path']}", found, inside if options.trusted else outside)
        if options.trusted:
            below = f"{base}/mock"
            for (path, found), expected in zip(links(below, {}), expected_links(below), strict=True):
                report.claim(f"Vite, {path}", found, expected)
    with nginx(options.installed, options.mock) as base:
        # By its own name, by another, and by a client who says what only a proxy may.
        for host in [urllib.parse.urlsplit(base).netloc, "app.example:8443"]:
            lies = {"Forwarded": "host=evil.example", "X-Forwarded-Port": "1", "X-Forwarded-Host": "evil.example"}
            below = f"http://{host}/mock"
            found = [link for _, link in links(f"{base}/mock", {"Host": host} | lies)]
            if options.trusted:
                for found_link, link in zip(found, expected_links(below), strict=True):
                    report.claim(f"nginx as {host}", found_link, link)
            else:
                # The control: nginx mends what starts with the mock's own address, and nothing else.
                report.claim(f"nginx as {host}, a redirect to a path", found[2], "/crud/personas")
                report.claim(f"nginx as {host}, a link in a body", found[5], f"{options.mock}/personas/addedit/8")
        if options.trusted:
            target = ask(base, f"/mock/v1/personas?{TEAM}", VIJIL)[1]["Location"]
            report.claim("nginx, followed", ask(base, target.removeprefix(base), VIJIL)[0], 200)
    print(f"{report.wrong} wrong")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
