"""Made-up projects of any size: the same packages over and over, so that only the number of files grows.

Each package has twenty files: tasks, a module that publishes them, one that imports a constant from another package,
and plain code, in about the shares that real applications have.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

SEED = 20261123
PACKAGE = 20
LONG_AGO = 1_700_000_000
"""The time of each file: a cache rightly distrusts files that changed a moment ago."""

_WORDS = ("order", "payment", "stock", "parcel", "refund", "invoice", "basket", "customer", "price", "route")


def make(root: Path, files: int, seed: int = SEED) -> Path:
    """A project of so many files; it is made once."""
    done = root / ".done"
    if not done.is_file():
        shutil.rmtree(root, ignore_errors=True)
        for path, text in sources(files, seed):
            _write(root / path, text)
        done.touch()
    return root


def sources(files: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """The paths and texts of a project."""
    draw = random.Random(seed)
    for number in range(files):
        package, place = divmod(number, PACKAGE)
        yield _file(package, place, draw)


def _file(package: int, place: int, draw: random.Random) -> tuple[str, str]:
    folder = f"app{package:05}"
    if place == 0:
        return f"{folder}/__init__.py", ""
    if place == 1:
        return f"{folder}/tasks.py", _tasks(package, draw)
    if place == 2:
        return f"{folder}/service.py", _service(package, draw)
    return f"{folder}/plain{place:02}.py", _plain(draw)


def _tasks(package: int, draw: random.Random) -> str:
    word = draw.choice(_WORDS)
    return (
        "from celery import shared_task\n\n"
        f'QUEUE = "{word}s.{package}"\n\n\n'
        f"@shared_task(name=QUEUE)\ndef settle(number):\n    return number + {package}\n\n\n"
        f"@shared_task\ndef notify(number):\n    settle.delay(number)\n\n\n{_plain(draw)}"
    )


def _service(package: int, draw: random.Random) -> str:
    other = draw.randrange(package + 1)
    return (
        f"from app{other:05}.tasks import QUEUE, settle\n\nfrom .tasks import notify\n\n\n"
        "class Service:\n"
        "    def place(self, number):\n        notify.delay(number)\n\n"
        f"    def close(self, number):\n        settle.delay(number)\n        return QUEUE\n\n\n{_plain(draw)}"
    )


def _plain(draw: random.Random) -> str:
    return "\n\n".join(_function(number, draw) for number in range(draw.randrange(3, 9)))


def _function(number: int, draw: random.Random) -> str:
    one, two = draw.choice(_WORDS), draw.choice(_WORDS)
    return (
        f"def {one}_{number}({one}, {two}_list=()):\n"
        f'    """Work on one {one}."""\n'
        f"    total = {draw.randrange(1000)}\n"
        f"    for each in {two}_list:\n"
        f"        if each.{two} > total and {one}:\n"
        f'            total += each.{two} * {draw.randrange(9)} + len("{two} {number}")\n'
        f'    return {{"{one}": total, "{two}": [each for each in {two}_list if each]}}\n'
    )


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (LONG_AGO, LONG_AGO))
