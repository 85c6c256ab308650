import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    """The base URL of a mock that all tests of the run share."""
    container = (
        DockerContainer("persona-mock")
        .with_env("PERSONA_MOCK_CLOCK", "2026-01-15T12:00:00Z")
        .with_exposed_ports(8080)
        .waiting_for(HttpWaitStrategy(8080, "/_mock/ready").for_status_code(200))
    )
    with container as started:
        yield f"http://{started.get_container_host_ip()}:{started.get_exposed_port(8080)}"


def test_a_persona_has_a_name(mock: str) -> None:
    # Each test has a sandbox of its own, which is made by its first use.
    url = f"{mock}/_sandbox/a-persona-has-a-name/api/personas/188"
    with urlopen(Request(url, headers={"Authorization": "Bearer anything"})) as answer:
        persona = json.load(answer)["ResponseData"]
    assert persona["Name"] == "Creative Hub"
