"""Takes the exceptions that schemathesis.toml lists, and no others.

`expected-statuses` and `enabled` would accept whatever an operation answers. An exception here names the
check, the operations and what the answer (`"STATUS BODY"`) looks like; `request` (`"METHOD TARGET\\nBODY"`),
where stated, narrows it to what was asked. Both are regular expressions. `reason` says why the answer is right.
"""

import re
from dataclasses import dataclass

import schemathesis
from schemathesis.checks import CHECKS


@dataclass
class Accepted:
    check: str
    operations: list[str]
    answer: str
    reason: str
    request: str = ""
    met: int = 0

    def __post_init__(self):
        if self.check not in CHECKS.get_all_names():
            raise ValueError(f"there is no check {self.check}")
        if not self.reason.strip():
            raise ValueError(f"{self.operations}: an exception has a reason")

    def covers(self, failure, case, response):
        request = response.request
        body = request.body or b""
        body = body if isinstance(body, str) else body.decode(errors="replace")
        return (
            self.check in failure.checks
            and failure.operation in self.operations
            and re.search(self.answer, f"{response.status_code} {response.text}")
            and re.search(self.request, f"{request.method} {request.path_url}\n{body}")
        )


accepted = []


@schemathesis.check
class exceptions:
    """Reads the list, and at the end says how often each was met."""

    def __init__(self, accept=()):
        accepted[:] = [Accepted(**entry) for entry in accept]

    def after_run(self, ctx):
        print("\nAccepted as the vendor's own behaviour:")
        for entry in accepted:
            print(f"  {entry.met:4} x {entry.check}, {', '.join(entry.operations)}: {entry.reason}")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    for entry in accepted:
        if entry.covers(failure, case, response):
            entry.met += 1
            return False
    return True
