"""What many clients, or one that writes much, ask for at a time, while others ask for little."""

import concurrent.futures
import json
import socket
import time
import urllib.parse

from large import CRUD, PROJECT

SMALL = json.dumps({"project_id": PROJECT, "name": "Tess"})
# How long others than the one who asks for much wait at most, in seconds.
SOON = 2


def persona(mock, sandbox, size):
    """The id of a persona of about so many bytes."""
    text = {f"k{number}": "x" * 20 for number in range(size // 32)}
    body = json.dumps({"project_id": PROJECT, "name": "Tess", "narrative": text})
    return mock.post(f"/_sandbox/{sandbox}/crud/personas", body, CRUD)["id"]


def beside(mock, sandbox, method, body):
    """A batch, and four clients that write a little in its sandbox meanwhile."""
    target = f"/_sandbox/{sandbox}/crud/personas"

    def write(_):
        return [mock.ask("POST", target, SMALL, CRUD)[0] for _ in range(5)]

    def work():
        with concurrent.futures.ThreadPoolExecutor(5) as threads:
            batch = threads.submit(mock.ask, method, target, body, CRUD)
            small = {status for statuses in threads.map(write, range(4)) for status in statuses}
            return batch.result() if small == {201} else (min(small - {201}), 0)

    return work


def at_a_time(mock, clients, request):
    """The same request of many clients at a time; what one of them was answered."""

    def work():
        with concurrent.futures.ThreadPoolExecutor(clients) as threads:
            answers = set(threads.map(lambda _: mock.ask(*request), range(clients)))
            return min(answers) if len({status for status, _ in answers}) == 1 else (0, len(answers))

    return work


def streams(mock, sandbox, count):
    """Streams of a full journal whose filter nothing fits, for two seconds."""
    wanted = urllib.parse.urlencode({"last_event_id": "0-0", "body": json.dumps({"name": "nobody"})})
    head = f"GET /_mock/events?{wanted} HTTP/1.1\r\nHost: localhost\r\nX-Mock-Sandbox: {sandbox}\r\n\r\n"

    def work():
        clients = [socket.create_connection(("127.0.0.1", mock.port)) for _ in range(count)]
        for client in clients:
            client.sendall(head.encode())
        time.sleep(2)
        came = [client.recv(65536) for client in clients]
        for client in clients:
            client.close()
        return int(came[0].split()[1]), sum(map(len, came))

    return work


def turns(mock, sandbox):
    """Eight dear verifies in one sandbox, and what another asks for meanwhile: 0 where that waits."""
    call = {"call": {"body": {f"k{number}": "y" * 50 for number in range(200)}}}
    verify = ("POST", "/_mock/verify", json.dumps({"calls": [call] * 900}), {"X-Mock-Sandbox": sandbox})

    def work():
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            dear = [threads.submit(mock.ask, *verify) for _ in range(8)]
            time.sleep(0.3)
            start = time.perf_counter()
            rule = json.dumps({"match": {"provider": "crud"}, "action": {"refuse": {"status": 500}}})
            other = {"X-Mock-Sandbox": "other"}
            statuses = [
                mock.ask("POST", "/_mock/faults", rule, other)[0],
                mock.ask("GET", "/_mock/faults", None, other)[0],
                mock.ask("GET", "/_mock/requests?limit=1", None, other)[0],
                mock.ask("DELETE", "/_mock/faults", None, other)[0],
            ]
            took = time.perf_counter() - start
            for one in dear:
                one.result()
            return (statuses[0] if took < SOON else 0), int(took * 1e3)

    return work


def fill(mock):
    """A journal of 1,000 calls of 15 kB."""
    connection = mock.connection()
    body = json.dumps([{"project_id": PROJECT, "name": "Tess", "narrative": {f"k{n}": "x" * 20 for n in range(466)}}])
    for _ in range(1_000):
        connection.request("POST", "/_sandbox/journal/crud/personas", body, CRUD)
        connection.getresponse().read()
    connection.close()


def cases(mock, full):
    """The name of each, the work, and the statuses that are right: one of each kind, or all."""
    fill(mock)
    large, small = persona(mock, "large", 900_000), persona(mock, "small", 32_000)

    def named(one, count):
        return json.dumps([{"id": one, "name": "Tess"}] * count)

    yield "a batch of 6 kB, and small writes beside it", beside(mock, "large", "PUT", named(large, 100)), {200}
    if full:
        yield "one that writes too much", beside(mock, "large", "PUT", named(large, 400)), {413}
        yield "a batch of 960 kB that does", beside(mock, "small", "PUT", named(small, 16_000)), {413}
    yield "one of 1,500,000 wrong items", beside(mock, "small", "POST", "[" + "1," * 1_500_000 + "1]"), {413}
    wrong = ("POST", "/_sandbox/wrong/crud/personas", json.dumps([{"bad": 1}] * 18_000), CRUD)
    clients = 120 if full else 24
    yield f"{clients} batches of 18,000 wrong items at a time", at_a_time(mock, clients, wrong), {400}
    yield "16 streams with a filter", streams(mock, "journal", 16), {200}
    yield "8 verifies, and another sandbox", turns(mock, "journal"), {201}
