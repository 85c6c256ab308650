#!/usr/bin/env python3
"""Holds a server to it that no client on a bad network, and none that means harm, keeps it from serving others.

First the forms of request smuggling (`forms.py`): each is refused or read as it must be, whole, in pieces and byte by byte
alike; the journal says what was read. Then the clients of `attacks.py`, one kind after the other: heads and bodies that trickle
or stop, answers that nobody reads, resets, pipelines, TLS and HTTP/2 at the plain port, thousands of idle connections. Others
are asked for something all the while, and wait no longer than a multiple of what they waited before and after, when nobody was
there: so the bound holds on a busy machine, too. At the end the file handles are back, and the memory: a binary that is
linked to glibc keeps that for itself (see `tools/memory/check.py`), so there the last attack must do with what it had before.
Needs Linux, for /proc.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import random
import resource
import socket
import sys
import threading
import time

import attacks
from forms import all_forms

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

WAYS = ("whole", "in pieces", "byte by byte")
ASKED = "/crud/personas?limit=1"
CRUD = {"Authorization": "Bearer vm_anything"}
# How much longer than undisturbed others may wait: so many times, and so many seconds. Those who disturb need a share of the
# processor for themselves, so the slowest call has more.
MEDIAN, SLOWEST = (6, 0.005), (6, 0.5)
# How much may be resident beyond what was, once all are gone.
MORE = 64 << 20
SETTLED_S = 30
HASTY = ("--head-timeout", "2s", "--body-timeout", "2s", "--unread-timeout", "2s")


def send(port, data, way, dice):
    """Sends some bytes and says no more; all that is answered until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # Whoever is refused is cut off, whatever he still has to say.
            if way == "whole":
                client.sendall(data)
            else:
                cuts = range(len(data)) if way == "byte by byte" and len(data) < 4_000 else dice.sample(range(len(data)), 6)
                for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(data)]):
                    client.sendall(data[begin:end])
                    if way == "in pieces":
                        time.sleep(0.002)
            client.shutdown(socket.SHUT_WR)
        said = b""
        with contextlib.suppress(ConnectionError):
            while piece := client.recv(1 << 16):
                said += piece
    return said


def statuses(said):
    """The statuses of the answers that some bytes are; None behind them where bytes are left that are no answer."""
    found = []
    while said:
        head, end, rest = said.partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        if not end or not words[0].startswith(b"HTTP/1."):
            return [*found, None]
        status = int(words[1])
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields.get(b"content-length", 0)) if status >= 200 else 0
        if length > len(rest):
            return [*found, None]
        found += [status] if status >= 200 else []
        said = rest[length:]
    return found


def smuggle(binary):
    """Sends every form in every way; what is wrong."""
    failed, forms = [], list(all_forms())
    with Mock(binary) as mock:

        def one(asked):
            number, way = asked
            name, sent, _ = forms[number]
            place = f"/crud/personas?limit=1&form={number}-{WAYS.index(way)}"
            return statuses(send(mock.port, sent(f"{place}-first", f"{place}-second"), way, random.Random(f"{name} {way}")))

        asked = [(number, way) for number in range(len(forms)) for way in WAYS]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answered = dict(zip(asked, pool.map(one, asked)))
        read = collections.Counter()
        for target in targets(mock):
            read[target.partition("form=")[2] or target] += 1
    counts = collections.Counter()
    for number, (name, _, outcomes) in enumerate(forms):
        came = []
        for way in WAYS:
            found = answered[number, way]
            first, second = (read[f"{number}-{WAYS.index(way)}-{which}"] for which in ("first", "second"))
            if second or len(found) > 1:
                outcome = "2" if first <= 1 and second == 1 and len(found) == 2 and None not in found else f"2? {found}"
            else:
                is_told = len(found) == 1 and found[0] is not None
                outcome = f"? {found}" if not is_told else "R" if found[0] >= 400 else "1"
            came.append(outcome)
        counts[came[0]] += 1
        if set(came) - set(outcomes) or len(set(came)) > 1:
            failed.append(f"{name}: expected one of {', '.join(outcomes)}, found {dict(zip(WAYS, came))}")
    # What no form asked for was made of parts of two. The target of a CONNECT is a host.
    strange = [target for target in read if target != "m:80" and target.rpartition("-")[2] not in ("first", "second")]
    if strange:
        failed.append(f"requests were read that nobody sent: {strange[:5]}")
    shown = f"{counts['R']} refused, {counts['1']} read as one request, {counts['2']} as two"
    print(f"networks: {len(forms)} forms in {len(WAYS)} ways: {shown}; {len(failed)} faults", flush=True)
    return failed


def targets(mock):
    """The targets of all requests that the journal has."""
    connection = mock.connection()
    cursor = ""
    while True:
        connection.request("GET", f"/_mock/requests?limit=1000{cursor}")
        page = json.loads(connection.getresponse().read())
        yield from (entry["request"]["target"] for entry in page["requests"])
        if "next" not in page:
            break
        cursor = f"&cursor={page['next']}"
    connection.close()


class Others:
    """Clients that mean no harm: one on a connection that stays, and one on a new connection for each call."""

    def __init__(self, mock):
        self.mock = mock

    def watch(self, seconds):
        """The median and the longest of what they waited for, in seconds, and what went wrong."""
        waited, wrong = [], []
        until = time.perf_counter() + seconds
        stays = self.mock.connection(30)
        while time.perf_counter() < until or len(waited) < 20:
            for connection in (stays, self.mock.connection(30)):
                start = time.perf_counter()
                try:
                    connection.request("GET", ASKED, None, CRUD)
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 200:
                        wrong.append(f"status {answer.status}")
                except (OSError, http.client.HTTPException) as error:
                    wrong.append(repr(error))
                    stays = self.mock.connection(30)
                waited.append(time.perf_counter() - start)
                if connection is not stays:
                    connection.close()
            if len(wrong) > 5:
                break
            time.sleep(0.002)
        stays.close()
        waited.sort()
        return waited[len(waited) // 2], waited[-1], wrong


def handles(mock):
    return len(os.listdir(f"/proc/{mock.process.pid}/fd"))


def settle(look, wanted):
    """What is there once it is no more than wanted, or after a while."""
    until = time.monotonic() + SETTLED_S
    while (last := look()) > wanted and time.monotonic() < until:
        time.sleep(0.2)
    return last


def disturb(binary, kinds, seconds, flags=()):
    """Each kind of attack, with others who are served; what is wrong."""
    failed = []
    with Mock(binary, "--journal-size", 0, *flags) as mock:
        others = Others(mock)
        others.watch(1)  # What is made once is made.
        files, resident = handles(mock), [mock.resident()]
        calm = [others.watch(seconds)]
        for name, attack in kinds:
            over, begun = threading.Event(), threading.Event()
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                under_way = pool.submit(attack, mock.port, over, begun)
                begun.wait(60)
                median, slowest, wrong = others.watch(seconds)
                most = handles(mock)
                over.set()
                told, faults = under_way.result()
            last = settle(lambda: handles(mock), files + 4)
            calm.append(others.watch(seconds / 2))
            resident.append(mock.resident())
            limits = [max(one[at] for one in calm[-2:]) * bound[0] + bound[1] for at, bound in enumerate((MEDIAN, SLOWEST))]
            waited = [f"{one[0] * 1e3:.2f} ms, at most {one[1] * 1e3:.1f}" for one in ((median, slowest), calm[-1])]
            shown = f"others within {waited[0]} (calm {waited[1]})"
            print(f"networks: {name}: {told}; {shown}; {most} files open, then {last}; {resident[-1] >> 20} MiB", flush=True)
            failed += [f"{name}: {fault}" for fault in faults + wrong[:3]]
            for what, found, limit in zip(("half of the others", "one of the others"), (median, slowest), limits):
                if found > limit:
                    failed.append(f"{name}: {what} waited {found * 1e3:.1f} ms, expected at most {limit * 1e3:.1f}")
            if last > files + 4:
                failed.append(f"{name}: {last} files are open when all are gone, expected {files}")
        if gives_back(binary):
            wanted = resident[0] + MORE
            last = settle(mock.resident, wanted)
        else:
            wanted = int(resident[-2] * 1.1) + MORE // 4
            last = mock.resident()
        print(f"networks: {resident[0] >> 20} MiB resident before, {last >> 20} at the end, expected at most {wanted >> 20}")
        if last > wanted:
            failed.append(f"{last >> 20} MiB are resident when all are gone, expected at most {wanted >> 20}")
        code, said = mock.end()
        if code or "panic" in said or "ERROR" in said:
            failed.append(f"the server ended with {code} and said {said[-300:]!r}")
    return failed


def gives_back(binary):
    """Whether what is let go of goes back to the system: so it does where the allocator is the image's, in a static binary."""
    return b"/ld-linux" not in pathlib.Path(binary).read_bytes()[:4096]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--full", action="store_true", help="10,000 idle connections, and each attack for longer")
    asked = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    idle = min(10_000 if asked.full else 3_000, hard - 500)
    seconds = 3 if asked.full else 1.5
    failed = smuggle(asked.binary)
    failed += disturb(asked.binary, attacks.hasty(asked.full), seconds, HASTY)
    failed += disturb(asked.binary, attacks.patient(idle), seconds / 2)
    print(*(f"networks: FAILED: {fault}" for fault in failed), sep="\n", end="\n" if failed else "")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
