"""Asks the reference application over a real socket and writes one exchange a line."""

import argparse
import base64
import importlib.metadata
import json
import platform
import socket
import threading
import time

import uvicorn

import generate
import reference

KEPT = {"content-type", "allow", "location", "www-authenticate", "set-cookie"}
VERSIONS = ["fastapi", "starlette", "pydantic", "pydantic_core", "fastapi-users", "pwdlib", "uvicorn", "httptools"]


def serve() -> int:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(reference.app, http="httptools", log_level="critical"))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return listener.getsockname()[1]


def ask(port: int, case: dict) -> bytes:
    head = [f"{case['method']} {case['target']} HTTP/1.1", "host: mock.test", "connection: close"]
    head += [f"{name}: {value}" for name, value in case["headers"]]
    head.append(f"content-length: {len(case['body'])}")
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall("\r\n".join(head).encode("utf-8") + b"\r\n\r\n" + case["body"])
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


def text(data: bytes) -> dict:
    try:
        return {"body": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(data).decode()}


def exchange(port: int, case: dict) -> dict:
    reference.reset()
    head, _, body = ask(port, case).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = sorted([name.lower(), value] for name, value in (line.split(": ", 1) for line in lines) if name.lower() in KEPT)
    request = {"method": case["method"], "target": case["target"], "headers": case["headers"], **text(case["body"])}
    return {"name": case["name"], "request": request, "response": {"status": int(status.split()[1]), "headers": headers, **text(body)}}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=3000)
    options.add_argument("--out", required=True)
    options = options.parse_args()
    port = serve()
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    with open(options.out, "w", encoding="utf-8", newline="\n") as out:
        out.write(json.dumps({"recorded_with": {**versions, "python": platform.python_version()}, "seed": options.seed}) + "\n")
        for case in generate.cases(options.seed, options.count):
            out.write(json.dumps(exchange(port, case), ensure_ascii=False) + "\n")


main()
