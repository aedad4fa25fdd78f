"""Positions of Home Assistant and wagtail whose answers were read by hand, so that the script that expects them is judged too.

Fifty were drawn by seed from those that are asked about. Each was read in the tree's own files, with every other place
where the event is named: who sends it, who is connected, where it is declared. They stand beside this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.bench.positions import Asked, Place

READ = Path(__file__).with_suffix(".jsonl")


class Row(msgspec.Struct, frozen=True):
    """A position, and the places that its answer must have; `may` are those that it may have besides."""

    tree: str
    question: str
    path: str
    line: int
    column: int
    must: list[Place]
    may: list[Place]


class Judgement(NamedTuple):
    """How many of a tree's positions were read, and those of which the script expects something else."""

    read: int
    unlike: list[Row]


def rows(file: Path = READ) -> list[Row]:
    """All positions that were read."""
    return [msgspec.json.decode(line, type=Row) for line in file.read_bytes().splitlines()]


def judged(tree: str, asked: Sequence[Asked], read: Sequence[Row]) -> Judgement:
    """What the script expects in a tree, held against what was read there."""
    known = {(each.question, each.path, each.line, each.column): each for each in asked}
    own = [row for row in read if row.tree == tree]
    return Judgement(len(own), [row for row in own if not _agrees(row, known)])


def _agrees(row: Row, known: dict[tuple[str, str, int, int], Asked]) -> bool:
    asked = known.get((row.question, row.path, row.line, row.column))
    return asked is not None and set(asked.must) == set(row.must) and set(asked.may) == {*row.must, *row.may}
