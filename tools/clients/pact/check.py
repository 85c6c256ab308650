"""Takes the pact of each provider's calls, and lets Pact's own verifier hold it against the mock: check.py URL NUMBER

The calls are those of a third of tests/cases/ (NUMBER is 0, 1 or 2; `all` takes all of them), made by a plain client in a
sandbox of their own, one after the other. The pact is then verified in that sandbox and in another one, in its order and
in another; and a pact of which one word was changed must fail, at that word alone.
"""

import collections
import copy
import http.client
import json
import os
import pathlib
import random
import sys
import tempfile
import urllib.parse

from pact import Verifier

CASES = pathlib.Path("tests/cases")
PROVIDERS = ["axero", "crud", "equals_money", "vijil"]
START = "the sandbox at its start"
STATED = "a strict mock on New Year's Eve"
# What may be left out: where a secret that the journal hid decides, or what a verifier does not do.
REASONS = ["had a secret", "is a redirect", "--journal-body", "before it wrote", "how its query is written"]

done = 0


def check(what, held, found=""):
    global done
    if not held:
        raise SystemExit(f"{what}: {found}")
    done += 1


class Mock:
    """The mock at a URL, whose path may name a sandbox."""

    def __init__(self, url):
        self.url = url
        self.parts = urllib.parse.urlsplit(url)

    def sandbox(self, name):
        return Mock(f"{self.parts.scheme}://{self.parts.netloc}/_sandbox/{name}")

    def send(self, method, target, fields=(), body=b""):
        connection = http.client.HTTPConnection(self.parts.netloc, timeout=30)
        connection.putrequest(method, self.parts.path + target, skip_accept_encoding=True)
        for name, value in fields:
            connection.putheader(name, value.encode())
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def control(self, method, target, body=None):
        sent = b"" if body is None else json.dumps(body).encode()
        return self.send(method, f"/_mock/{target}", [("Content-Type", "application/json")], sent)

    def pact(self, query=""):
        status, text = self.control("GET", f"requests.pact?{query}")
        check(f"a pact of {self.url} {query}", status == 200, text)
        return text.decode()


def calls(provider, part):
    """The requests of the cases that want no setup of their own."""
    paths = sorted((CASES / provider).glob("*.http"))
    for path in paths if part == "all" else paths[int(part) :: 3]:
        text = path.read_bytes().decode()
        if "# options:" in text:
            continue
        lines = [line for line in text.split("\n") if not line.startswith("#")]
        for case in "\n".join(lines).split("\n---\n"):
            request = case.strip("\n").split("\nHTTP ")[0]
            head, _, body = request.partition("\n\n")
            line, *fields = head.split("\n")
            method, target = line.split(" ", 1)
            fields = [(name.strip(), value.strip()) for name, _, value in (field.partition(":") for field in fields if field)]
            yield method, target, fields, body.strip("\n").encode()


def verify(mock, provider, pact):
    """The descriptions of the calls that a verifier found otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "pact.json"
        file.write_text(pact if isinstance(pact, str) else json.dumps(pact))
        verifier = Verifier(provider, host=mock.parts.hostname)
        verifier.add_transport(url=mock.url).add_source(file)
        verifier.state_handler(f"{mock.url}/_mock/provider-states", teardown=True, body=True)
        # It writes a page for each call.
        written, sys_out = os.open(os.devnull, os.O_WRONLY), os.dup(1)
        os.dup2(written, 1)
        try:
            verifier.verify()
            failed = False
        except RuntimeError:
            failed = True
        finally:
            os.dup2(sys_out, 1)
            os.close(written)
            os.close(sys_out)
        output = verifier.output(strip_ansi=True)
    failures = output.partition("\nFailures:\n")[2]
    if failed and not failures:
        raise SystemExit(f"the verifier failed and does not say where:\n{output[-2000:]}")
    return failures


def secrets(sent):
    """What clients sent in a field for credentials."""
    for _, _, fields, _ in sent:
        for name, value in fields:
            if name.lower() in ("authorization", "rest-api-key"):
                word = value.split(" ")[-1]
                if len(word) > 8 and "token" in word.lower() or "-" in word:
                    yield word


def check_provider(mock, provider, part):
    own, other = mock.sandbox(f"pact-{provider}"), mock.sandbox(f"pact-{provider}-again")
    sent = list(calls(provider, part))
    for call in sent:
        own.send(*call)
    text = own.pact("consumer=check")
    pact = json.loads(text)
    made, left_out = pact["interactions"], pact["metadata"]["personaMock"]["leftOut"]
    kept = json.loads(own.control("GET", f"requests?provider={provider}&limit=1000")[1])["requests"]
    check(f"{provider}: the calls of the pact", len(made) + len(left_out) == len(kept), f"{len(made)} of {len(kept)}")
    check(f"{provider}: names", (pact["consumer"]["name"], pact["provider"]["name"]) == ("check", provider))
    for left in left_out:
        known = any(reason in left["reason"] for reason in REASONS)
        check(f"{provider}: left out", known, left)
    check(f"{provider}: most calls can be verified", len(made) >= 0.8 * len(sent), left_out)
    for secret in set(secrets(sent)):
        check(f"{provider}: a credential in the file", secret not in text, secret)
    descriptions = collections.Counter(interaction["description"] for interaction in made)
    check(f"{provider}: descriptions", max(descriptions.values()) == 1, descriptions)

    check(f"{provider}: reset", own.control("POST", "reset")[0] == 200)
    for mock_again, order in [(own, "file"), (other, "any")]:
        if order == "any":
            random.Random(1).shuffle(made)
        failures = verify(mock_again, provider, pact)
        check(f"{provider}: verified in {mock_again.url}", not failures, failures)

    changeable = next(one for one in made if is_changeable(one))
    for change in ["status", "body", "request"]:
        others = [one for one in made if one is not changeable]
        wrong = copy.deepcopy({**pact, "interactions": [*others[:3], changeable]})
        changed = wrong["interactions"][-1]
        {"status": change_status, "body": change_body, "request": change_request}[change](changed)
        failures = verify(own, provider, wrong)
        check(f"{provider}: a changed {change} fails", changed["description"] in failures, failures)
        check(f"{provider}: nothing else fails with it", "\n2) " not in failures, failures)
    return len(made), left_out


def is_changeable(interaction):
    body = interaction["response"].get("body", {}).get("content")
    asked = interaction["request"].get("body", {}).get("content")
    response = interaction["response"]
    exact = response["status"] in (200, 201) and "matchingRules" not in response
    return exact and isinstance(body, dict) and isinstance(asked, dict) and any(leaves(body)) and any(leaves(asked))


def leaves(value):
    """Each object with the name of a text in it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield value, name
            else:
                yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


def change_status(interaction):
    interaction["response"]["status"] += 1


def change_body(interaction):
    holder, name = next(leaves(interaction["response"]["body"]["content"]))
    holder[name] += "!"


def change_request(interaction):
    interaction["request"]["path"] += "/nowhere"


def check_snapshot(mock):
    """Calls that began at a snapshot, after what no journal knows."""
    own = mock.sandbox("pact-snapshot")
    fixture = json.loads(own.control("GET", "state/crud")[1])
    fixture["personas"] = fixture["personas"][:1]
    check("a fixture of one persona", own.control("PUT", "state/crud", fixture)[0] == 204)
    check("a snapshot", own.control("PUT", "snapshots/one-persona")[0] == 200)
    check("a switch", own.control("PUT", "settings", {"providers": {"crud": {"envelope": "bare"}}})[0] == 200)
    fields = [("Authorization", "Bearer vm_anything")]
    for target in ["/crud/personas", "/crud/personas?page=2"]:
        own.send("GET", target, fields)
    left_out = json.loads(own.control("GET", "requests.pact")[1])
    check("without the snapshot it cannot be verified", "save a snapshot" in json.dumps(left_out), left_out)
    pact = own.pact("state=one-persona")
    check("the state", {state["name"] for one in json.loads(pact)["interactions"] for state in one["providerStates"]} == {"one-persona"})
    own.send("POST", "/crud/personas", fields + [("Content-Type", "application/json")], b"{}")
    failures = verify(own, "crud", pact)
    check("verified at a snapshot", not failures, failures)


def check_stated(mock):
    """Calls that began at a state of the server's own table."""
    own = mock.sandbox("pact-stated")
    made = own.control("POST", "provider-states", {"state": STATED, "params": {}, "action": "setup"})
    check("a state of the table", made[0] == 200, made)
    team = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
    for token in ["vijil-owner-token", "vijil-no-such-token"]:
        own.send("GET", f"/v1/personas/?team_id={team}", [("Authorization", f"Bearer {token}")])
    pact = own.pact(f"state={urllib.parse.quote(STATED)}")
    statuses = [one["response"]["status"] for one in json.loads(pact)["interactions"]]
    check("an unknown credential is refused", statuses == [200, 401], statuses)
    for place in own, mock.sandbox("pact-stated-again"):
        failures = verify(place, "vijil", pact)
        check("verified at a state of the table", not failures, failures)
    status, text = own.control("POST", "provider-states", {"state": "/etc/passwd", "action": "setup"})
    check("a state that nobody named", status == 404 and START in text.decode() and STATED in text.decode(), text)
    by_hand = json.loads(pact)
    for interaction in by_hand["interactions"]:
        interaction["providerStates"] = [{"name": "no such state"}]
    check("a verifier fails without its state", verify(own, "vijil", by_hand))


def main():
    mock = Mock(sys.argv[1])
    for provider in PROVIDERS:
        made, left_out = check_provider(mock, provider, sys.argv[2])
        print(f"{provider}: {made} calls verified, {len(left_out)} left out")
        for left in left_out:
            print(f"  {left['call']}: {left['reason']}")
    check_snapshot(mock)
    check_stated(mock)
    print(f"{done} checks passed: Pact's verifier holds")


if __name__ == "__main__":
    main()
