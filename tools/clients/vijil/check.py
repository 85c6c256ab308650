"""The published Vijil clients sign in and make every persona call of the vendor's document."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
OTHER_TEAM = "7d1f0c52-9a3e-4b68-8f47-1c2d5e6a9b30"
PRESET = "201eab82-4d20-4c59-b595-01f139171119"
EMAIL, PASSWORD = "user@example.com", "your-password"
KEY = {"client_id": "vk_7f3a9c2e5b1d4860", "client_secret": "owner-secret"}
done = 0


def check(what: str, found: object, expected: object) -> None:
    global done
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")
    done += 1


def sdk(url: str, home: Path) -> None:
    from vijil import Vijil
    from vijil._generated.resources.personas import PersonasGeneratedResource
    from vijil.exceptions import VijilError, VijilNotFoundError

    client = Vijil(gateway=url, config_dir=home / "sdk", **KEY)
    check("the SDK finds the first team in the token", client.team_id, TEAM)

    before = client.personas.list().total
    made = client.personas.create(name="SDK persona", role="tester", intent="curious")
    check("create: intent", made.intent.value if hasattr(made.intent, "value") else made.intent, "curious")
    check("show: name", client.personas.show(made.id).name, "SDK persona")
    check("list: total", client.personas.list(agent_id="ignored").total, before + 1)
    try:
        client.personas.update(made.id, name="never")
    except VijilError as error:
        check("update of the hand-written resource sends PATCH: 405", "405" in str(error) or "Method Not Allowed" in str(error), True)
    else:
        sys.exit("update of the hand-written resource: expected PATCH to be refused")

    generated = PersonasGeneratedResource(client._http, client._config)
    changed = generated.update(made.id, name="SDK persona, changed", tags=["a", "b"], access_permissions={"privilege_level": "admin", "x": 1})
    check("generated update: name", (changed.name, changed.tags), ("SDK persona, changed", ["a", "b"]))
    check("generated get: name", generated.get(made.id, team_id=TEAM).name, "SDK persona, changed")
    found = generated.list(team_id=TEAM, intents=["curious", "malicious"], search="sdk PERSONA", is_preset=False, limit=5, offset=0)
    check("generated list: results", [persona.id for persona in found.results], [made.id])
    check("generated presets: total", generated.get_presets(team_id=TEAM, limit=3).total, 13)
    copied = generated.from_preset(PRESET, name_override="Copied")
    check("generated from_preset: name and team", (copied.name, copied.team_id), ("Copied", TEAM))
    other = generated.create(team_id=TEAM, name="Generated", role="tester")
    generated.delete(other.id)
    generated.delete(copied.id)
    client.personas.delete(made.id)
    try:
        client.personas.show(made.id)
    except VijilNotFoundError:
        check("list after delete: total", client.personas.list().total, before)
    else:
        sys.exit("show after delete: expected 404")

    session = home / "session"
    session.mkdir()
    (session / "credentials.json").write_text(json.dumps({"token": "vijil-expired-token", "url": url}))
    refreshed = Vijil(gateway=url, config_dir=session)
    refreshed._config._runtime_team_id = TEAM
    check("an expired token is refreshed on the way: total", refreshed.personas.list().total, before)
    check("and the fresh one is kept", json.loads((session / "credentials.json").read_text())["token"].count("."), 2)


class Cli:
    def __init__(self, url: str, home: Path, program: str = "vijil-console", **env: str):
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VIJIL_")}
        self.env = {**kept, "HOME": str(home), "VIJIL_CONSOLE_URL": url, "NO_COLOR": "1", **env}
        self.program = str(Path(sys.executable).parent / program)

    def run(self, *args: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *args], env=self.env, capture_output=True, text=True, timeout=60)

    def ok(self, *args: str) -> str:
        ran = self.run(*args)
        if ran.returncode != 0:
            sys.exit(f"{' '.join(args)}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def json(self, *args: str):
        return json.loads(self.ok(*args, "--json"))


def cli(url: str, home: Path) -> None:
    console = Cli(url, home / "console")
    said = console.ok("auth", "login", "--email", EMAIL, "--password", PASSWORD)
    check("auth login: who", f"Signed in as {EMAIL}" in said, True)
    check("auth login: two teams to choose from", "Multiple teams available" in said, True)
    check("team list", [team["team_id"] for team in console.json("team", "list")], [TEAM, OTHER_TEAM])
    console.ok("team", "use", TEAM)

    before = console.json("persona", "list")["total"]
    made = console.json("persona", "create", "--name", "CLI persona", "--role", "tester", "--knowledge-level", "expert", "--intent", "adversarial", "--tags", '["x"]', "--access-permissions", '{"privilege_level":"guest"}')
    check("persona create", (made["knowledge_level"], made["tags"], made["access_permissions"]), ("expert", ["x"], {"privilege_level": "guest"}))
    check("persona get", console.json("persona", "get", made["id"])["name"], "CLI persona")
    check("persona update", console.json("persona", "update", made["id"], "--name", "Changed")["name"], "Changed")
    listed = console.json("persona", "list", "--intents", "adversarial", "--search", "changed", "--limit", "3", "--offset", "0")
    check("persona list", [persona["id"] for persona in listed["results"]], [made["id"]])
    check("persona list as a table", "Changed" in console.ok("persona", "list"), True)
    check("persona preset-list", console.json("persona", "preset-list", "--preset-category", "adversarial", "--limit", "250")["total"], 4)
    copied = console.json("persona", "from-preset", PRESET, "--name-override", "Copied")
    check("persona from-preset", (copied["name"], copied["is_preset"]), ("Copied", False))
    for id in (made["id"], copied["id"]):
        ran = console.run("persona", "delete", id, "--yes")
        check("persona delete fails on the empty 204", (ran.returncode, "JSONDecodeError" in ran.stderr), (1, True))
        check("and has deleted all the same", "404" in console.run("persona", "get", id).stderr, True)
    check("persona list after the deletes", console.json("persona", "list")["total"], before)

    single = Cli(url, home / "single")
    said = single.ok("auth", "login", "--email", "bo.castillo@example.org", "--password", "other-team")
    check("auth login with one team selects it", f"Default team set: {OTHER_TEAM}" in said, True)
    pair = Cli(url, home / "pair", VIJIL_CLIENT_ID=KEY["client_id"], VIJIL_CLIENT_SECRET=KEY["client_secret"], VIJIL_TEAM_ID=TEAM)
    check("a key pair from the environment", pair.json("persona", "list")["total"], before)
    kit = Cli(url, home / "kit", "vijil", VIJIL_CLIENT_ID=KEY["client_id"], VIJIL_CLIENT_SECRET=KEY["client_secret"])
    listed = json.loads(kit.ok("--gateway", url, "-o", "json", "personas", "list"))
    check("the SDK's own command line", len(listed), before)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--url", required=True, help="where the mock listens, such as http://127.0.0.1:8080")
    url = options.parse_args().url.rstrip("/")
    for name in [name for name in os.environ if name.startswith("VIJIL_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as home:
        sdk(url, Path(home))
        cli(url, Path(home))
    print(f"{done} checks passed: the SDK and the CLI work against {url}")


main()
