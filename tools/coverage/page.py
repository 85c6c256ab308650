"""What a browser makes of the page: nothing is loaded, nothing runs, all is said."""

import json

import forms

TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "code", "details", "summary",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "colspan", "open"}

LOOK = """(() => {
  const all = [...document.querySelectorAll("*")];
  const folds = [...document.querySelectorAll("details")];
  const row = folds.at(-1).querySelector("td");
  const folded = folds.every((fold) => !fold.open) && !row.checkVisibility();
  folds.at(-1).querySelector("summary").click();
  return {
    tags: [...new Set(all.map((element) => element.localName))],
    attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))],
    text: document.body.textContent,
    rows: document.querySelectorAll("h2 ~ details tbody > tr:not(.e) > td:first-child").length,
    others: [...document.querySelectorAll("h2 ~ details tbody > tr.e > td")]
      .map((cell) => cell.textContent.split(", ").length).reduce((one, other) => one + other, 0),
    folds: folds.length,
    folded,
    unfolded: row.checkVisibility(),
    styled: getComputedStyle(document.querySelector("table")).borderCollapse,
    origin: String(window.origin),
    mode: document.compatMode,
  };
})()"""


def judge(browser, address, coverage, words, is_served):
    """What is wrong with a page at an address, in sentences."""
    events = browser.open(address)
    for event in events:
        method, about = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent" and about["request"]["url"] != address:
            yield f"it asks for {about['request']['url']}"
        if method in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
            yield f"{method}: {json.dumps(about)[:500]}"
    if not any(event.get("method") == "Network.requestWillBeSent" for event in events):
        yield "the browser tells of no request, not even of the page's"
    seen = browser.evaluate(LOOK)
    for kind, known in (("tags", TAGS), ("attributes", ATTRIBUTES)):
        odd = set(seen[kind]) - known
        if odd:
            yield f"it has {kind} {sorted(odd)}"
    if not (seen["folded"] and seen["unfolded"]):
        yield f"it does not fold: {seen['folded']}, {seen['unfolded']}"
    if seen["styled"] != "collapse":
        yield "its own style is refused"
    if seen["mode"] != "CSS1Compat":
        yield "it is shown in quirks mode"
    if is_served and seen["origin"] != "null":
        yield f"it is no sandbox: its origin is {seen['origin']}"
    operations = sum(len(document["operations"]) for document in coverage["documents"])
    if seen["folds"] < operations:
        yield f"{seen['folds']} parts are folded, of {operations} operations"
    covered = [forms.covered(cell) for cell in forms.cells(coverage)]
    if (seen["rows"], seen["others"]) != (covered.count(True), covered.count(False)):
        yield f"{seen['rows']} cells are covered and {seen['others']} are not, of {len(covered)}"
    yield from forms.missing([seen["text"]], words)
