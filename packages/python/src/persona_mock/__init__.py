"""Where the binary of persona-mock is that came with this package, and which version it has."""

from __future__ import annotations

import os
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

__all__ = ["binary", "__version__"]

__version__ = version("persona-mock")


def _places() -> list[str]:
    """Where installers put scripts: in this environment, for this user, and beside a `--target` directory."""
    places = [sysconfig.get_path("scripts")]
    user = sysconfig.get_preferred_scheme("user") if sys.version_info >= (3, 10) else f"{os.name}_user"
    places.append(sysconfig.get_path("scripts", scheme=user))
    target = Path(__file__).resolve().parent.parent
    return [*places, str(target / "bin")]


def binary() -> str:
    """The path of the binary. Raises `FileNotFoundError` where it is in none of the places that scripts are put in."""
    name = "persona-mock.exe" if os.name == "nt" else "persona-mock"
    places = _places()
    for place in places:
        path = os.path.join(place, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(
        f"persona-mock {__version__} does not find its binary {name} in {', '.join(places)}: install it again, for "
        "example by: python -m pip install --force-reinstall persona-mock"
    )
