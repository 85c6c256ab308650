#!/usr/bin/env python3
"""Shows that each form of the coverage report is what its readers want, whatever strangers said. See README.md."""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import forms
import page
from chromium import Browser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

# What strangers may say: markup, code, ends of what they stand in, and what cannot be seen.
STRANGE = [
    "<script>alert(1)</script>",
    '" onerror="alert(1)',
    "' onload='alert(1)",
    "]]><!--&amp;-->",
    "a\u0001\u000b\u001b[31m\r\n\n# x",
    "\u2028\u202e\u2066\ufeff",
    "|a|`b``|\\|\n| c | d |",
    "[x](javascript:alert(1)) @everyone <img src=x>",
    "</summary></details></table></style></system-out>",
]
PERSONA = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb"
FORMS = ["json", "xml", "ctrf.json", "md", "html"]
MOST_PAGE = 150_000


class Covered(Mock):
    """A mock that writes each form when it ends."""

    def __init__(self, binary, directory):
        self.files = {form: directory / f"run.{form}" for form in FORMS}
        files = [flag for file in self.files.values() for flag in ("--coverage", file)]
        super().__init__(binary, "--auth", "off", *files)

    def end(self):
        """Ends it, which must go well."""
        code, said = super().end()
        if code != 0:
            raise SystemExit(f"the mock does not end well: {said}")

    def call(self, method, path, body=None, headers=None):
        """The answer's status, header fields and body."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})} if data else headers or {}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def get(self, path):
        status, headers, body = self.call("GET", path)
        if status != 200:
            raise SystemExit(f"GET {path}: {status} {body.decode()}")
        return headers, body


def exercise(mock):
    """Calls of every provider, and what strangers may say wherever they may say it."""
    mock.call("GET", "/v1/personas?limit=2")
    mock.call("GET", "/v1/personas/" + "0" * 36)
    mock.call("GET", "/v2/people")
    mock.call("GET", "/crud/personas")
    mock.call("POST", "/crud/personas", {"name": 7})
    mock.call("POST", "/api/Authentication/Login", {"Username": "nobody"})
    mock.call("GET", "/v1/personas", headers={"Prefer": "code=503"})
    for text in STRANGE:
        mock.call("GET", "/v1/" + urllib.parse.quote(text, safe=""))
        mock.call("GET", "/v1/personas?" + urllib.parse.urlencode({text: text}))
        header = text.encode("latin-1", "replace").decode("latin-1").translate({code: "?" for code in range(32)})
        mock.call("GET", "/crud/personas", headers={"X-Strange": header, "Prefer": header})
        mock.call("PUT", PERSONA, {"name": "Ann", text: text, "knowledge": {text: [{text: 1}]}})
        mock.call("POST", "/crud/personas", {"name": text, text: text})


def spoiled(coverage):
    """A coverage in which strangers fill every place, and all is covered: one that a shard may bring to `merge`."""
    coverage = json.loads(json.dumps(coverage))
    texts = itertools.cycle(STRANGE)
    for document in coverage["documents"]:
        document["settings"].update((text, text) for text in STRANGE)
        for operation in document["operations"]:
            operation["path"] += next(texts)
            operation["operation"] += next(texts)
            for cell in operation["cells"]:
                cell["exercised"] += 123
        for number, (cell, text) in enumerate(zip(operation["cells"], texts)):
            cell["name"] += f" {text} {number}"
            if number == 30:
                break
    notes = [{"what": text, "times": 2} for text in STRANGE]
    return {**coverage, "near_misses": notes, "ignored": notes, "unstruck": notes}


def strange_words(coverage):
    """What is listed beside the cells, as far as a report lists it."""
    lists = [coverage.get(name, []) for name in ("near_misses", "ignored", "unstruck")]
    return [[note["what"] for note in notes] for notes in lists]


def judge(form, report, coverage, arguments):
    """What is wrong with a report in a form; a page is judged by a browser."""
    words = [forms.shown(what) for notes in strange_words(coverage) for what in notes[:20]]
    if form == "json":
        if json.loads(report) != coverage:
            yield "not the coverage that was shown"
    elif form == "xml":
        yield from forms.junit(report, coverage, arguments.schema)
        yield from forms.missing([forms.text(report)], words)
    elif form == "ctrf.json":
        yield from forms.ctrf(report, coverage, arguments.ctrf)
    elif form == "md":
        yield from forms.markdown(report, words)
    elif len(report) > MOST_PAGE:
        yield f"{len(report)} bytes, and at most {MOST_PAGE} are allowed"


def merged(binary, directory, coverage, form, *flags, code=0):
    """What `coverage merge` makes of a report."""
    file = directory / "shard.json"
    file.write_text(json.dumps(coverage))
    command = [binary.resolve(), "coverage", "merge", file, "--format", form, *flags]
    done = subprocess.run(command, capture_output=True, timeout=60)
    if done.returncode != code:
        raise SystemExit(f"{command} ends with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--schema", required=True, help="the XSD of JUnit's XML")
    parser.add_argument("--ctrf", required=True, help="the script that reads CTRF")
    arguments = parser.parse_args()
    wrong = []

    def judged(name, findings):
        findings = list(findings)
        print(f"{'ok   ' if not findings else 'WRONG'} {name}")
        for finding in findings:
            print(f"      {finding}")
        wrong.extend(findings)

    with tempfile.TemporaryDirectory() as directory, Browser() as browser:
        directory = pathlib.Path(directory)
        with Covered(arguments.binary.resolve(), directory) as mock:
            exercise(mock)
            for whose in ("", "?sandbox=*"):
                coverage = json.loads(mock.get("/_mock/coverage" + whose)[1])
                noted = strange_words(coverage)
                # No fault has a strange name: the control API takes none.
                told = [any("script" in what for what in notes) for notes in noted[:2]]
                judged(f"strangers' words are listed{whose}", [] if all(told) else [f"not in all lists: {noted}"])
                for form in FORMS[1:]:
                    headers, report = mock.get(f"/_mock/coverage.{form}{whose}")
                    again = mock.get(f"/_mock/coverage.{form}{whose}")[1]
                    judged(f"{form}{whose}: {len(report)} bytes", judge(form, report, coverage, arguments))
                    judged(f"{form}{whose}: the same again", [] if report == again else ["it differs"])
                words = [forms.shown(what) for notes in noted for what in notes[:20]]
                address = f"{mock.url}/_mock/coverage.html{whose}"
                judged(f"html{whose} from the mock", page.judge(browser, address, coverage, words, is_served=True))
            served = {form: mock.get(f"/_mock/coverage.{form}?sandbox=*")[1] for form in FORMS[1:]}
            mock.end()
            for form, file in mock.files.items():
                report = file.read_bytes()
                judged(f"{form} at the end", judge(form, report, coverage, arguments))
                if form in served:
                    judged(f"{form} at the end, as it was served", [] if report == served[form] else ["it differs"])
            address = mock.files["html"].as_uri()
            judged("html from a file", page.judge(browser, address, coverage, words, is_served=False))
            flags = ["--min", "statuses=100%", "--min", "operations=1", "--max", "near_misses=0"]
            held = {name: merged(arguments.binary, directory, coverage, name, *flags, code=3) for name in ("junit", "ctrf")}
            judged("xml with thresholds", forms.junit(held["junit"], coverage, arguments.schema, met=1, missed=2))
            judged("ctrf.json with thresholds", forms.ctrf(held["ctrf"], coverage, arguments.ctrf, met=1, missed=2))
            full = json.loads(json.dumps(coverage))
            for cell in forms.cells(full):
                cell["exercised"] += 123
            judged("html of a full run", judge("html", merged(arguments.binary, directory, full, "html"), full, arguments))
            worst = spoiled(coverage)
            words = [forms.shown(text) for text in STRANGE]
            for form, name in (("xml", "junit"), ("ctrf.json", "ctrf"), ("md", "markdown")):
                report = merged(arguments.binary, directory, worst, name)
                judged(f"{form} that strangers filled", judge(form, report, worst, arguments))
            file = directory / "worst.html"
            file.write_bytes(merged(arguments.binary, directory, worst, "html"))
            judged("html that strangers filled", page.judge(browser, file.as_uri(), worst, words, is_served=False))
    if wrong:
        raise SystemExit(f"coverage: FAILED: {len(wrong)} findings")
    print("coverage: each form is read as it should be")


if __name__ == "__main__":
    main()
