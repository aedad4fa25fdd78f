"""Compare with a committed file; ``UPDATE_GOLDEN=1`` writes it anew, to be read in the diff."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    path = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text("utf-8"), (
        f"{name} changed: if that is meant, run with UPDATE_GOLDEN=1 and read the diff"
    )
