#!/usr/bin/env python3
"""Shows that the test kits do what docs/testing.md says. See README.md."""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUNNERS = ["vitest", "jest", "playwright", "node", "pytest"]
PAGE = {"vitest": "Vitest", "jest": "Jest", "playwright": "Playwright", "node": "Node's own runner", "pytest": "pytest"}
ENDINGS = {"vitest": "test.mjs", "jest": "test.cjs", "playwright": "spec.mjs", "node": "test.mjs"}
CONFIG = {
    "vitest": (
        "vitest.config.mjs",
        'import { defineConfig } from "vitest/config";\n'
        "export default defineConfig({ test: { globalSetup: %s, maxWorkers: %d, testTimeout: 60_000 } });\n",
    ),
    "jest": (
        "jest.config.cjs",
        'module.exports = { ...(%s.length ? { globalSetup: "persona-mock/setup", globalTeardown: "persona-mock/teardown" } : '
        '{}), maxWorkers: %d, testTimeout: 60_000, testMatch: ["**/*.test.cjs"] };\n',
    ),
    "playwright": (
        "playwright.config.mjs",
        'import { defineConfig } from "@playwright/test";\n'
        'export default defineConfig({ globalSetup: %s, workers: %d, reporter: "list", fullyParallel: true });\n',
    ),
}
COMMAND = {
    "vitest": ["vitest", "run", "--no-color"],
    "jest": ["jest", "--no-color", "--config", "jest.config.cjs"],
    "playwright": ["playwright", "test"],
}


def note(text):
    print(text, flush=True)


def must(holds, what, shown=""):
    if not holds:
        raise SystemExit(f"{what}\n{shown}")


class Place:
    """A folder with the packages as an installation makes them, and what runs there."""

    def __init__(self, work, options):
        self.work, self.options = work, options
        # What hangs less on the runner is asked of two of them, and in full of all.
        self.some = [runner for runner in options.runners if options.full or runner in ["vitest", "pytest"]]
        modules = work / "node_modules"
        modules.mkdir()
        for module in (pathlib.Path(options.modules)).iterdir():
            (modules / module.name).symlink_to(module)
        # As npm copies it: from a link, the kit would look for the runner beside its source.
        shutil.copytree(ROOT / "packages/npm/persona-mock", modules / "persona-mock")
        self.package = modules / "persona-mock"
        self.site = work / "site"
        for package in ["persona_mock", "pytest_persona_mock"]:
            shutil.copytree(ROOT / "packages/python/src" / package, self.site / package)
        self.version = json.loads((self.package / "package.json").read_text())["version"]
        self.tell_python(self.version)

    def tell_python(self, version):
        """What an installation says of the package."""
        for old in self.site.glob("*.dist-info"):
            shutil.rmtree(old)
        told = self.site / f"persona_mock-{version}.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: persona-mock\nVersion: {version}\n")
        (told / "entry_points.txt").write_text("[pytest11]\npersona_mock = pytest_persona_mock\n")

    def env(self, **more):
        env = {name: value for name, value in os.environ.items() if not name.startswith("PERSONA_MOCK_")}
        env |= {"PERSONA_MOCK_BINARY": self.options.binary, "PYTHONPATH": str(self.site), "NO_COLOR": "1"}
        # GitHub's reporters and a colour that is forced are not what is read here.
        for name in ["FORCE_COLOR", "GITHUB_ACTIONS"]:
            env.pop(name, None)
        return env | {name: str(value) for name, value in more.items()}

    def project(self, runner, name, suite=None, copies=1, workers=2, setup=True):
        """A folder with a suite of its own, `copies` files of it."""
        folder = self.work / f"{name}-{runner}"
        folder.mkdir()
        if runner in CONFIG:
            file, text = CONFIG[runner]
            (folder / file).write_text(text % (json.dumps(["persona-mock/setup"] if setup else []), workers))
        for copy in range(copies if suite else 0):
            if runner == "pytest":
                shutil.copy(HERE / f"suites/{suite}_pytest.py", folder / f"test_{suite}_{copy}.py")
            else:
                source = next((HERE / "suites").glob(f"{suite}.{runner}.*"))
                shutil.copy(source, folder / f"{suite}-{copy}.{ENDINGS[runner]}")
                shutil.copy(HERE / "suites/personas.cjs", folder)
        return folder

    def command(self, runner, workers=2):
        if runner == "pytest":
            parallel = ["-n", str(workers)] if workers > 1 else []
            return [f"{self.options.venv}/bin/python", "-m", "pytest", "-p", "no:cacheprovider", *parallel]
        if runner == "node":
            return ["node", "--test"]
        tool, *words = COMMAND[runner]
        return [str(self.work / "node_modules/.bin" / tool), *words]

    def run(self, runner, folder, *words, workers=2, **env):
        """The exit code and all that was printed."""
        done = subprocess.run(
            [*self.command(runner, workers), *words],
            cwd=folder,
            env=self.env(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout


class Own:
    """A server of one's own, as a user starts one beside his tests."""

    def __init__(self, place):
        command = [place.options.binary, "--port", "0", "--until-stdin-closes", "--log", "error", "--require-sandbox"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        must(self.process.wait(30) == 0, "the server did not stop as it should")

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def sandboxes(self):
        return [sandbox["name"] for sandbox in self.get("/_mock/sandboxes")["sandboxes"] if sandbox["name"] != "default"]

    def calls_of(self, operation):
        return statuses(self.get("/_mock/coverage?sandbox=*"), operation)


def processes_in(folder):
    """Those that work in a folder."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if pathlib.Path(os.readlink(process / "cwd")).is_relative_to(folder):
                    found.append((int(process.name), (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
            except OSError:
                pass
    return found


def soon(what, look, seconds=60):
    end = time.monotonic() + seconds
    while not look():
        must(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.05)


def examples(place):
    """Each block of the page is a file, and what it says is so."""
    page = (ROOT / "docs/testing.md").read_text()
    for runner in place.options.runners:
        section = page.split(f"\n## {PAGE[runner]}\n")[1].split("\n## ")[0]
        folder = place.project(runner, "page")
        blocks = re.findall(r"```(?:js|python)\n(?://|#) (\S+)\n(.*?)```", section, re.DOTALL)
        must(blocks, f"the page has no example of {runner}")
        for file, text in blocks:
            (folder / file).write_text(text)
        if runner == "playwright":
            use_chromium(folder)
        code, shown = place.run(runner, folder, workers=1)
        must(code == 0, f"{runner}: the page's example fails", shown)
        must("listening on" not in shown and "curl" not in shown, f"{runner}: the greeting is shown", shown)
        reports = list(folder.glob("persona-mock-report/**/coverage.json"))
        pages = list(folder.glob("persona-mock-report/**/coverage.html"))
        must(len(pages) == 1 and not processes_in(folder), f"{runner}: its end", (shown, processes_in(folder)))
        must(len(reports) == 1 and json.loads(reports[0].read_text())["documents"], f"{runner}: the report", shown)
        note(f"page, {runner}: as it says, with a report")


def leaks(place):
    """No test sees what another one wrote, and a sandbox goes with its test."""
    many, few = (200, 40) if place.options.full else (24, 8)
    for runner in ["vitest", "pytest", "jest", "playwright"]:
        if runner not in place.options.runners:
            continue
        each, workers = (many, 8) if runner in ["vitest", "pytest"] else (few, 8 if place.options.full else 3)
        folder = place.project(runner, "leak", "leak", copies=workers, workers=workers)
        with Own(place) as server:
            # Who starts another server fails.
            env = {"COUNT": each, "PERSONA_MOCK_URL": server.url, "PERSONA_MOCK_BINARY": "/nonexistent"}
            began = time.monotonic()
            code, shown = place.run(runner, folder, workers=workers, **env)
            must(code == 0, f"{runner}: tests of {workers} workers", shown[-8000:])
            tries = {"pytest": 0, "playwright": 2}.get(runner, 3)
            made, left = server.calls_of("vijil.create_persona"), server.sandboxes()
            must(made == workers * (each + tries), f"{runner}: {made} personas made", shown)
            # A try that failed keeps its sandbox.
            kept = {"pytest": 0, "playwright": 1, "vitest": 2, "jest": 2}[runner]
            must(len(left) == workers * kept, f"{runner}: these sandboxes are left: {left}", shown)
            report = folder / "persona-mock-report/coverage.json"
            must("vijil.create_persona" in report.read_text(), f"{runner}: no report of a server that ran already")
        note(f"leaks, {runner}: {workers} workers with {each} tests each, {made} personas, none seen by another test, "
             f"{time.monotonic() - began:.0f} s")


def methods(place):
    """Each method of a kit does what it says."""
    for runner in ["node", "pytest"]:
        if runner in place.options.runners:
            code, shown = place.run(runner, place.project(runner, "api", "api"), workers=1)
            must(code == 0, f"{runner}: the methods", shown)
    note("methods: each does what it says, in both languages")


def failures(place):
    """A failure shows the calls with their hints, what they changed, and a page; its sandbox stays."""
    for runner in place.options.runners:
        folder = place.project(runner, "fails", "fails")
        with Own(place) as server:
            code, shown = place.run(runner, folder, workers=1, PERSONA_MOCK_URL=server.url)
            plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
            must(code == 1, f"{runner}: exit code {code}", shown)
            left = server.sandboxes()
            titles = ["fails-on-purpose", "sends-what-is-ignored", *(["ends-badly"] if runner == "pytest" else [])]
            for title in titles:
                name = [name for name in left if title in name]
                must(len(name) == 1, f"{runner}: {title} is not among {left}", shown)
                for line in [
                    f"the sandbox of this test is kept: {name[0]}\n",
                    f"page: {server.url}/_mock/ui/#/{name[0]}/calls",
                ]:
                    must(plain.count(line) == 1, f"{runner}: {plain.count(line)} times {line!r}", shown)
            must(len(left) == len(titles), f"{runner}: these are left: {left}", shown)
            for pattern in [
                r"\n +#1 POST /v1/personas/ -> 201\n +#2 POST /v1/personas/ -> 422\n +hint: \$\.nam is not known; name, ",
                r"\n +changed:\n +vijil \+ \$\.personas\[id=[0-9a-f-]{36}\]: .*\"Mallory\"",
                r"\n +changed: nothing\n",
                r"nothing_ignored: expected that the vendor ignores nothing, found 1 request against it",
            ]:
                must(re.search(pattern, plain), f"{runner}: nothing is like {pattern}", shown)
        note(f"failures, {runner}: calls, hints, difference and page are shown, and the sandboxes kept")


def kills(place):
    """A runner that is killed leaves no server."""
    for runner in place.some:
        folder = place.project(runner, "hangs", "hangs")
        process = subprocess.Popen(
            place.command(runner),
            cwd=folder,
            env=place.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            soon(f"{runner}: a test that hangs", lambda folder=folder: (folder / "hangs").exists())
            servers = [pid for pid, command in processes_in(folder) if " serve " in command]
            must(len(servers) == 1, f"{runner}: {servers}", processes_in(folder))
            # Node's own runner leaves the process of the file: that is Node's, and killed here as well.
            file = [pid for pid, command in processes_in(folder) if runner == "node" and pid not in servers]
            for pid in [process.pid, *file]:
                os.kill(pid, signal.SIGKILL)
            process.wait()
            soon(f"{runner}: no process is left: {processes_in(folder)}", lambda folder=folder: not processes_in(folder))
        finally:
            process.kill()
            for pid, _ in processes_in(folder):
                os.kill(pid, signal.SIGKILL)
        report = folder / "persona-mock-report"
        must(list(report.glob("**/coverage.json")), f"{runner}: no report of a run that was killed")
        note(f"kill -9, {runner}: no process is left, and the report is there")


def versions(place):
    """A kit of another version names both."""
    major, minor, patch = place.version.split(".")
    manifest = place.package / "package.json"
    told = manifest.read_text()
    for other, refused in [(f"{major}.{int(minor) + 1}.0", True), (f"{major}.{minor}.{int(patch) + 7}", False)]:
        manifest.write_text(told.replace(f'"version": "{place.version}"', f'"version": "{other}"', 1))
        place.tell_python(other)
        for runner in place.some:
            if runner == "node":
                continue
            folder = place.project(runner, f"version-{other}", "leak")
            code, shown = place.run(runner, folder, workers=1, COUNT=2)
            both = f"is persona-mock {place.version} and this test kit is of persona-mock {other}" in shown
            must(both == refused and (code != 0) == refused, f"{runner}: of version {other}", shown)
            must(not processes_in(folder), f"{runner}: a refused server is left")
    manifest.write_text(told)
    place.tell_python(place.version)
    note("versions: another minor version is refused with both named, another patch is taken")


def setups(place):
    """What is missing is named."""
    for runner in place.some:
        if runner in CONFIG:
            folder = place.project(runner, "bare", "fails", setup=False)
            code, shown = place.run(runner, folder)
            must(code == 1 and "globalSetup" in shown and "persona-mock/setup" in shown, f"{runner}: no setup", shown)
    for runner in place.some:
        folder = place.project(runner, "nowhere", "fails")
        code, shown = place.run(runner, folder, PERSONA_MOCK_BINARY="/nonexistent/persona-mock")
        must(code != 0 and "/nonexistent/persona-mock" in shown, f"{runner}: a binary that is not there", shown)
        folder = place.project(runner, "refused", "fails")
        code, shown = place.run(runner, folder, PERSONA_MOCK_AUTH="nonsense")
        must(code != 0 and "PERSONA_MOCK_AUTH" in shown, f"{runner}: a server that does not start", shown)
    note("setups: a missing setup, a missing binary and a server that does not start are told")


def configured(place):
    """A config file that serves one provider and asks for a token is told of, and the variable of the token is taken."""
    suites = {
        "vitest": (
            "one.test.mjs",
            'import { test, expect } from "persona-mock/vitest";\n'
            'test("one", async ({ mock }) => {\n'
            "  expect(Object.keys(mock.urls)).toEqual(['crud']);\n"
            "  expect(mock.urls.crud).toBe(`${mock.url}/crud`);\n"
            '  expect(() => mock.urls.vijil).toThrow("the server does not serve vijil; it serves crud");\n'
            "});\n",
        ),
        "pytest": (
            "test_one.py",
            "import pytest\n\n\ndef test_one(persona_mock):\n"
            "    assert persona_mock.urls == {'crud': f'{persona_mock.url}/crud'}\n"
            "    with pytest.raises(KeyError, match='the server does not serve vijil; it serves crud'):\n"
            "        persona_mock.urls['vijil']\n",
        ),
    }
    for runner, (file, text) in suites.items():
        if runner not in place.options.runners:
            continue
        folder = place.project(runner, "configured")
        (folder / file).write_text(text)
        (folder / "token").write_text("a-token\n")
        (folder / "persona-mock.toml").write_text('only = "crud"\ncontrol-token-file = "token"\n')
        code, shown = place.run(runner, folder, workers=1)
        told = "PERSONA_MOCK_CONTROL_TOKEN" in shown and "PERSONA_MOCK_CONTROL_TOKEN_FILE" in shown
        must(code != 0 and told, f"{runner}: a token that nobody said", shown)
        for said in [{"PERSONA_MOCK_CONTROL_TOKEN_FILE": "token"}, {"PERSONA_MOCK_CONTROL_TOKEN": "a-token"}]:
            code, shown = place.run(runner, folder, workers=1, **said)
            must(code == 0, f"{runner}: {said}", shown)
    note("configured: one provider alone and a token by file; what is missing is told")


def projects(place):
    """A runner with several projects has one server, and the same test in two of them two sandboxes."""
    if "vitest" not in place.options.runners:
        return
    folder = place.project("vitest", "projects", "leak")
    one = '{ test: { name: "%s", globalSetup: ["persona-mock/setup"], testTimeout: 60_000 } }'
    text = 'import { defineConfig } from "vitest/config";\nexport default defineConfig({ test: { projects: [%s, %s] } });\n'
    (folder / "vitest.config.mjs").write_text(text % (one % "a", one % "b"))
    code, shown = place.run("vitest", folder, COUNT=4)
    must(code == 0 and not processes_in(folder), "vitest: two projects", shown)
    reports = list(folder.glob("**/coverage.json"))
    must(len(reports) == 1, "vitest: two projects", shown)
    made = statuses(json.loads(reports[0].read_text()), "vijil.create_persona")
    must(made == 2 * (4 + 3), f"vitest: two projects made {made} personas", shown)
    note("projects, vitest: two projects share a server and no sandbox")


def shards(place):
    """What the page says of a setup of one's own and of shards."""
    if "vitest" not in place.options.runners or not place.options.full:
        return
    folder = place.project("vitest", "shards", "leak", copies=2)
    page = (ROOT / "docs/testing.md").read_text()
    (folder / "mock-setup.mjs").write_text(re.search(r"// mock-setup.mjs\n(.*?)```", page, re.DOTALL)[1])
    config = folder / "vitest.config.mjs"
    config.write_text(config.read_text().replace("persona-mock/setup", "./mock-setup.mjs"))
    for shard in ["1", "2"]:
        env = {"COUNT": 2, "PERSONA_MOCK_REPORT": f"report-{shard}"}
        code, shown = place.run("vitest", folder, "--shard", f"{shard}/2", **env)
        must(code == 0, f"shard {shard}", shown)
    files = sorted(folder.glob("report-*/coverage.json"))
    must(len(files) == 2, f"these reports are there: {files}")
    merge = [place.options.binary, "coverage", "merge", *files, "--format", "json"]
    merged = json.loads(subprocess.run(merge, capture_output=True, text=True, check=True).stdout)
    made = statuses(merged, "vijil.create_persona")
    must(made == 2 * (2 + 3), f"{made} personas in both shards")
    note("shards: a setup of one's own, and two reports that are added up")


def statuses(report, operation):
    """How often an operation was exercised."""
    operations = [one for document in report["documents"] for one in document["operations"]]
    cells = [cell for one in operations if one["operation"] == operation for cell in one["cells"]]
    return sum(cell["exercised"] for cell in cells if cell["axis"] == "statuses")


def ssr(place):
    """A sandbox follows the request for a page through the server that renders it."""
    if "playwright" not in place.options.runners or not place.options.full:
        return
    folder = place.project("playwright", "ssr", "ssr", workers=3)
    use_chromium(folder)
    with Own(place) as server:
        app = subprocess.Popen(
            ["node", HERE / "suites/app.mjs", server.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        env = {"APP_URL": app.stdout.readline().strip(), "PERSONA_MOCK_URL": server.url}
        code, shown = place.run("playwright", folder, **env)
        app.stdin.close()
        must(app.wait(30) == 0 and code == 0, "pages that a server renders", shown)
    note("pages that a server renders: each test's page shows its own sandbox, by cookie and by baggage")


def use_chromium(folder):
    """Playwright brings no browser along here."""
    chromium = '{ launchOptions: { executablePath: "%s", args: ["--no-sandbox"] } }' % shutil.which("chromium")
    config = folder / "playwright.config.mjs"
    config.write_text(config.read_text().replace("defineConfig({", "defineConfig({ use: %s," % chromium))


def verbs(place):
    """What the Python kit asks is in the server's document; the other one's types are made of that."""
    sys.path.insert(0, str(place.site))
    from pytest_persona_mock import _mock, _name

    with Own(place) as server:
        paths = server.get("/_mock/openapi.json")["paths"]
        unknown = [path for path in _mock.VERBS.values() if path not in paths]
        must(not unknown, f"the document has no {unknown}")
    script = "const { sandboxName } = require('persona-mock/node'); console.log(JSON.stringify(TITLES.map((title) => sandboxName({ title }))));"
    titles = ["Größe › \U0001f600 wächst", "", "\U0001f600", "a" * 200, "one two three four five six seven eight nine ten", "../../x?y#z"]
    script = script.replace("TITLES", json.dumps(titles))
    asked = subprocess.run(["node", "-e", script], cwd=place.work, capture_output=True, text=True, check=True)
    names = json.loads(asked.stdout)
    for name, title in zip(names, titles, strict=True):
        must(re.fullmatch(r"[a-z0-9-]{1,40}-[0-9a-f]{10}", name), f"{name} of {title}")
        slug = _name.sandbox_name(title=title)[:-11]
        must(slug == name[:-11], f"{slug} in Python, {name} in JavaScript")
    parts = [{"title": "x", **{part: "y"}} for part in ["title", "file", "project", "retry", "run"]]
    many = [_name.sandbox_name(**part) for part in [{"title": "x"}, *parts]]
    must(len(set(many)) == len(many), f"not each part counts: {many}")
    note("verbs and names: as the server's document says, and the same in both languages")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=os.path.realpath)
    parser.add_argument("--modules", required=True, help="node_modules with the runners")
    parser.add_argument("--venv", required=True, help="virtual environment with pytest")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="an empty folder")
    parser.add_argument("--full", action="store_true", help="8 workers with 200 tests each")
    parser.add_argument("--runners", type=lambda text: text.split(","), default=RUNNERS)
    parser.add_argument("--checks", type=lambda text: text.split(","), help="those alone")
    options = parser.parse_args()
    place = Place(options.work, options)
    for check in [verbs, examples, methods, failures, leaks, configured, projects, shards, ssr, kills, versions, setups]:
        if not options.checks or check.__name__ in options.checks:
            began = time.monotonic()
            check(place)
            note(f"-- {check.__name__}: {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
