"""What disturbs a server: each kind of client until it is told to stop, then what it did, and what it was answered wrongly."""

import concurrent.futures
import contextlib
import http.client
import select
import socket
import struct
import threading
import time

HEAD = b"POST /crud/personas HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer vm_a\r\nContent-Type: application/json\r\n"
GET = b"GET /crud/personas?limit=1 HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer vm_a\r\n\r\n"
HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(range(200))
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")


def connect(port, buffer=None):
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def rest(client):
    """All that is answered until the server closes; b"" where it resets."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while piece := client.recv(1 << 16):
            said += piece
    return said


def trickle(many, start, drip):
    """Clients that send a start, and then a piece of something now and then. Who takes too long is told so, or his connection
    ends."""

    def attack(port, over, begun):
        clients = {connect(port) for _ in range(many)}
        for client in clients:
            client.sendall(start)
        begun.set()
        started, ended, said, turn, until = time.monotonic(), [], [], 0, None
        while clients and (until is None or time.monotonic() < until):
            readable, _, _ = select.select(clients, [], [], 0.1)
            for client in readable:
                said.append(rest(client)[:12])
                ended.append(time.monotonic() - started)
                client.close()
                clients.discard(client)
            if drip:
                for client in clients:
                    with contextlib.suppress(OSError):
                        client.sendall(drip[turn % len(drip) : turn % len(drip) + 1])
                turn += 1
            if over.is_set() and until is None:
                # The server's bound is 2 seconds, and what it closes lingers for 2 more; the rest is a busy machine's.
                until = time.monotonic() + 20
        left = len(clients)
        for client in clients:
            client.close()
        told = sum(1 for one in said if one[9:12] == b"408")
        strange = [one for one in said if one and one[9:12] != b"408"]
        faults = [f"{left} of {many} are still connected"] if left else []
        faults += [f"answered {strange[0]!r}, expected a 408"] if strange else []
        return f"{many} clients, {told} told, the last gone after {max(ended, default=0):.1f} s", faults

    return attack


def unread(port, over, begun):
    """Clients that ask for large answers, many at a time, and read nothing of them."""
    asked = b"GET /_mock/state HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50
    clients = [connect(port, 4096) for _ in range(50)]
    for client in clients:
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.send(asked)
    begun.set()
    over.wait()
    # Cut off by now, or within what the server waits: nobody reads, so a reset is what shows.
    time.sleep(2.5)
    cut = 0
    for client in clients:
        poll = select.poll()
        poll.register(client, select.POLLHUP | select.POLLERR)
        cut += bool(poll.poll(5_000))
        client.close()
    left = len(clients) - cut
    return f"{len(clients)} clients, {cut} cut off", [f"{left} of {len(clients)} are not cut off"] if left else []


def resets(port, over, begun):
    """Clients that end with a reset: before a request, within its head, within its body, and before its answer."""
    starts = [b"", GET[:30], HEAD + b"Content-Length: 100\r\n\r\n{", GET, HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"]
    count = 0
    begun.set()
    while not over.is_set():
        client = connect(port)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(ConnectionError):
            client.sendall(starts[count % len(starts)])
        client.close()
        count += 1
        time.sleep(0.0005)
    return f"{count} resets", []


def pipelines(port, over, begun):
    """Clients that send 200 requests at once, again and again, and count what comes."""
    count, faults = 0, []
    begun.set()
    while not over.is_set():
        client = connect(port)
        client.sendall(GET * 199 + GET[:-2] + b"Connection: close\r\n\r\n")
        found = rest(client).count(b"HTTP/1.1 200 OK\r\n")
        client.close()
        count += 1
        if found != 200 and len(faults) < 3:
            faults.append(f"200 requests at once got {found} answers")
    return f"{count} times 200 requests", faults


def foreign(port, over, begun):
    """Clients that speak TLS, or HTTP/2, or neither."""
    count, faults = 0, []
    says = [HELLO, PREFACE, bytes(300), b"\r\n\x00\xff" * 50]
    begun.set()
    while not over.is_set():
        sent = says[count % len(says)]
        client = connect(port)
        client.sendall(sent)
        said = rest(client)
        client.close()
        count += 1
        if not said.startswith(b"HTTP/1.1 400 ") and len(faults) < 3:
            faults.append(f"{sent[:20]!r} was answered {said[:80]!r}, expected a 400")
        time.sleep(0.002)
    return f"{count} clients", faults


def idle(connections):
    """Connections of which half had one answer, and then say nothing; the others never say anything."""

    def attack(port, over, begun):
        clients, faults = [], []
        for number in range(connections):
            client = connect(port)
            if number % 2:
                client.sendall(GET)
            clients.append(client)
        for client in clients[1::2]:
            answer = http.client.HTTPResponse(client)
            answer.begin()
            answer.read()
            if answer.status != 200 and len(faults) < 3:
                faults.append(f"status {answer.status}")
        begun.set()
        over.wait()
        for client in clients:
            client.close()
        return f"{connections} connections", faults

    return attack


def together(attacks):
    """Several attacks at once."""

    def attack(port, over, begun):
        each = [threading.Event() for _ in attacks]
        with concurrent.futures.ThreadPoolExecutor(len(attacks)) as pool:
            under_way = [pool.submit(one, port, over, ready) for (_, one), ready in zip(attacks, each)]
            for ready in each:
                ready.wait(30)
            begun.set()
        ends = [one.result() for one in under_way]
        faults = [f"{name}: {fault}" for (name, _), (_, found) in zip(attacks, ends) for fault in found]
        return ends[-1][0] + f" of each of {len(attacks)} kinds", faults

    return attack


def hasty(full):
    """Each kind by its name, for a server whose bounds of time are short. Those that take until these end them come together,
    unless all are asked for."""
    length, chunked = HEAD + b"Content-Length: 60000\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    many = 300 if full else 100
    slow = [
        ("heads that trickle", trickle(many, HEAD + b"X: ", b"a")),
        ("heads that stop", trickle(many, HEAD, b"")),
        ("bodies that trickle", trickle(many, length, b" ")),
        ("bodies that stop", trickle(many, length + b"{", b"")),
        ("chunks that trickle", trickle(many, chunked, b"1\r\n \r\n")),
        ("chunks that stop", trickle(many, chunked + b"ffff\r\n{", b"")),
    ]
    yield from slow if full else [("heads, bodies and chunks that trickle or stop", together(slow))]
    yield "answers that nobody reads", unread
    yield "resets", resets
    yield "pipelines", pipelines
    yield "TLS, HTTP/2 and noise", foreign


def patient(connections):
    """Idle connections, more than once: what the first ones left must do for those that follow."""
    yield from ((f"idle connections, {time}", idle(connections)) for time in ("first", "again", "and again"))
