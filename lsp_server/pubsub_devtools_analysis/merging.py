"""The shards of all files put together, by the file that their sites stand in: a change makes a few files' stretches anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from pubsub_devtools.model import Kind, Place, Site, Unnamed
from pubsub_devtools_analysis.declared import agreed
from pubsub_devtools_analysis.events import Pair
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.placing import Placing
from pubsub_devtools_analysis.shards import Part, Shard
from pubsub_devtools_analysis.values import Pattern, Str

V = TypeVar("V")


class Stretch(NamedTuple):
    """The sites of one file, sorted, and those without a name."""

    pairs: tuple[Pair, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()


NOTHING = Stretch()


class Merging:
    """The stretches of all files. Where several files contribute one site, the first of them by path counts."""

    def __init__(self, placing: Placing) -> None:
        self.stretches: dict[str, Stretch] = {}
        self._placing = placing
        self._parts: dict[str, dict[str, Part]] = {}
        self._implied: dict[str, dict[str, list[Draft]]] = {}

    def put(self, source: str, old: Shard, new: Shard) -> set[str]:
        """Take in what a file contributes in place of what it did before. Gives the files whose stretches this bears on."""
        others = {
            path for path in old.parts.keys() | new.parts.keys() if old.parts.get(path) != new.parts.get(path)
        }
        for path in others:
            _set(self._parts, path, source, new.parts.get(path))
        if old.implied != new.implied:
            before, after = _by_path(old.implied), _by_path(new.implied)
            for path in before.keys() | after.keys():
                _set(self._implied, path, source, after.get(path))
            others |= before.keys() | after.keys()
        return others

    def settle(self, path: str) -> Stretch:
        """Put a file's stretch together anew. Gives the one before."""
        old = self.stretches.pop(path, NOTHING)
        new = self._stretch(path)
        if new != NOTHING:
            self.stretches[path] = new
        return old

    def _stretch(self, path: str) -> Stretch:
        pairs: dict[str, Pair] = {}
        unnamed: dict[tuple[Kind, Place], Unnamed] = {}
        for _, part in sorted(self._parts.get(path, {}).items()):
            for pair in part.pairs:
                pairs.setdefault(pair[0].id, pair)
            for missed in part.unnamed:
                unnamed.setdefault((missed.kind, missed.place), missed)
        for pair in self._declarations(path):
            pairs.setdefault(pair[0].id, pair)
        lines = {(site.kind, site.place.line) for site, _ in pairs.values()}
        left = [each for each in unnamed.values() if (each.kind, each.place.line) not in lines]
        return Stretch(
            tuple(sorted(pairs.values(), key=lambda pair: order(pair[0]))),
            tuple(sorted(left, key=lambda each: each.place)),
        )

    def _declarations(self, path: str) -> Iterable[Pair]:
        implied = (each for _, drafts in sorted(self._implied.get(path, {}).items()) for each in drafts)
        for draft in agreed(implied):
            if isinstance(draft.name, Str | Pattern) and draft.name.text:
                yield self._placing.site(draft, draft.name), draft


def order(site: Site) -> tuple[Place, str]:
    """Where a site stands among all sites of a graph."""
    return site.place, site.id


def _by_path(drafts: Iterable[Draft]) -> dict[str, list[Draft]]:
    found: dict[str, list[Draft]] = {}
    for draft in drafts:
        found.setdefault(draft.path, []).append(draft)
    return found


def _set(table: dict[str, dict[str, V]], path: str, source: str, value: V | None) -> None:
    """Have a source contribute this to a file, or nothing any more."""
    rows = table.setdefault(path, {})
    if value is None:
        rows.pop(source, None)
    else:
        rows[source] = value
    if not rows:
        del table[path]
