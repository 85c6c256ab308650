import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
HEADERS = {"Authorization": "Bearer vijil-owner-token", "Content-Type": "application/json"}


def make(mock, member):
    body = json.dumps({"team_id": TEAM, member: "Mallory", "role": "suite"}).encode()
    try:
        return urlopen(Request(f"{mock.urls['vijil']}/personas/", body, HEADERS)).status
    except HTTPError as error:
        return error.code


def test_fails_on_purpose(persona_mock):
    make(persona_mock, "name")
    assert make(persona_mock, "nam") == 201


def test_sends_what_is_ignored(persona_mock):
    make(persona_mock, "nam")
    persona_mock.nothing_ignored()


@pytest.fixture
def broken_end():
    yield
    raise RuntimeError("on purpose")


def test_ends_badly(broken_end, persona_mock):
    make(persona_mock, "name")


def test_passes(persona_mock):
    assert make(persona_mock, "name") == 201


@pytest.mark.xfail
def test_is_to_fail(persona_mock):
    assert make(persona_mock, "name") == 500
