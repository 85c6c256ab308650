"""The end of a large world: whoever replaces it, and everybody else, is held by it no longer than by nothing."""

import json
import time
import uuid

from large import CRUD, only
from writes import SMALL

RECORDS = 400_000
FLAGS = [
    *("--max-control-body", str(1 << 30), "--max-state", str(4 << 30), "--max-sandbox-state", str(4 << 30)),
    *("--max-sandboxes", "2", "--control-timeout", "5m", "--body-timeout", "5m", "--journal-size", "0"),
]
# How much longer a worker is held than on an idle server, in ms.
MOST = 1
# How much longer health is waited for. It is asked over a socket by a script: one that met the drop waited for 220 ms.
WAIT = 20
# How long a written sandbox is safe from eviction, and a little, in seconds.
IDLE = 61
# How long it takes at most until a world is gone, in seconds.
GONE = 2


def cases(mock, states):
    """The name of each end of a world, what ends it, and the statuses that are right."""
    crud = states["crud"]
    ids = (str(uuid.UUID(int=(2 << 96) + (4 << 76) + (8 << 60) + number)) for number in range(1, RECORDS + 1))
    crud["personas"] = [only(crud["personas"][0], "project_id", "name") | {"id": id_} for id_ in ids]
    large = json.dumps(crud)
    fields = {"X-Mock-Sandbox": "large", "Content-Type": "application/json"}

    def load():
        status, _ = mock.ask("PUT", "/_mock/state/crud", large, fields)
        if status != 204:
            raise SystemExit(f"a world of {RECORDS} records was not loaded: {status}")
        time.sleep(GONE)

    def reset():
        return mock.ask("POST", "/_mock/reset", None, fields)

    def delete():
        return mock.ask("DELETE", "/_mock/sandboxes/large")

    def evict():
        return mock.ask("POST", "/_sandbox/new/crud/personas", SMALL, CRUD)

    def work(end, idle=0):
        def first():
            for name in ("large", "new"):
                mock.ask("DELETE", f"/_mock/sandboxes/{name}")
            load()
            time.sleep(idle)

        def ended():
            came = end()
            time.sleep(GONE)
            return came

        ended.first = first
        return ended

    yield "a reset of 400,000 records", work(reset), {200}
    yield "a delete of their sandbox", work(delete), {204}
    yield "an eviction of it", work(evict, IDLE), {201}
