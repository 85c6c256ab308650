"""Where the binary of persona-mock is that came with this package, and which version it has."""

from __future__ import annotations

import os
from importlib.metadata import distribution
from pathlib import Path

__all__ = ["binary", "__version__"]

__version__ = distribution("persona-mock").version


def _places(name: str) -> list[str]:
    """Where the binary may be: beside the packages of `pip install --target`, which notes a wrong place, or as noted."""
    target = Path(__file__).resolve().parent.parent / "bin" / name
    noted = [str(file.locate()) for file in distribution("persona-mock").files or [] if file.name == name]
    return [os.path.normpath(place) for place in (target, *noted)]


def binary() -> str:
    """The path of the binary. Raises `FileNotFoundError` where the installer put none."""
    places = _places("persona-mock.exe" if os.name == "nt" else "persona-mock")
    for place in places:
        if os.path.isfile(place):
            return place
    raise FileNotFoundError(
        f"persona-mock {__version__} does not find its binary: expected {' or '.join(places)}; install it again, for "
        "example by: python -m pip install --force-reinstall persona-mock"
    )
