import json
from urllib.request import Request, urlopen


def test_a_persona_is_read(persona_mock):
    request = Request(persona_mock.urls["axero"] + "/personas/188", headers={"Authorization": "Bearer anything"})
    with urlopen(request) as answer:
        assert json.load(answer)["ResponseData"]["Name"] == "Creative Hub"
    persona_mock.verify({"call": {"operation": "axero.get_persona"}, "exactly": 1})
