"""Takes the exceptions that schemathesis.toml lists, and no others.

`expected-statuses` and `enabled` would accept whatever an operation answers. An exception here names the
check, the operation and what the answer (`"STATUS BODY"`) looks like; `request` (`"METHOD TARGET\\nBODY"`),
where stated, narrows it to what was asked. Both are regular expressions. `reason` says why the answer is right.
"""

import re
from dataclasses import dataclass

import schemathesis

# What a check reports, by the name of the check.
FAILURES = {
    "RejectedPositiveData": "positive_data_acceptance",
    "AcceptedNegativeData": "negative_data_rejection",
    "EnsureResourceAvailability": "ensure_resource_availability",
    "UnsupportedMethodResponse": "unsupported_method",
    "AllowHeaderMismatch": "allow_header_conformance",
    "MissingHeaderNotRejected": "missing_required_header",
}


@dataclass
class Accepted:
    check: str
    operation: str
    answer: str
    reason: str
    request: str = ""
    met: int = 0

    def __post_init__(self):
        if self.check not in FAILURES.values():
            raise ValueError(f"no exception is possible from the check {self.check}")
        if not self.reason.strip():
            raise ValueError(f"{self.operation}: an exception has a reason")

    def covers(self, failure, case, response):
        request = response.request
        body = request.body or b""
        body = body if isinstance(body, str) else body.decode(errors="replace")
        return (
            FAILURES.get(type(failure).__name__) == self.check
            and case.operation.label == self.operation
            and re.search(self.answer, f"{response.status_code} {response.text}")
            and re.search(self.request, f"{request.method} {request.path_url}\n{body}")
        )


accepted = []


@schemathesis.check
class exceptions:
    """Reads the list, and at the end says how often each was met."""

    def __init__(self, accept):
        accepted[:] = [Accepted(**entry) for entry in accept]

    def after_run(self, ctx):
        print("\nAccepted as the vendor's own behaviour:")
        for entry in accepted:
            print(f"  {entry.met:4} x {entry.check}, {entry.operation}: {entry.reason}")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    for entry in accepted:
        if entry.covers(failure, case, response):
            entry.met += 1
            return False
    return True
