#!/usr/bin/env python3
"""Runs the steps of action.yml as GitHub's runner does, with files of its own in place of the runner's: check.py BINARY.

What it does not do is what only the runner does: check out the action, and upload an artefact.
"""

import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
ACTION = YAML(typ="safe").load(ROOT / "action.yml")
PR_SET_CHILD_SUBREAPER = 36


class Job:
    """A job of a runner: its files, its variables, and what the steps of the action did in it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        (folder / "temp").mkdir(parents=True)
        (folder / "work").mkdir()
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {**inherited, **environment, "RUNNER_TEMP": str(folder / "temp"), "GITHUB_ACTION_PATH": str(ROOT)}
        self.said = ""

    def value(self, name: str) -> str:
        return (self.folder / name).read_text() if (self.folder / name).exists() else ""

    def uses(self, **inputs: str) -> int:
        """One use of the action; the exit code of the first step that failed, and 0 where none did."""
        known = {name: str(given.get("default", "")) for name, given in ACTION["inputs"].items()}
        assert set(inputs) <= set(known), f"no inputs of the action: {set(inputs) - set(known)}"
        inputs = {**known, **inputs}
        outputs: dict[str, dict[str, str]] = {}
        self.uploads: list[dict[str, str]] = []
        code = 0

        def lookup(found: re.Match[str]) -> str:
            path = found[0].split(".")
            return inputs[path[1]] if path[0] == "inputs" else outputs.get(path[1], {}).get(path[3], "")

        def written(expression: str) -> str:
            return re.sub(r"\${{ *(\S+) *}}", lambda match: re.sub(r"^\S+$", lookup, match[1]), expression)

        def holds(condition: str) -> bool:
            names = re.compile(r"(inputs|steps)\.[\w.-]+")
            python = names.sub(lambda match: repr(lookup(match)), condition.replace("&&", " and ").replace("||", " or "))
            return ("always()" in condition or code == 0) and eval(python.replace("always()", "True"), {})

        for step in ACTION["runs"]["steps"]:
            if not holds(step["if"]):
                continue
            if "uses" in step:
                self.uploads.append({name: written(value) for name, value in step["with"].items()})
                continue
            assert "${{" not in step["run"], "an input is a part of a script"
            assert step["shell"] == "bash"
            files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
            files["GITHUB_OUTPUT"].write_text("")
            for line in self.value("GITHUB_ENV").splitlines():
                name, _, value = line.partition("=")
                self.environment[name] = value
            environment = {**self.environment, **{name: str(path) for name, path in files.items()}}
            environment.update({name: written(value) for name, value in step.get("env", {}).items()})
            folder = self.folder / "work" / written(step.get("working-directory", "."))
            # As the runner does for `shell: bash`.
            script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(script, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
            self.said += done.stdout + done.stderr
            code = code or done.returncode
            lines = files["GITHUB_OUTPUT"].read_text().splitlines()
            outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        self.outputs = {name: written(output["value"]) for name, output in ACTION["outputs"].items()}
        return code


def is_there(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_mock/ready", timeout=5):
            return True
    except urllib.error.URLError:
        return False


TEST = """curl -fsS -o /dev/null -H 'Authorization: Bearer vijil-owner-token' "$VIJIL_URL/users/me/teams"
echo "it's \\"quoted\\" $((40 + 2))" """


def a_command_runs_between_start_and_end(folder: Path, binary: str) -> None:
    job = Job(folder)
    assert job.uses(binary=binary, run=TEST, flags="  --seed=7 \n\n--clock=2026-01-15T12:00:00Z\n") == 0, job.said
    assert 'it\'s "quoted" 42' in job.said
    url = job.outputs["url"]
    assert not is_there(url), "the server is still there"
    variables = job.value("GITHUB_ENV").split()
    mounts = {"PERSONA_MOCK": "", "AXERO": "/api", "EQUALS_MONEY": "/v2", "VIJIL": "/v1", "CRUD": "/crud"}
    assert variables == [f"{name}_URL={url}{mount}" for name, mount in mounts.items()], variables
    [upload] = job.uploads
    kept = Path(upload["path"])
    assert upload["name"] == "persona-mock"
    assert {path.name for path in kept.iterdir()} >= {"coverage.json", "coverage.md", "record.ndjson", "server.log"}
    exchanges = [json.loads(line) for line in (kept / "record.ndjson").read_text().splitlines()]
    assert any(exchange.get("operation") == "vijil.list_teams" for exchange in exchanges), exchanges
    assert "vijil" in job.value("GITHUB_STEP_SUMMARY") and "%" in job.value("GITHUB_STEP_SUMMARY")


def a_red_test_is_red_and_its_evidence_is_kept(folder: Path, binary: str) -> None:
    job = Job(folder)
    assert job.uses(binary=binary, run="false | cat; echo unreached", artifact="shard-1") == 1
    assert "unreached" not in job.said
    assert [upload["name"] for upload in job.uploads] == ["shard-1"]
    assert job.value("GITHUB_STEP_SUMMARY") and not is_there(job.outputs["url"])


def only_what_is_served_has_an_address(folder: Path, binary: str) -> None:
    job = Job(folder)
    assert job.uses(binary=binary, run="true", flags="--only=vijil,crud") == 0, job.said
    names = [line.partition("=")[0] for line in job.value("GITHUB_ENV").split()]
    assert names == ["PERSONA_MOCK_URL", "VIJIL_URL", "CRUD_URL"], names


def a_server_may_stay_for_later_steps(folder: Path, binary: str) -> None:
    job = Job(folder)
    assert job.uses(binary=binary) == 0, job.said
    url = job.outputs["url"]
    assert is_there(url) and job.uploads == []
    assert job.uses(binary=binary) != 0 and "end it by a step with 'finish: true'" in job.said
    began = time.monotonic()
    assert job.uses(finish="true", artifact="") == 0, job.said
    # Nobody takes note of the end of this process's children's children: see `main`.
    assert time.monotonic() - began < 10 and "did not stop" not in job.said
    assert not is_there(url) and job.uploads == [] and job.value("GITHUB_STEP_SUMMARY")
    assert job.uses(finish="true") == 0 and "there is no server to end" in job.said


def what_is_given_is_no_script(folder: Path, binary: str) -> None:
    for name in ("flags", "binary", "version", "wait", "working-directory", "artifact"):
        for given in ("$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "'; touch pwned; '", "x\n$(touch pwned)"):
            job = Job(folder / str(abs(hash((name, given)))), PATH=f"{stub_npm(folder)}:{os.environ['PATH']}")
            inputs = {"binary": "" if name == "version" else binary, "run": "true", name: given}
            if name == "working-directory":
                (job.folder / "work" / given).mkdir(parents=True)
            job.uses(**inputs)
            assert not list(job.folder.rglob("pwned")), f"{name}: {given}"


def what_is_wrong_is_said(folder: Path, binary: str) -> None:
    for inputs, message in (
        ({"binary": "/bin/false"}, "::error title=persona-mock::the server ended before it was ready"),
        ({"binary": binary, "flags": "--no-such-flag"}, "--no-such-flag"),
        ({"binary": binary, "wait": "1m"}, "wait: expected whole seconds, such as 20; found '1m'"),
        ({"binary": binary, "wait": "0", "flags": "--host=192.0.2.1"}, "::error title=persona-mock::"),
    ):
        job = Job(folder / str(len(list(folder.iterdir())) if folder.exists() else 0))
        assert job.uses(**inputs) != 0 and message in job.said, f"{inputs}: {job.said}"


def stub_npm(folder: Path) -> Path:
    """A directory with an npm that notes how it was called and lays a package that hands out `STUB_BINARY`."""
    stub = folder.parent / "stub"
    stub.mkdir(exist_ok=True)
    npm = stub / "npm"
    npm.write_text(
        '#!/bin/sh\nfor word; do last="$word"; [ "$before" = --prefix ] && prefix="$word"; before="$word"; done\n'
        'package="$prefix/node_modules/persona-mock"\nmkdir -p "$package"\nprintf %s "$last" >"$prefix/asked"\n'
        'printf %s "$*" >"$RUNNER_TEMP/called"\n'
        'echo "exports.binaryPath = () => process.env.STUB_BINARY" >"$package/index.js"\n'
    )
    npm.chmod(0o755)
    return stub


def the_package_of_npm_has_the_version_of_the_action(folder: Path, binary: str) -> None:
    version = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    for given, expected in (("", version), ("9.8.7", "9.8.7")):
        job = Job(folder / f"v{given}", PATH=f"{stub_npm(folder)}:{os.environ['PATH']}", STUB_BINARY=binary)
        assert job.uses(run="true", version=given) == 0, job.said
        called = (job.folder / "temp" / "called").read_text()
        assert called.endswith(f" persona-mock@{expected}") and "--ignore-scripts" in called, called
        assert not (job.folder / "temp" / "persona-mock" / "npm").exists(), "packages are in the artefact"


CHECKS = (
    a_command_runs_between_start_and_end,
    a_red_test_is_red_and_its_evidence_is_kept,
    only_what_is_served_has_an_address,
    a_server_may_stay_for_later_steps,
    what_is_given_is_no_script,
    what_is_wrong_is_said,
    the_package_of_npm_has_the_version_of_the_action,
)


def main() -> None:
    # As in a container whose first process waits for nobody: a server that has ended stays as a zombie.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    binary = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        for check in CHECKS:
            check(Path(folder) / check.__name__, binary)
            print(f"action: {check.__name__.replace('_', ' ')}")
    # Then they are taken note of.
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    print(f"{len(CHECKS)} passed, 0 failed")


main()
