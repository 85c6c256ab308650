import pathlib
import time


def test_hangs(persona_mock):
    pathlib.Path("hangs").write_text(persona_mock.server)
    time.sleep(600)
