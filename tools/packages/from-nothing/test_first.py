import json
import re
import subprocess
import urllib.request

from persona_mock import binary


def test_a_persona_is_read():
    with subprocess.Popen([binary(), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        url = re.search(r"http:\S+", server.stdout.readline()).group()
        request = urllib.request.Request(f"{url}/api/personas/188", headers={"Authorization": "Bearer anything"})
        with urllib.request.urlopen(request) as answer:
            persona = json.load(answer)["ResponseData"]
        server.terminate()
    assert persona["Name"] == "Creative Hub"
