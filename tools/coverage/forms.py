"""What each form of a report must be, whoever reads it. Each judge gives what is wrong, in sentences."""

import collections
import html.parser
import json
import re
import subprocess

import cmarkgfm
from lxml import etree

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
LONGEST = 120


def shown(text):
    """A stranger's words as a report shows them, told a second time."""
    said = ""
    for char in text:
        seen = UNSEEN.sub(lambda found: NAMED.get(found[0], f"\\u{{{ord(found[0]):x}}}"), char)
        if len(said) + len(seen) > LONGEST:
            return said + "…"
        said += seen
    return said


def covered(cell):
    """Whether a cell is covered: as the JSON form's documentation has it, told a second time."""
    reaches = cell["axis"] in ("statuses", "transport", "answer_fields") and cell["injected"] > 0
    return reaches or cell["exercised"] > 0 or cell["refused"] > 0


def cells(coverage):
    return [cell for document in coverage["documents"] for op in document["operations"] for cell in op["cells"]]


def junit(report, coverage, schema, met=0, missed=0):
    """JUnit's XML: against the schema; a test a cell and a threshold, each with a class and a name of its own."""
    root = etree.fromstring(report)
    validator = etree.XMLSchema(etree.parse(schema))
    if not validator.validate(root):
        yield f"the schema: {validator.error_log.last_error}"
    tests = root.findall(".//testcase")
    wanted = cells(coverage)
    if len(tests) != len(wanted) + met + missed:
        yield f"{len(tests)} tests of {len(wanted)} cells"
    failed = [test.get("name") for test in tests if test.find("failure") is not None]
    if len(failed) != missed or int(root.get("failures")) != missed:
        yield f"{failed} failed, and {missed} thresholds are missed"
    for name, count in collections.Counter((test.get("classname"), test.get("name")) for test in tests).items():
        if count > 1:
            yield f"{count} tests are called {name}"
    skipped = sum(test.find("skipped") is not None for test in tests)
    if skipped != sum(not covered(cell) for cell in wanted):
        yield f"{skipped} tests are skipped"
    for suite in root.findall("testsuite"):
        found = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        said = {name: int(suite.get(name)) for name in found}
        if found != said:
            yield f"suite {suite.get('name')} says {said} and has {found}"
    if int(root.get("tests")) != len(tests):
        yield f"{root.get('tests')} tests are said to be {len(tests)}"


def text(report):
    """All that stands in an XML file as text."""
    return "\n".join(etree.fromstring(report).itertext())


def ctrf(report, coverage, reader, met=0, missed=0):
    """The Common Test Report Format: as npm's `ctrf` reads it."""
    read = subprocess.run(["node", reader], input=report, capture_output=True, timeout=60)
    if read.returncode != 0:
        yield f"npm's ctrf: {read.stderr.decode()[-2000:]}"
        return
    found = json.loads(read.stdout)
    said = json.loads(report)["results"]["summary"]
    if any(said[name] != count for name, count in found.items()):
        yield f"the summary says {said} and ctrf counts {found}"
    passed = sum(covered(cell) for cell in cells(coverage))
    wanted = {"passed": passed + met, "failed": missed, "skipped": len(cells(coverage)) - passed, "pending": 0, "other": 0}
    if any(found[name] != count for name, count in wanted.items()):
        yield f"ctrf counts {found}, and {wanted} are wanted"


class Tags(html.parser.HTMLParser):
    """The tags of a page with their attributes, what stands in code, and all else that it says."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.code, self.words, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))
        self.open.append(tag)
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag):
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, text):
        if "code" in self.open:
            self.code[-1] += text
        else:
            self.words.append(text)


MARKDOWN_TAGS = {"h2", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "strong"}


def markdown(report, strange):
    """A pull request's summary: as GitHub's own reader makes a page of it."""
    text = report.decode()
    # Raw HTML is let through, as GitHub does before it cleans the page: what a stranger wrote must need no cleaning.
    page = Tags(cmarkgfm.github_flavored_markdown_to_html(text, options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))
    odd = {tag for tag, _ in page.tags} - MARKDOWN_TAGS
    if odd:
        yield f"its page has {sorted(odd)}"
    for tag, attributes in page.tags:
        if any(name not in ("align", "style") for name, _ in attributes):
            yield f"its page has <{tag} {attributes}>"
    for kind, lines in (("table", text.count("\n|---")), ("tr", text.count("\n|") - text.count("\n|---"))):
        found = sum(tag == kind for tag, _ in page.tags)
        if found != lines:
            yield f"{lines} <{kind}> are written and {found} are read"
    yield from missing(page.code, strange)
    words = " ".join(page.words)
    for word in ("alert", "onerror", "javascript", "@everyone", "|"):
        if word in words:
            yield f"{word!r} stands outside of code: {words[max(0, words.find(word) - 60):][:120]!r}"
    if len(text) >= 65_536:
        yield f"{len(text)} characters are too many for a comment"


def missing(shown, strange):
    """What of a stranger's words is not shown as they wrote it."""
    for word in strange:
        if not any(word in text for text in shown):
            yield f"{word!r} is not shown"
