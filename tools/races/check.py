#!/usr/bin/env python3
"""Races clients of one sandbox and holds every answer to it that there is one order of the calls which explains all of them.

One persona that many write, read and change by its ETag; four personas that batches and single writes change; the data of
all providers, of which snapshots and exports are one moment, and which restores and resets put back; resets against writes,
after which the journal has the writes that are there and no other; and a sandbox that expires while it is used. The checker
of histories (`linear.py`) is first held to histories that are wrong. A seed repeats what the clients ask, and not how the
calls meet. Prints its figures, and of a fault the calls up to the answer that no order explains.
"""

import argparse
import collections
import pathlib
import random
import sys
import threading
import time

import worlds
from linear import Call, order, prove, read, shortest, write

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

CLIENTS = 6
# How long a sandbox of the last race may be idle, in seconds.
TTL = 1
SHOWN = 25


def judge(what, calls, start):
    """What is wrong with a history: nothing, or the calls that no order explains."""
    if order(calls, start) is not None:
        return []
    found = shortest(calls, start)
    lines = [f"  {call.start - found[0].start:9.6f} to {call.end - found[0].start:9.6f}  {call.what}" for call in found[-SHOWN:]]
    told = f"{what}: no order of {len(found)} calls explains their answers from {start!r} on; the last of them, in seconds:"
    return ["\n".join([told, *lines])]


def persona(mock, name, dice):
    """One persona, and whoever changes it by the ETag that he read."""
    row = f"/_mock/state/vijil/personas/{worlds.PERSONA}"
    vijil = worlds.PLACES.index("vijil")

    def changed(client, value):
        start, end, answer, said = client.ask("GET", row)
        before = said["row"]["name"] if "row" in said else said["name"]
        yield Call(start, end, f"row = {before}", read(before))
        tag = worlds.JSON | {"If-Match": answer.getheader("ETag")}
        start, end, answer, _ = client.ask("PATCH", row, {"name": value}, tag, (200, 412))
        if answer.status == 200:
            yield Call(start, end, f"{before} -> {value}", lambda now: value if now == before else None)
        else:
            yield Call(start, end, f"no longer {before}", lambda now: now if now != before else None)

    def worker(number, seed):
        own = random.Random(seed)

        def run(client):
            for turn in range(25):
                value = f"c{number}-{turn}"
                pick = own.random()
                if pick < 0.4:
                    start, end, *_ = worlds.write(client, vijil, value)
                    yield Call(start, end, f":= {value}", write(value))
                elif pick < 0.75:
                    start, end, value = worlds.read(client, vijil)
                    yield Call(start, end, f"= {value}", read(value))
                elif pick < 0.95:
                    yield from changed(client, value)
                else:
                    start, end, *_ = client.ask("POST", "/_mock/reset", {"only": "vijil"})
                    yield Call(start, end, f"reset, := {first}", write(first))

        return run

    client = worlds.Client(mock, name)
    first = worlds.read(client, vijil)[2]
    client.close()
    calls = worlds.race(mock, name, [worker(number, dice.random()) for number in range(CLIENTS)])
    return len(calls), judge(f"one persona ({name})", calls, first)


def batch(mock, name, dice):
    """Four personas: a batch changes all of them at once."""

    def worker(number, seed):
        own = random.Random(seed)

        def run(client):
            for turn in range(20):
                yield worlds.listed(client) if own.random() < 0.5 else worlds.batch(client, f"c{number}-{turn}", own)

        return run

    client = worlds.Client(mock, name)
    _, _, _, said = client.ask("GET", f"/crud/personas?project_id={worlds.PROJECT}", None, worlds.CRUD)
    names = {one["id"]: one["name"] for one in said["personas"]}
    client.close()
    calls = worlds.race(mock, name, [worker(number, dice.random()) for number in range(CLIENTS)])
    return len(calls), judge(f"a batch ({name})", calls, tuple(names[one] for one in worlds.BATCH))


def moments(mock, name, dice):
    """All providers: what a snapshot or an export shows is one moment, and a restore or a reset puts all back at once."""
    over = threading.Event()

    def writer(place, seed):
        own = random.Random(seed)

        def run(client):
            for turn in range(30):
                at = place if own.random() < 0.7 else own.randrange(len(worlds.PLACES))
                yield worlds.wrote(client, at, f"c{place}-{turn}") if own.random() < 0.6 else worlds.looked(client, at)
            over.set()

        return run

    def keeper(seed):
        own = random.Random(seed)

        def run(client):
            kept = []
            while not over.is_set() and len(kept) < 40:
                saved = f"s{seed}-{len(kept)}"
                start, end, *_ = client.ask("PUT", f"/_mock/snapshots/{saved}")
                values = worlds.texts(client.ask("GET", f"/_mock/snapshots/{saved}")[3])
                kept.append(values)
                yield Call(start, end, f"snapshot = {values}", worlds.same(values))
                if own.random() < 0.1:
                    start, end, *_ = client.ask("POST", f"/_mock/snapshots/{saved}/restore")
                    yield Call(start, end, f"restored {values}", lambda _, values=values: values)
                elif own.random() < 0.05:
                    start, end, *_ = client.ask("POST", "/_mock/reset")
                    yield Call(start, end, "reset", lambda _: first)
                elif own.random() < 0.2:
                    start, end, _, said = client.ask("GET", "/_mock/state")
                    values = worlds.texts(said)
                    yield Call(start, end, f"export = {values}", worlds.same(values))

        return run

    client = worlds.Client(mock, name)
    first = worlds.texts(client.ask("GET", "/_mock/state")[3])
    client.close()
    writers = [writer(place, dice.random()) for place in range(len(worlds.PLACES))]
    calls = worlds.race(mock, name, [*writers, keeper(dice.randrange(1 << 30)), keeper(dice.randrange(1 << 30))])
    return len(calls), judge(f"all providers ({name})", calls, first)


def resets(mock, name, dice):
    """Writers make personas while the sandbox is reset: then the journal has those that are there, and no other."""
    made = {"project_id": worlds.PROJECT, "name": "Tess"}

    def worker(client):
        for _ in range(4):
            client.ask("POST", "/crud/personas", made, worlds.CRUD)
        return ()

    def resetter(client):
        time.sleep(dice.random() * 0.004)
        client.ask("POST", "/_mock/reset")
        return ()

    client = worlds.Client(mock, name)
    before = {one["id"] for one in client.ask("GET", "/_mock/state/crud")[3]["personas"]}
    worlds.race(mock, name, [worker, worker, worker, resetter])
    there = {one["id"] for one in client.ask("GET", "/_mock/state/crud")[3]["personas"]} - before
    page = client.ask("GET", "/_mock/requests?limit=1000")[3]
    client.close()
    told = collections.Counter(entry["answer"]["json"]["id"] for entry in page["requests"])
    failed = []
    if gone := sorted(set(told) - there):
        failed.append(f"the journal has {len(gone)} of {len(told)} calls whose write is gone: {gone}")
    if missing := sorted(there - set(told)):
        failed.append(f"the journal lacks {len(missing)} of {len(there)} writes that are there: {missing}")
    if page["written"] != len(page["requests"]) or max(told.values(), default=1) > 1:
        failed.append(f"{page['written']} are counted, and {len(page['requests'])} listed, of which some made the same: {told}")
    numbers = [entry["number"] for entry in page["requests"]]
    if numbers != list(range(1, len(numbers) + 1)):
        failed.append(f"the journal is numbered {numbers}")
    return 13, [f"a reset against writes ({name}): {fault}" for fault in failed]


def expiry(mock, name, dice):
    """A sandbox that expires after a second, and clients that come after about that: what was used meanwhile is there, and
    a loss is told to the one who meets it."""
    vijil = worlds.PLACES.index("vijil")
    client = worlds.Client(mock, "none")
    client.ask("PUT", f"/_mock/sandboxes/{name}", {"ttl": f"{TTL}s"})
    client.close()
    first = worlds.read(worlds.Client(mock, f"{name}-other"), vijil)[2]
    waits = [dice.uniform(0.9, 1.12) * TTL for _ in range(4)]

    def worker(number):
        def run(client):
            began = time.perf_counter()
            for turn, wait in enumerate(waits):
                began += wait
                time.sleep(max(0, began - time.perf_counter()))
                value = f"c{number}-{turn}"
                if number % 2:
                    fields = worlds.VIJIL
                    start, end, answer, _ = client.ask("PUT", f"/v1/personas/{worlds.PERSONA}", {"name": value}, fields)
                else:
                    target = f"/v1/personas/{worlds.PERSONA}?team_id={worlds.TEAM}"
                    start, end, answer, said = client.ask("GET", target, None, worlds.VIJIL)
                    value = said["name"]
                yield start, end, bool(number % 2), value, answer.getheader("X-Mock-Sandbox-Created")

        return run

    uses = sorted(worlds.race(mock, name, [worker(number) for number in range(CLIENTS)]))
    calls, failed = [], []
    for start, end, writes, value, created in uses:
        # Whoever is told that it is another one meets its start; whoever is not, what was there.
        met = (lambda _: first) if created else (lambda state: state)
        if writes:
            calls.append(Call(start, end, f":= {value} ({created})", write(value)))
        else:
            step = lambda now, met=met, value=value: value if met(now) == value else None
            calls.append(Call(start, end, f"= {value} ({created})", step))
        used = [one for one in uses if one[1] < start and end - one[0] < TTL and one[2]]
        if created and used:
            failed.append(f"expiry ({name}): {created} {end - used[-1][0]:.3f} s after a write, and it stays for {TTL} s")
    return len(calls), failed + judge(f"expiry ({name})", calls, first)


def rounds(mock, what, race, seconds, most, dice):
    """Repeats a race for so long, or so often; what is wrong."""
    began, count, calls, failed = time.perf_counter(), 0, 0, []
    # A race that is not over when its time is ends all the same, so each is run at least once.
    while not count or (time.perf_counter() - began < seconds and count < most):
        made, wrong = race(mock, f"{race.__name__}-{count}", dice)
        count, calls, failed = count + 1, calls + made, failed + wrong
    took = time.perf_counter() - began
    print(f"races: {what}: {count} rounds, {calls} calls in {took:.1f} s; {len(failed)} faults", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=float, default=24, help="for all races together")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    right, wrong = prove()
    print(f"races: {right} histories that are right are told from {wrong} that are wrong; --seed {asked.seed}", flush=True)
    dice, share = random.Random(asked.seed), asked.seconds / 6
    failed = []
    with Mock(asked.binary) as mock, Mock(asked.binary, "--history-bytes", 0) as forgetful:
        try:
            failed += rounds(mock, "one persona", persona, share, 1_000, dice)
            failed += rounds(mock, "a batch", batch, share, 1_000, dice)
            failed += rounds(mock, "all providers", moments, share, 1_000, dice)
            failed += rounds(mock, "a reset against writes", resets, share, 300, dice)
            failed += rounds(forgetful, "the same without a history", resets, share, 300, dice)
            failed += rounds(mock, "expiry", expiry, share, 1_000, dice)
        except worlds.Unasked as error:
            failed.append(str(error))
    print(*(f"races: FAILED: {fault}" for fault in failed), sep="\n", end="\n" if failed else "")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
