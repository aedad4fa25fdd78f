"""Which publisher or handler of one end is which of the other: the same function, or one that moved or was renamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import msgspec

from pubsub_devtools.model import Site

Key = Callable[[Site], tuple[str, ...]]


class Pairs(msgspec.Struct, frozen=True):
    """The sites of both ends, matched; ``lost`` and ``gained`` have no partner in any function."""

    both: tuple[tuple[Site, Site], ...] = ()
    lost: tuple[Site, ...] = ()
    gained: tuple[Site, ...] = ()

    def before(self, head: Site) -> Site | None:
        """What a site of the head was at the base."""
        return next((base for base, now in self.both if now is head), None)


def where(site: Site) -> tuple[str, ...]:
    """A function: its repository, file and name."""
    return (site.kind, site.origin, site.place.path, site.symbol)


def _moved(site: Site) -> tuple[str, ...]:
    return (site.kind, site.origin, site.symbol)


def _renamed(site: Site) -> tuple[str, ...]:
    return (site.kind, site.origin, site.place.path)


def paired(base: Iterable[Site], head: Iterable[Site]) -> Pairs:
    """Match sites: by their function, then one that moved to another file, then one of another name in the same file."""
    old, new = list(base), list(head)
    functions = {where(site) for site in old} & {where(site) for site in new}
    both: list[tuple[Site, Site]] = []
    for key in (where, _moved, _renamed):
        found = _matched(old, new, key)
        both += found
        old = [site for site in old if all(site is not taken for taken, _ in found)]
        new = [site for site in new if all(site is not taken for _, taken in found)]
    return Pairs(
        tuple(both),
        tuple(site for site in old if where(site) not in functions),
        tuple(site for site in new if where(site) not in functions),
    )


def _matched(old: list[Site], new: list[Site], key: Key) -> list[tuple[Site, Site]]:
    by_key: dict[tuple[str, ...], list[Site]] = defaultdict(list)
    for site in new:
        by_key[key(site)].append(site)
    found: list[tuple[Site, Site]] = []
    for site in old:
        candidates = by_key[key(site)]
        if candidates:
            best = max(
                candidates, key=lambda each: len(_keys(each) & _keys(site)) - len(_keys(each) ^ _keys(site))
            )
            candidates.remove(best)
            found.append((site, best))
    return found


def _keys(site: Site) -> set[str]:
    return {key.name for key in site.keys}
