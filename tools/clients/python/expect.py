"""What a round trip expects, and what came."""

done = 0


def check(what: str, found: object, expected: object) -> None:
    global done
    if found != expected:
        raise SystemExit(f"{what}: expected {expected!r}, found {found!r}")
    done += 1


def answered(what: str, response, status: int, kind: type):
    """The body of an answer, as the generated client reads it."""
    check(f"{what}: status of {response.content!r}", int(response.status_code), status)
    check(f"{what}: type", type(response.parsed), kind)
    return response.parsed


def empty(what: str, response) -> None:
    check(f"{what}: status of {response.content!r}", int(response.status_code), 204)
    check(f"{what}: body", response.content, b"")
