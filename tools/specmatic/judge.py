#!/usr/bin/env python3
"""Runs Specmatic over one provider's document and judges what it reports.

Every operation must have a test that succeeds, and a test that fails must be in EXCEPTIONS. An exception that no
test needs fails too, so that the list stays true.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import urllib.request

SENT_AGAIN = "the tool sends the example once for each form of a body; the persona is gone after the first"

# By provider: how a test's name begins, and why it may fail.
EXCEPTIONS = {
    "vijil": {
        "POST /v1/auth/change-password -> 400 with the request from the example 'same'": (
            "the example 'changed' has changed the password before; the tool cannot reset the mock in between"
        ),
    },
    "crud": {
        "DELETE /crud/personas -> 200 with the request from the example 'one' where REQUEST.BODY contains": SENT_AGAIN,
    },
    "equals_money": {
        "GET /v2/people -> 200 with the request from the example 'one'": (
            "the tool takes one value of a list with commas between (`explode: false`) for no list"
        ),
    },
}
METHODS = ("get", "put", "post", "delete", "patch")
OUTCOME = re.compile(r"^ *Scenario: (?P<name>.*) has (?P<outcome>SUCCEEDED|FAILED)$", re.MULTILINE)


def document(mock, provider):
    with urllib.request.urlopen(f"{mock}/_mock/openapi/{provider}.json") as answer:
        return json.load(answer)


def credentials(stated):
    """Specmatic takes the credential of a scheme from the variable of its name."""
    return {name: scheme["x-example"] for name, scheme in stated["components"]["securitySchemes"].items()}


def run(jar, mock, provider, stated):
    with open(f"{provider}.json", "w", encoding="utf-8") as file:
        json.dump(stated, file)
    # --lenient: it knows no credential in a cookie, and would run nothing of a document that names one.
    command = ["java", "-jar", jar, "test", "--lenient", f"--testBaseURL={mock}", f"{provider}.json"]
    # One request a test: all combinations of the members that may be absent are thousands.
    environment = {**os.environ, **credentials(stated), "MAX_TEST_REQUEST_COMBINATIONS": "1"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    found = [(match["name"], match["outcome"] == "SUCCEEDED") for match in OUTCOME.finditer(ended.stdout)]
    if not found:
        sys.exit(f"specmatic: {provider}: it ran no test\n{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}")
    return found, ended.stdout


def is_of(name, method, path):
    """Whether a test is of an operation. Specmatic writes the type of a parameter beside its name."""
    parts = [r"\([^/]*\)" if part.startswith("{") else re.escape(part) for part in path.split("/")]
    return re.match(f"{method.upper()} {'/'.join(parts)} ->", name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", required=True)
    parser.add_argument("--mock", required=True)
    parser.add_argument("provider")
    asked = parser.parse_args()
    stated = document(asked.mock, asked.provider)
    found, printed = run(asked.jar, asked.mock, asked.provider, stated)

    wrong = []
    accepted = EXCEPTIONS.get(asked.provider, {})
    met = {start: 0 for start in accepted}
    for name, succeeded in found:
        start = next((start for start in accepted if name.startswith(start)), None)
        if not succeeded and start is None:
            wrong.append(f"{name} failed")
        elif not succeeded:
            met[start] += 1
    wrong.extend(f"no test needs the exception {start!r}" for start, count in met.items() if not count)
    operations = [(method, path) for path, item in stated["paths"].items() for method in METHODS if method in item]
    for method, path in operations:
        if not any(succeeded for name, succeeded in found if is_of(name, method, path)):
            wrong.append(f"{method.upper()} {path}: no test of it succeeded")

    passed = sum(succeeded for _, succeeded in found)
    print(f"specmatic: {asked.provider}: {len(operations)} operations, {passed} of {len(found)} tests passed")
    for start, count in met.items():
        print(f"  {count} x {start}: {accepted[start]}")
    if wrong:
        print(printed[-20000:])
        sys.exit("\n".join(f"specmatic: {asked.provider}: {line}" for line in wrong))


main()
