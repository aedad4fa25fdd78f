"""Draws seeds over repositories, and tells of each whether the checks find it, and nothing else that is new."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pubsub_devtools.model import Finding
from tests.bench.seeding import fields, handlers, names, pieces, sending
from tests.bench.seeding.ground import Ground, Seed, told

SEEDERS: dict[str, Callable[[Ground], Iterator[Seed]]] = {
    "PSD001": names.misspelt_events,
    "PSD002": names.lost_handlers,
    "PSD003": names.lost_publishers,
    "PSD004": fields.missing_fields,
    "PSD005": fields.unknown_fields,
    "PSD006": fields.ill_typed_fields,
    "PSD007": fields.undeclared_reads,
    "PSD008": fields.unpublished_reads,
    "PSD009": pieces.version_skews,
    "PSD010": pieces.incompatible_versions,
    "PSD011": handlers.loops,
    "PSD012": handlers.repeated,
    "PSD013": handlers.misfits,
    "PSD014": handlers.blocking,
    "PSD015": sending.before_commit,
    "PSD016": pieces.sagas,
    "PSD017": sending.unwritable,
    "PSD018": sending.sent_again,
    "PSD019": names.misspelt_tasks,
    "PSD100": sending.idle_comments,
}
"""How defects of each code are made."""


@dataclass(frozen=True)
class Outcome:
    """What the checks told of a seed: whether its line, and what else that they had not told before."""

    seed: Seed
    found: bool
    elsewhere: tuple[Finding, ...]


PIECES: dict[str, Callable[[Ground], Iterator[Seed]]] = {
    "PSD001": pieces.misspelt_subjects,
    "PSD007": pieces.undeclared_reads,
    "PSD008": pieces.unpublished_reads,
}
"""The same in code put below a file, for what too few repositories have of their own."""


def candidates(root: Path, chance: random.Random, codes: list[str], each: int) -> list[Seed]:
    """So many seeds of each code that one repository has room for, by chance."""
    ground = Ground(root, chance)
    try:
        return [seed for code in codes for seed in islice(_made(ground, code), each)]
    finally:
        ground.close()


def _made(ground: Ground, code: str) -> Iterator[Seed]:
    yield from SEEDERS[code](ground)
    yield from PIECES[code](ground) if code in PIECES else ()


def draw(seeds: list[Seed], chance: random.Random, count: int) -> list[Seed]:
    """So many seeds of each code: one of each repository by turns, as long as there are any."""
    chosen: list[Seed] = []
    for code in SEEDERS:
        by_repo: defaultdict[str, list[Seed]] = defaultdict(list)
        for seed in seeds:
            if seed.code == code:
                by_repo[seed.repo].append(seed)
        queues = chance.sample(list(by_repo.values()), len(by_repo))
        turns = (
            queue[n] for n in range(max(map(len, queues), default=0)) for queue in queues if n < len(queue)
        )
        chosen += islice(turns, count)
    return chosen


def plant(root: Path, seeds: list[Seed]) -> Iterator[Outcome]:
    """The seeds of one repository, each alone in the ground."""
    ground = Ground(root, random.Random(0))
    try:
        known = told(ground.found())
        for seed in seeds:
            soil = ground.after(seed.path, seed.soil) if seed.soil is not None else []
            after = ground.after(seed.path, seed.content)
            hits = [each for each in after if each.code == seed.code and _at(each) == seed.at]
            others = [*soil, *(each for each in after if _at(each) != seed.at)]
            yield Outcome(seed, bool(hits), tuple(each for each in others if not told([each]) & known))
    finally:
        ground.close()


def _at(finding: Finding) -> tuple[str, int]:
    return finding.place.path, finding.place.line
