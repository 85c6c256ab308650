"""Whether a history of calls that overlapped is one of calls that came one after the other (linearizability, after Wing and
Gong, with the states that led nowhere remembered, as Lowe does)."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Call:
    """A call: when it was sent, when its answer was there, and what it does to a state: the next one, or None where a server
    in that state would have answered otherwise."""

    start: float
    end: float
    what: str
    step: typing.Callable


def order(calls, state):
    """The calls in an order that explains every answer, from a state on; None where there is none."""
    calls = sorted(calls, key=lambda call: call.start)
    whole = (1 << len(calls)) - 1
    seen, path = set(), []
    stack = [following(calls, 0, state)]
    while stack:
        found = next(stack[-1], None)
        if found is None:
            stack.pop()
            if path:
                path.pop()
            continue
        done, state, call = found
        if (done, state) in seen:
            continue
        seen.add((done, state))
        path.append(call)
        if done == whole:
            return path
        stack.append(following(calls, done, state))
    return None if calls else []


def following(calls, done, state):
    """What may come next: a call that was sent before any of the others that are left was answered."""
    left = [(number, call) for number, call in enumerate(calls) if not done >> number & 1]
    soonest = min((call.end for _, call in left), default=0)
    for number, call in left:
        if call.start > soonest:
            return
        after = call.step(state)
        if after is not None:
            yield done | 1 << number, after, call


def shortest(calls, state):
    """The shortest start of a history without an order: what came up to the answer that no order explains."""
    calls = sorted(calls, key=lambda call: call.end)
    low, high = 0, len(calls)
    while low + 1 < high:
        middle = (low + high) // 2
        # A call whose answer came later may have done its part already, or not yet: only those before count, and the
        # others are let be whatever they want.
        if order(part(calls, middle), state) is None:
            high = middle
        else:
            low = middle
    return calls[:high]


def part(calls, most):
    """The calls that were answered first, and those that were under way then, without what they were answered."""
    last = calls[most - 1].end if most else 0
    begun = [dataclasses.replace(call, end=float("inf")) for call in calls[most:] if call.start <= last]
    return calls[:most] + [dataclasses.replace(call, step=maybe(call.step)) for call in begun]


def maybe(step):
    """What a call does of which nobody knows whether it came to pass: what can be done, or nothing."""

    def either(state):
        after = step(state)
        return state if after is None else after

    return either


def write(value):
    return lambda _: value


def read(value):
    return lambda state: state if state == value else None


def prove():
    """Holds this checker to histories whose verdict is known: those that are right, and those that are wrong."""
    right = [
        [],
        [Call(0, 1, "", write(1)), Call(2, 3, "", read(1))],
        # Both orders of what overlaps are right.
        [Call(0, 5, "", write(1)), Call(1, 2, "", read(0)), Call(3, 4, "", read(1))],
        [Call(0, 3, "", write(1)), Call(0, 3, "", write(2)), Call(4, 5, "", read(1))],
        [Call(0, 9, "", write(1)), Call(0, 9, "", write(2)), Call(1, 2, "", read(1)), Call(3, 4, "", read(2))],
    ]
    wrong = [
        # An acknowledged write is not read.
        [Call(0, 1, "", write(1)), Call(2, 3, "", read(0))],
        # What was read once is gone again.
        [Call(0, 9, "", write(1)), Call(1, 2, "", read(1)), Call(3, 4, "", read(0))],
        # Two readers see two writes in two orders.
        [
            Call(0, 9, "", write(1)),
            Call(0, 9, "", write(2)),
            *(Call(time, time + 1, "", read(value)) for time, value in ((1, 1), (3, 2), (5, 1))),
        ],
        # What nobody wrote.
        [Call(0, 1, "", write(1)), Call(0, 3, "", read(7))],
    ]
    verdicts = [order(history, 0) is not None for history in right + wrong]
    if verdicts != [True] * len(right) + [False] * len(wrong):
        raise AssertionError(f"of {len(right)} right histories and {len(wrong)} wrong ones the checker says {verdicts}")
    found = shortest([*wrong[0], Call(4, 5, "", write(3)), Call(6, 7, "", read(3))], 0)
    if len(found) != 2:
        raise AssertionError(f"a wrong history of 2 calls is told by {len(found)}")
    return len(right), len(wrong)
