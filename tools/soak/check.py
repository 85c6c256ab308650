#!/usr/bin/env python3
"""Uses a server as suites do, for long: sandboxes are made, written, snapshotted, restored, reset and deleted, faults are armed
and strike, connections are cut, streams are followed, and the fixtures are replaced under `--watch` all the while.

Held is: no answer that was not asked for; every acknowledged write is read back; each journal has the calls that were made in
its sandbox and no other, and the metrics all of them; a stream tells each once; and after a third of the time, which warms it
up, what is resident grows by no more than 5 %. Where it grows more, what the server says that it holds is told beside it: what
is resident and not held is the allocator's. A seed repeats what each client does, and not how they meet.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from served import Mock

CLIENTS = 4
# How many sandboxes each client uses, again and again.
SANDBOXES = 6
GROWTH = 1.05
JSON = {"Content-Type": "application/json"}
CRUD = {"Authorization": "Bearer vm_anything"} | JSON
VIJIL = {"Authorization": "Bearer vijil-owner-token"} | JSON
PROJECT = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10"
FIRST = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01"
PERSONA = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb"
TEAM = "?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee"
NAMES = [f"Dave {number}" for number in range(5)]


class Wrong(Exception):
    """Something that was not asked for."""


class Client:
    """One client: it knows what it wrote, and how often it called."""

    def __init__(self, mock, number, seed):
        self.mock, self.number, self.dice = mock, number, random.Random(f"{seed} {number}")
        self.connection = mock.connection(60)
        self.calls, self.lives, self.kinds = 0, 0, collections.Counter()

    def ask(self, method, target, body=None, fields=JSON, status=(200, 201, 204)):
        """What is answered, of a call to a vendor that counts."""
        text = None if body is None else json.dumps(body)
        self.connection.request(method, f"/_sandbox/{self.name}{target}", text, fields)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status not in status:
            raise Wrong(f"{method} {target} in {self.name} answered {answer.status}, expected {status}: {said[:200]!r}")
        if not target.startswith("/_mock/"):
            self.calls, self.kept = self.calls + 1, self.kept + 1
        return json.loads(said) if said else None

    def held(self, what, found, expected):
        if found != expected:
            raise Wrong(f"{what} in {self.name}: expected {expected!r}, found {found!r}")

    def life(self):
        """One use of a sandbox."""
        self.name, self.kept, self.made = f"c{self.number}-{self.lives % SANDBOXES}", 0, {}
        self.lives += 1
        self.ask("POST", "/_mock/reset")
        start = self.ask("GET", f"/crud/personas?id={FIRST}", None, CRUD)["name"]
        if start not in NAMES:
            raise Wrong(f"{self.name} starts at {start!r}, expected one of {NAMES}")
        acts = [self.write, self.write, self.write, self.change, self.fault, self.cut, self.moment, self.follow, self.batch]
        for _ in range(self.dice.randrange(5, 25)):
            act = self.dice.choice(acts)
            self.kinds[act.__name__] += 1
            act()
        self.check()
        if self.dice.random() < 0.3:
            self.ask("DELETE", f"/_mock/sandboxes/{self.name}")

    def check(self):
        """All that was written is there, and the journal has all calls."""
        for id_, name in self.made.items():
            self.held(f"persona {id_}", self.ask("GET", f"/crud/personas?id={id_}", None, CRUD)["name"], name)
        listed = self.ask("GET", f"/crud/personas?project_id={PROJECT}&limit=100", None, CRUD)["personas"]
        self.held("the personas that were made", {one["id"] for one in listed} & set(self.made), set(self.made))
        page = self.ask("GET", "/_mock/requests?limit=1000")
        self.held("the calls that the journal counted", (page["written"], page["gone"]), (self.kept, 0))
        self.held("the numbers of its calls", [entry["number"] for entry in page["requests"]], list(range(1, self.kept + 1)))

    def write(self):
        name = f"p{self.dice.randrange(1 << 30)}"
        body = {"project_id": PROJECT, "name": name, "demographics": {"age_range": "x" * self.dice.randrange(2_000)}}
        self.made[self.ask("POST", "/crud/personas", body, CRUD)["id"]] = name

    def batch(self):
        names = [f"b{self.dice.randrange(1 << 30)}" for _ in range(8)]
        said = self.ask("POST", "/crud/personas", [{"project_id": PROJECT, "name": name} for name in names], CRUD)
        self.held("the names of a batch", [one["name"] for one in said["personas"]], names)
        self.made |= {one["id"]: one["name"] for one in said["personas"]}
        gone = [one["id"] for one in said["personas"][:4]]
        self.ask("DELETE", "/crud/personas", [{"id": one} for one in gone], CRUD)
        self.ask("GET", f"/crud/personas?id={gone[0]}", None, CRUD, (404,))
        for one in gone:
            del self.made[one]

    def change(self):
        name = f"v{self.dice.randrange(1 << 30)}"
        self.ask("PUT", PERSONA, {"name": name}, VIJIL)
        self.held("a changed persona", self.ask("GET", PERSONA + TEAM, None, VIJIL)["name"], name)

    def fault(self):
        rule = {"match": {"operation": "vijil.get_persona"}, "action": {"refuse": {"status": 503}}, "when": {"first": 1}}
        made = self.ask("POST", "/_mock/faults", rule)
        self.ask("GET", PERSONA + TEAM, None, VIJIL, (503,))
        self.ask("GET", PERSONA + TEAM, None, VIJIL)
        self.ask("DELETE", f"/_mock/faults/{made['id']}")

    def cut(self):
        """An answer that is cut: what it was asked to write is written."""
        name = f"v{self.dice.randrange(1 << 30)}"
        try:
            self.ask("PUT", PERSONA, {"name": name}, VIJIL | {"X-Mock-Fault": "cut"})
        except (ConnectionError, http.client.HTTPException):
            self.calls, self.kept = self.calls + 1, self.kept + 1
        else:
            raise Wrong(f"a cut answer arrived in {self.name}")
        self.connection.close()
        self.held("a persona whose answer was cut", self.ask("GET", PERSONA + TEAM, None, VIJIL)["name"], name)

    def moment(self):
        self.ask("PUT", "/_mock/snapshots/one")
        before = self.ask("GET", PERSONA + TEAM, None, VIJIL)["name"]
        self.ask("PUT", PERSONA, {"name": "for a moment"}, VIJIL)
        gone = self.ask("POST", "/crud/personas", {"project_id": PROJECT, "name": "for a moment"}, CRUD)["id"]
        self.ask("POST", "/_mock/snapshots/one/restore")
        self.held("a restored persona", self.ask("GET", PERSONA + TEAM, None, VIJIL)["name"], before)
        self.ask("GET", f"/crud/personas?id={gone}", None, CRUD, (404,))

    def follow(self):
        """A stream tells each call once, and in order."""
        first = self.kept
        stream = self.mock.connection(60)
        stream.request("GET", f"/_sandbox/{self.name}/_mock/events")
        answer = stream.getresponse()
        # What comes first says that it follows.
        answer.readline()
        told = []
        for _ in range(5):
            self.ask("GET", PERSONA + TEAM, None, VIJIL)
        while len(told) < 5:
            line = answer.readline()
            if not line:
                raise Wrong(f"a stream of {self.name} ended after {len(told)} of 5 calls")
            if line.startswith(b"data: "):
                told.append(json.loads(line[6:])["number"])
        stream.close()
        self.held("the calls that a stream told", told, list(range(first + 1, first + 6)))


def reload(mock, directory, over, wrong):
    """Replaces a fixture again and again."""
    file, count = directory / "crud.json", 0
    fixture = json.loads(file.read_text())
    while not over.wait(1.5):
        count += 1
        next(one for one in fixture["personas"] if one["id"] == FIRST)["name"] = NAMES[count % len(NAMES)]
        new = directory / ".new"
        new.write_text(json.dumps(fixture))
        os.replace(new, file)
    connection = mock.connection()
    connection.request("GET", "/_mock/health")
    health = json.loads(connection.getresponse().read())["fixtures"]
    connection.close()
    # Two that come close together may be read as one, and the last one may not be read yet.
    if health["reloads"] < (count - 1) // 2 or not health.get("last", {"loaded": True})["loaded"]:
        wrong.append(f"{count} fixtures were put in place, and the server says {health}")


def metrics(mock):
    connection = mock.connection()
    connection.request("GET", "/_mock/metrics")
    page = connection.getresponse().read().decode()
    connection.close()
    asked = sum(int(count) for count in re.findall(r"^persona_mock_requests_total\{.*\} (\d+)$", page, re.MULTILINE))
    held = {name: int(count) for name, count in re.findall(r"^persona_mock_(\w+_bytes) (\d+)$", page, re.MULTILINE)}
    return asked, held


def soak(binary, seconds, seed):
    wrong, over = [], threading.Event()
    with tempfile.TemporaryDirectory() as place:
        directory = pathlib.Path(place)
        subprocess.run([binary, "fixtures", "export", place], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file = directory / "crud.json"
        file.write_text(file.read_text().replace("Developer Dave", NAMES[0]))
        with Mock(binary, "--fixtures", place, "--watch") as mock:
            clients = [Client(mock, number, seed) for number in range(CLIENTS)]

            def run(client):
                try:
                    while not over.is_set():
                        client.life()
                except Exception as error:  # Told by the one that waits for it.
                    told = error if isinstance(error, Wrong) else repr(error)
                    wrong.append(f"client {client.number}, life {client.lives}: {told}")
                    over.set()
                finally:
                    client.connection.close()

            threads = [threading.Thread(target=run, args=(client,)) for client in clients]
            threads.append(threading.Thread(target=reload, args=(mock, directory, over, wrong)))
            for thread in threads:
                thread.start()
            began, samples = time.monotonic(), []
            while time.monotonic() - began < seconds and not over.wait(0.25):
                samples.append((time.monotonic() - began, mock.resident(), metrics(mock)[1]))
            over.set()
            for thread in threads:
                thread.join()
            asked, _ = metrics(mock)
            calls = sum(client.calls for client in clients)
            if not wrong and asked != calls:
                wrong.append(f"the metrics count {asked} calls, expected {calls}")
            kinds = sum((client.kinds for client in clients), collections.Counter())
            lives = sum(client.lives for client in clients)
            print(f"soak: {seconds} s, --seed {seed}: {lives} uses of sandboxes, {calls} calls; {dict(kinds)}", flush=True)
            wrong += [] if wrong else grown(samples, seconds)
            code, said = mock.end()
            if code or "panic" in said or "ERROR" in said:
                wrong.append(f"the server ended with {code} and said {said[-300:]!r}")
    return wrong


def grown(samples, seconds):
    """Whether what is resident stays as it is, once it is warm."""
    warm = [sample for sample in samples if sample[0] > seconds / 3]
    part = max(1, len(warm) // 4)
    parts = [warm[at * part : (at + 1) * part] for at in range(4)]
    means = [statistics.median(sample[1] for sample in part) for part in parts]
    holds = [statistics.median(sum(sample[2].values()) for sample in part) for part in parts]
    shown = ", ".join(f"{mean / (1 << 20):.1f} ({held / (1 << 20):.1f})" for mean, held in zip(means, holds))
    print(f"soak: MiB resident (of which journals, history and states) in each quarter after the first third: {shown}")
    if means[-1] > GROWTH * means[0]:
        more, held = (means[-1] - means[0]) / (1 << 20), (holds[-1] - holds[0]) / (1 << 20)
        return [f"{more:.1f} MiB more are resident, expected at most {GROWTH - 1:.0%} more; the server holds {held:.1f} MiB more"]
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    failed = soak(asked.binary, asked.seconds, asked.seed)
    print(*(f"soak: FAILED: {fault}" for fault in failed), sep="\n", end="\n" if failed else "")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
