#!/usr/bin/env python3
"""Holds a binary to it that no request keeps a worker for long: check.py BINARY [--full] [--most MS] [--wait MS]. See README.md."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import sys
import tempfile
import threading
import time

import drops
import large
import writes

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

TRIES = 3
OWNER = {"Authorization": "Bearer vijil-owner-token", "Content-Type": "application/json"}


class Watched(Mock):
    """A server of its own, and what the system says of its workers."""

    def __init__(self, binary, flags):
        super().__init__(binary, *flags)
        self.tasks = f"/proc/{self.process.pid}/task"
        self.workers = [task for task in os.listdir(self.tasks) if self.read(task, "comm").startswith("actix-rt")]

    def read(self, task, file):
        try:
            with open(f"{self.tasks}/{task}/{file}") as text:
                return text.read()
        except OSError:
            return ""

    def ask(self, method, target, body=None, fields=None):
        with contextlib.closing(self.connection(120)) as connection:
            connection.request(method, target, body, fields or {})
            answer = connection.getresponse()
            return answer.status, len(answer.read())

    def post(self, target, body, fields):
        """What is answered to a request that makes something."""
        with contextlib.closing(self.connection(120)) as connection:
            connection.request("POST", target, body, fields)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                sys.exit(f"POST {target} answered {answer.status}: {text[:200]!r}")
            return json.loads(text)

    def states(self):
        """What the control API shows of all providers."""
        with contextlib.closing(self.connection(120)) as connection:
            connection.request("GET", "/_mock/state")
            return json.loads(connection.getresponse().read())

    def ran(self, task):
        """How often a thread waited for something, and for how many nanoseconds it ran."""
        waits = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", self.read(task, "status"), re.MULTILINE)
        return int(waits[1]), int(self.read(task, "schedstat").split()[0])


def watch(mock, work):
    """What came of some work; the longest that a worker ran without waiting, and that health was waited for, in ms."""
    over, held, waited = threading.Event(), [0.0], [0.0]

    def look():
        since = {}
        while not over.is_set():
            for task in mock.workers:
                waits, ran = mock.ran(task)
                if since.get(task, (None, 0))[0] != waits:
                    since[task] = (waits, ran)
                held.append((ran - since[task][1]) / 1e6)
            time.sleep(0.001)

    def health():
        while not over.is_set():
            start = time.perf_counter()
            if mock.ask("GET", "/_mock/health")[0] != 200:
                sys.exit("health is not answered")
            waited.append((time.perf_counter() - start) * 1e3)
            time.sleep(0.005)

    threads = [threading.Thread(target=look), threading.Thread(target=health)]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    came = work()
    took = time.perf_counter() - start
    over.set()
    for thread in threads:
        thread.join()
    return came, took, max(held), max(waited)


def idle(mock):
    return watch(mock, lambda: time.sleep(0.5))


def cases(full):
    def unknown(number):
        return {f"unknwon_{member}": "y" * 50 for member in range(number)}

    def verify(call, calls):
        return json.dumps({"calls": [{"call": call}] * calls})

    texts = {f"x-{number}": "y" * 120 for number in range(50)}
    yield "a page of 1,000 entries", ("GET", "/_mock/requests?limit=1000"), {200}
    yield "a HAR", ("GET", "/_mock/requests.har"), {200}
    yield "a pattern of 250 kB", ("POST", "/_mock/verify", verify({"body": unknown(4_000)}, 1)), {400}
    many = 40 if full else 6
    yield f"{many} patterns of 60 kB", ("POST", "/_mock/verify", verify({"body": unknown(850)}, many)), {409}
    yield "a verify that ends late", ("POST", "/_mock/verify", verify({"header": texts}, 400)), {503}
    yield "a body of 48 MB", ("PUT", "/_mock/clock", b"[" + b"1," * (24 << 20)), {400}
    yield "a state", ("GET", "/_mock/state"), {200}
    yield "a difference", ("GET", "/_mock/state/diff"), {200}


def fill(mock):
    """1,000 calls with 1,200 members that nobody knows and 50 header fields, and one of 3 MB."""
    connection = mock.connection()
    fields = OWNER | {f"x-{number}": "z" * 120 for number in range(50)}
    small, large = (json.dumps({f"unknwon_{member}": member for member in range(number)}) for number in (1_200, 200_000))
    for body in [small] * 999 + [large]:
        connection.request("POST", "/v1/personas/", body, fields)
        connection.getresponse().read()
    connection.close()


def hold(mock, cases, asked, ends=None):
    """Does each several times, prints the best figures, and returns what is wrong with them. Once is enough where that is
    within the bounds, unless all figures are asked for: the best of three is then within them, too. `ends` says how much
    longer than on an idle server a worker may be held, and health be waited for, where a world ends."""
    failed = []
    most, wait = ends or (asked.most, asked.wait)
    for name, request, statuses in cases:
        work = request if callable(request) else lambda request=request: mock.ask(*request)
        best, least, soonest = None, float("inf"), float("inf")
        for _ in range(TRIES):
            getattr(work, "first", lambda: None)()
            _, _, idle_held, idle_waited = idle(mock)
            (status, size), took, held, waited = watch(mock, work)
            if status not in statuses:
                failed.append(f"{name}: status {status}")
            figures = (held, waited, took, size, idle_held, idle_waited)
            best = min(best or figures, figures)
            least = min(least, held - idle_held if ends else held)
            soonest = min(soonest, waited - idle_waited)
            if least <= most and soonest <= wait and not asked.full:
                break
        held, waited, took, size, idle_held, idle_waited = best
        print(
            f"{name}: {took:.3f} s, {size} bytes; a worker held {held:.1f} ms (idle {idle_held:.1f}), "
            f"health within {waited:.1f} ms (idle {idle_waited:.1f})",
            flush=True,
        )
        if least > most:
            longer = " longer than on an idle server" if ends else ""
            failed.append(f"{name}: a worker was held for {least:.1f} ms{longer}, and {most:.0f} ms is the most")
        if soonest > wait:
            failed.append(f"{name}: health waited {soonest:.1f} ms longer than on an idle server, and {wait:.0f} ms is the most")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--most", type=float, default=20, help="how long a worker may be held, in ms")
    parser.add_argument("--wait", type=float, default=200, help="how much longer health may wait, in ms")
    parser.add_argument("--full", action="store_true", help="all cases, larger, each three times; and the end of large worlds")
    asked = parser.parse_args()
    timeout = "8s" if asked.full else "4s"
    with Watched(asked.binary, ["--control-timeout", timeout, "--max-body", "8000000", "--journal-body", "8000000"]) as mock:
        states = mock.states()
        fill(mock)
        failed = hold(mock, cases(asked.full), asked)
    with Watched(asked.binary, ["--max-body", "4000000"]) as mock:
        failed += hold(mock, writes.cases(mock, asked.full), asked)
    with tempfile.TemporaryDirectory() as fixtures:
        records = 150_000 if asked.full else 50_000
        large.write(fixtures, states, records)
        room = ["--max-body", "2000000", "--max-state", str(1 << 30), "--max-sandbox-state", str(1 << 30)]
        with Watched(asked.binary, ["--fixtures", fixtures, *room]) as mock:
            one = large.fill(mock)
            failed += hold(mock, large.cases(records, one), asked)
    if asked.full:
        with Watched(asked.binary, drops.FLAGS) as mock:
            failed += hold(mock, drops.cases(mock, states), asked, (drops.MOST, drops.WAIT))
    print(*failed, sep="\n", end="\n" if failed else "")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
