"""Where the fields of events stand: the keys that publishers write, what handlers read, and what schemas declare."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.occurrences.parts import covers, span_of

if TYPE_CHECKING:
    from pubsub_devtools_analysis.facts import Span
    from pubsub_devtools_analysis.occurrences.by_file import FileView, Shape, Used
    from pubsub_devtools_analysis.occurrences.collecting import Collection, Word

_GIVING = ("keyword", "key", "stored")
_READING = ("attribute", "key", "name")


def told_fields(view: FileView, written: list[Word], found: Collection) -> None:
    """Put down the fields that stand among the words of a file."""
    by_text: defaultdict[str, list[Word]] = defaultdict(list)
    for word in written:
        by_text[word.text].append(word)
    for used in view.fields:
        words = by_text.get(used.use.name.rpartition(".")[2], [])
        place = _read(used, words) if used.region.role == "handle" else _given(used, words)
        if place is not None:
            role, event, site = used.region.role, used.region.event, used.region.site
            found.put(place, "field", role, (event,), site, used.use.name, sure=used.region.sure)
    for shape in view.shapes:
        _declare(shape, by_text, found)


def _read(used: Used, words: list[Word]) -> Span | None:
    """The read inside the expression that is known to hold it."""
    place = span_of(used.use.place)
    inside = [word for word in words if word.kind in _READING and covers(place, word.span)]
    best = min(inside, key=lambda word: (_READING.index(word.kind), word.span), default=None)
    return None if best is None else best.span


def _given(used: Used, words: list[Word]) -> Span | None:
    """The key of a payload: of its line alone is known where it stands, so the nearest one from there on is meant."""
    if used.use.positional:
        return None
    line = used.use.place.line
    site = used.region.place
    last = site.end_line if site.path == used.use.place.path and site.line <= line <= site.end_line else line
    near = [word for word in words if word.kind in _GIVING and line <= word.span[0] <= max(last, line)]
    best = min(near, key=lambda word: word.span, default=None)
    return None if best is None else best.span


def _declare(shape: Shape, by_text: dict[str, list[Word]], found: Collection) -> None:
    """The fields of a class's own body."""
    place = span_of(shape.schema.place)
    for field in shape.schema.fields:
        inside = [w for w in by_text.get(field.name, ()) if w.kind == "stored" and covers(place, w.span)]
        first = min(inside, key=lambda word: word.span, default=None)
        if first is not None:
            found.put(first.span, "field", "declare", shape.events, "", field.name)
