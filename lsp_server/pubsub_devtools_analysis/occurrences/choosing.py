"""Which files may say something of events: those that the graph speaks of, and those in which one of its words stands."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Set

    from pubsub_devtools_analysis.occurrences.symbols import Symbols

    FilesWith = Callable[[Iterable[str]], Mapping[str, Set[str]]]

COMMON = 400
"""A word that stands in more files than these is looked for only near the module that gives it its meaning."""

_WORD = re.compile(r"[^\W\d]\w*")


def distinctive(symbols: Symbols) -> dict[str, tuple[str, ...]]:
    """The names of the workspace's own events that are hardly anything else when they stand in quotes."""
    return {
        name: ids
        for name, ids in symbols.named.items()
        if _is_distinctive(name) and any(symbols.events[each].origin != "builtin" for each in ids)
    }


def _is_distinctive(name: str) -> bool:
    parts = [part for part in re.split(r"[\W_]+", name) if part]
    humps = sum(1 for a, b in itertools.pairwise(name) if a.islower() and b.isupper())
    return len(name) >= 6 and "*" not in name and len(parts) + humps >= 2


def chosen(
    symbols: Symbols,
    is_module: Callable[[str], bool],
    files_with: FilesWith,
    spoken: Collection[str],
) -> dict[str, set[str]]:
    """Files, each with the words that may stand for events there.

    Args:
        symbols: what stands for events.
        is_module: whether a dotted name is a module of the workspace.
        files_with: finds the files in which words stand.
        spoken: the files that the graph speaks of, which are looked at in any case.
    """
    found: dict[str, set[str]] = {path: set() for path in spoken}
    meanings = symbols.words(is_module)
    for word, files in files_with(meanings).items():
        near = files if len(files) <= COMMON else _near(meanings[word], files, files_with)
        for path in near | (files & found.keys()):
            found.setdefault(path, set()).add(word)
    for path in _quoted(distinctive(symbols), files_with):
        found.setdefault(path, set())
    return found


def _near(paths: set[str], files: Set[str], files_with: FilesWith) -> set[str]:
    """Those of the files that also hold a part of the module's name which is not everywhere, or lie beside it."""
    parts = {part for path in paths for part in path.split(".")[:-1]}
    places = {part: found & files for part, found in files_with(parts).items()}
    folders = {"/".join(path.split(".")[:-2]) for path in paths}
    near = {path for path in files if path.rpartition("/")[0].endswith(tuple(folders - {""}))}
    for path in paths:
        rarest = min((places.get(part, files) for part in path.split(".")[:-1]), key=len, default=files)
        near |= rarest if len(rarest) <= COMMON else set()
    return near


def _quoted(names: dict[str, tuple[str, ...]], files_with: FilesWith) -> set[str]:
    """The files that hold all words of a name, where one of these is not everywhere."""
    words = {name: set(_WORD.findall(name)) for name in names}
    places = files_with({word for each in words.values() for word in each})
    found: set[str] = set()
    for each in words.values():
        files = sorted((places.get(word, set[str]()) for word in each), key=len)
        common = (
            {path for path in files[0] if all(path in more for more in files[1:])} if files else set[str]()
        )
        found |= common if len(common) <= COMMON else set()
    return found
