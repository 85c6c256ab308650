"""The published Vijil clients sign in, change a password and make every persona call of the vendor's document."""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
OTHER_TEAM = "7d1f0c52-9a3e-4b68-8f47-1c2d5e6a9b30"
PRESET = "201eab82-4d20-4c59-b595-01f139171119"
EMAIL, PASSWORD = "user@example.com", "your-password"
NEW_EMAIL, NEW_PASSWORD = "noor.haddad@example.com", "first-sign-in"
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
    check("list: total", client.personas.list(agent_id="optional-agent-id").total, before + 1)
    try:
        client.personas.update(made.id, name="never")
    except VijilError as error:
        check("update of the hand-written resource sends PATCH: 405", "405" in str(error) or "Method Not Allowed" in str(error), True)
    else:
        sys.exit("update of the hand-written resource: expected PATCH to be refused")

    # As the vendor's pages on custom harnesses and on the SDK's resources show it.
    persona = client.personas.create(
        name="Frustrated Customer",
        role="End user",
        intent="adversarial",
    )
    check("create as the guides show it", (persona.name, persona.role), ("Frustrated Customer", "End user"))
    client.personas.delete(persona.id)

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
    def __init__(self, url: str | None, home: Path, program: str = "vijil-console", **env: str):
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VIJIL_")}
        self.env = {**kept, "HOME": str(home), "NO_COLOR": "1", **({"VIJIL_CONSOLE_URL": url} if url else {}), **env}
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


def sign_in(url: str, home: Path) -> None:
    """The sign-in verbs, in the order of the vendor's guide; no address in the environment."""
    console = Cli(None, home / "sign-in")
    saved = lambda: (home / "sign-in/.vijil/config.yaml").read_text()
    check("auth init", console.ok("auth", "init", "--url", f"{url}/"), f"Saved console URL: {url}\n")
    check("auth init: saved", f"console_url: {url}\n" in saved(), True)
    ran = console.run("auth", "init", "--url", f"{url}/nothing")
    check("auth init at an address without health", (ran.returncode, f"Cannot reach {url}/nothing/teams/healthz" in ran.stderr), (1, True))
    ran = console.run("auth", "change-password", "--current-password", "a", "--new-password", "b")
    check("auth change-password before a sign-in", "Not authenticated" in ran.stderr, True)
    ran = console.run("auth", "login", "--email", EMAIL, "--password", "a-guess")
    check("auth login with a wrong password", "Login failed (401): Invalid email or password" in ran.stderr, True)
    check("auth login", f"Signed in as {NEW_EMAIL}" in console.ok("auth", "login", "--email", NEW_EMAIL, "--password", NEW_PASSWORD), True)
    check("auth login: saved", "auth_token: ey" in saved(), True)

    change = lambda current, new: console.run("auth", "change-password", "--current-password", current, "--new-password", new)
    # As the vendor's page on the setup shows it.
    check("auth change-password with a wrong one", "Password change failed (401): Current password is incorrect" in change("old-password", "new-password").stderr, True)
    check("auth change-password to a short one", "at least 8 characters" in change(NEW_PASSWORD, "short").stderr, True)
    check("auth change-password to the same", "Password change failed (400)" in change(NEW_PASSWORD, NEW_PASSWORD).stderr, True)
    ran = change(NEW_PASSWORD, "new-password")
    check("auth change-password", (ran.returncode, ran.stdout), (0, "Password changed successfully.\n"))
    check("the old password signs in no more", console.run("auth", "login", "--email", NEW_EMAIL, "--password", NEW_PASSWORD).returncode, 1)
    console.ok("auth", "login", "--email", NEW_EMAIL, "--password", "new-password")
    changed = console.json("auth", "change-password", "--current-password", "new-password", "--new-password", NEW_PASSWORD)
    check("auth change-password as JSON", sorted(changed), ["access_token", "token_type"])
    check("auth logout", console.ok("auth", "logout"), "Logged out.\n")
    check("auth logout: forgotten", "auth_token" in saved(), False)
    check("team list after auth logout", console.run("team", "list").returncode, 1)

    sandbox = Cli(None, home / "sandbox")
    check("auth init in a sandbox", sandbox.ok("auth", "init", "--url", f"{url}/_sandbox/cli"), f"Saved console URL: {url}/_sandbox/cli\n")
    check("auth login there", f"Signed in as {EMAIL}" in sandbox.ok("auth", "login", "--email", EMAIL, "--password", PASSWORD), True)


def guides(url: str, home: Path) -> None:
    """The commands of the vendor's pages on personas, as they stand there."""
    console = Cli(url, home / "guides")
    console.ok("auth", "login", "--email", EMAIL, "--password", PASSWORD)
    console.ok("team", "use", TEAM)
    run = lambda line, *more: console.json(*shlex.split(line), *more)
    presets = run("persona preset-list")
    groups = {name: [preset["name"] for preset in presets["results"] if preset["preset_category"] == name] for name in ("professional", "adversarial", "support")}
    check("persona preset-list", {name: len(group) for name, group in groups.items()}, {"professional": 9, "adversarial": 4, "support": 0})
    check("persona preset-list --preset-category", run("persona preset-list --preset-category adversarial")["total"], 4)
    copied = run(f"persona from-preset {PRESET} --name-override 'Custom Attacker'")
    check("persona from-preset", copied["name"], "Custom Attacker")
    made = run("persona create --name 'Frustrated Customer' --role 'End user' --intent adversarial --knowledge-level intermediate")
    check("persona create", (made["name"], made["role"], made["intent"], made["knowledge_level"]), ("Frustrated Customer", "End user", "adversarial", "intermediate"))
    check("persona list --intents with a comma finds nothing", run("persona list --intents adversarial,malicious")["total"], 0)
    check("persona list --intents, repeated", run("persona list --intents adversarial --intents malicious")["total"] > 0, True)
    check("persona get", run(f"persona get {made['id']}")["id"], made["id"])
    changed = run(f"persona update {made['id']} --intent malicious --skill-level expert")
    check("persona update", (changed["intent"], changed["skill_level"]), ("malicious", "expert"))
    for id in (made["id"], copied["id"]):
        console.run("persona", "delete", id, "--yes")


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
        sign_in(url, Path(home))
        guides(url, Path(home))
        cli(url, Path(home))
    print(f"{done} checks passed: the SDK and the CLI work against {url}")


main()
