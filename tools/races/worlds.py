"""What the clients of a race call, and what each answer says of the state."""

import http.client
import json
import random
import threading
import time

from linear import Call

JSON = {"Content-Type": "application/json"}
AXERO = {"Authorization": "Bearer axero-owner-alice"} | JSON
EQUALS = {"Authorization": "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a"} | JSON
VIJIL = {"Authorization": "Bearer vijil-owner-token"} | JSON
CRUD = {"Authorization": "Bearer vm_anything"} | JSON
PERSON = "9b190f33-501d-44e3-9c0c-6e290bdb2fdb"
PERSONA = "d829a422-f29b-4a56-a473-794ce2da0ebb"
TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
PROJECT = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10"
BATCH = [f"5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c0{number}" for number in range(1, 5)]


class Unasked(Exception):
    """An answer that nobody asked for."""


class Client:
    """A client of one sandbox, on a connection that stays."""

    def __init__(self, mock, sandbox):
        self.connection = http.client.HTTPConnection("127.0.0.1", mock.port, timeout=60)
        self.prefix = f"/_sandbox/{sandbox}"

    def ask(self, method, target, body=None, fields=JSON, statuses=(200, 201, 204)):
        """When it was sent, when its answer was there, and the answer."""
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        start = time.perf_counter()
        self.connection.request(method, self.prefix + target, text, fields)
        answer = self.connection.getresponse()
        came = answer.read()
        end = time.perf_counter()
        if answer.status not in statuses:
            raise Unasked(f"{method} {target} answered {answer.status}, expected {statuses}: {came[:300]!r}")
        return start, end, answer, json.loads(came) if came else None

    def close(self):
        self.connection.close()


def race(mock, sandbox, workers):
    """Runs workers at once, each with a client of its own; all calls that they say they made."""
    calls, failed, lock = [], [], threading.Lock()
    barrier = threading.Barrier(len(workers))

    def run(worker):
        client = Client(mock, sandbox)
        try:
            barrier.wait(60)
            made = list(worker(client))
            with lock:
                calls.extend(made)
        except Exception as error:  # Whatever goes wrong in a thread is told by the one that waits for it.
            failed.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return calls


# The state of all providers together: one text of each, in this order.
PLACES = ("axero", "equals_money", "vijil", "crud")


def write(client, place, value):
    """Writes a text at one provider, as its client does."""
    match PLACES[place]:
        case "axero":
            return client.ask("PUT", "/api/personas/188", {"Name": value}, AXERO)
        case "equals_money":
            return client.ask("PATCH", f"/v2/people/{PERSON}?accountId=F50091", {"middleInitials": value}, EQUALS)
        case "vijil":
            return client.ask("PUT", f"/v1/personas/{PERSONA}", {"name": value}, VIJIL)
        case _:
            return client.ask("PUT", "/crud/personas", {"id": BATCH[0], "name": value}, CRUD)


def read(client, place):
    """Reads that text."""
    match PLACES[place]:
        case "axero":
            start, end, _, said = client.ask("GET", "/api/personas/188", None, AXERO)
            return start, end, said["ResponseData"]["Name"]
        case "equals_money":
            start, end, _, said = client.ask("GET", "/v2/people?accountId=F50091", None, EQUALS)
            return start, end, next(row["middleInitials"] for row in said["rows"] if row["id"] == PERSON)
        case "vijil":
            start, end, _, said = client.ask("GET", f"/v1/personas/{PERSONA}?team_id={TEAM}", None, VIJIL)
            return start, end, said["name"]
        case _:
            start, end, _, said = client.ask("GET", f"/crud/personas?id={BATCH[0]}", None, CRUD)
            return start, end, said["name"]


def texts(state):
    """The texts of all providers in what the control API shows."""
    return (
        next(row["Name"] for row in state["axero"]["personas"] if row["PersonaID"] == 188),
        next(row["middleInitials"] for row in state["equals_money"]["people"] if row["id"] == PERSON),
        next(row["name"] for row in state["vijil"]["personas"] if row["id"] == PERSONA),
        next(row["name"] for row in state["crud"]["personas"] if row["id"] == BATCH[0]),
    )


def put(place, value):
    """What a write does to a tuple of texts."""
    return lambda state: (*state[:place], value, *state[place + 1 :])


def seen(place, value):
    return lambda state: state if state[place] == value else None


def same(values):
    return lambda state: state if state == values else None


def wrote(client, place, value):
    start, end, *_ = write(client, place, value)
    return Call(start, end, f"{PLACES[place]} := {value}", put(place, value))


def looked(client, place):
    start, end, value = read(client, place)
    return Call(start, end, f"{PLACES[place]} = {value}", seen(place, value))


def listed(client):
    """The four personas of a batch, as the vendor lists them."""
    start, end, _, said = client.ask("GET", f"/crud/personas?project_id={PROJECT}&limit=100", None, CRUD)
    names = {persona["id"]: persona["name"] for persona in said["personas"]}
    values = tuple(names[one] for one in BATCH)
    return Call(start, end, f"all are {values}", same(values))


def batch(client, value, random_=random):
    """One text for all four, in one request, or for one of them."""
    if random_.random() < 0.5:
        start, end, *_ = client.ask("PUT", "/crud/personas", [{"id": one, "name": value} for one in BATCH], CRUD)
        return Call(start, end, f"all := {value}", lambda _: (value,) * len(BATCH))
    place = random_.randrange(len(BATCH))
    start, end, *_ = client.ask("PUT", "/crud/personas", {"id": BATCH[place], "name": value}, CRUD)
    return Call(start, end, f"{place} := {value}", put(place, value))
