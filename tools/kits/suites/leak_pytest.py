import json
import os
from urllib.request import Request, urlopen

import pytest

TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee"
HEADERS = {"Authorization": "Bearer vijil-owner-token", "Content-Type": "application/json"}


def made(mock):
    url = f"{mock.urls['vijil']}/personas/?team_id={TEAM}&limit=100"
    rows = json.load(urlopen(Request(url, headers=HEADERS)))
    rows = rows["results"] if isinstance(rows, dict) else rows
    return [row["name"] for row in rows if row["role"] == "suite"]


@pytest.mark.parametrize("number", range(int(os.environ["COUNT"])))
def test_writes(persona_mock, number, request):
    assert made(persona_mock) == []
    name = f"{request.node.path.name} {number}"
    body = json.dumps({"team_id": TEAM, "name": name, "role": "suite"}).encode()
    assert urlopen(Request(f"{persona_mock.urls['vijil']}/personas/", body, HEADERS)).status == 201
    assert made(persona_mock) == [name]
    assert persona_mock.requests()["written"] == 3
