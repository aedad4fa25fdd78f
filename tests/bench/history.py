"""The history of figures: one JSON line each, so that a slow drift shows where single runs are noise."""

from __future__ import annotations

import datetime
import json
import platform
from collections.abc import Iterable
from pathlib import Path

from tests.bench.figure import Figure

RESULTS = Path(__file__).parent / "results" / "bench.jsonl"


def append(figures: Iterable[Figure], small: bool, file: Path = RESULTS) -> None:
    """Add what was measured; what was not leaves no line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        for figure in figures:
            if figure.value is not None:
                lines.write(json.dumps(_row(figure, small)) + "\n")


def _row(figure: Figure, small: bool) -> dict[str, object]:
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "small": small,
        "figure": figure.name,
        "value": figure.value,
        "bound": figure.bound,
        "unit": figure.unit,
    }
