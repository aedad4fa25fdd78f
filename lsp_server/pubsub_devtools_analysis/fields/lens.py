"""Where in what a handler gets the payload lies: behind `data`, in the third of four items, in an iterated stream."""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools_analysis.fields.body import UNKNOWN, Path

State = Literal["field", "whole", "carrier", "nothing"]
"""A field of the payload; the payload; what holds it; something of the transport's own."""


class Way(msgspec.Struct, frozen=True):
    """Steps from a value to the payload. The first `stream` of them lead to a message, which holds the payload."""

    steps: Path = ()
    stream: int = 0


class Lens(msgspec.Struct, frozen=True):
    """All ways from a value to the payload."""

    ways: tuple[Way, ...] = (Way(),)

    def state(self, path: Path) -> State:
        """What lies at the end of a path."""
        rest = self.rest(path)
        if rest is not None:
            return "field" if named(rest) or ends(rest) else "whole"
        later = self.after(path).ways
        return "carrier" if later else "nothing"

    def rest(self, path: Path) -> Path | None:
        """What of a path lies in the payload, by the longest way to it; nothing when it does not lead there."""
        fits = [end for way in self.ways if (end := follow(path, way.steps)) is not None]
        return path[max(fits) :] if fits else None

    def after(self, path: Path) -> Lens:
        """The ways that go on from the end of a path."""
        found: list[Way] = []
        for way in self.ways:
            taken = met(path, way.steps)
            if taken is not None:
                found.append(Way(way.steps[taken:], max(way.stream - taken, 0)))
        rest = self.rest(path)
        if rest is not None and not named(rest) and not ends(rest) and Way() not in found:
            found.append(Way())
        return Lens(tuple(dict.fromkeys(found)))

    def holds_message(self, path: Path) -> bool:
        """Whether what lies at the end of a path is a message rather than a stream of them."""
        return any(way.stream == 0 for way in self.after(path).ways)

    def under(self, step: str) -> Lens:
        """The same ways, seen from a table that holds the value under a name."""
        return Lens(tuple(Way((step, *way.steps), way.stream + 1 if way.stream else 0) for way in self.ways))


WHOLE = Lens()


def lens(texts: tuple[str, ...]) -> Lens:
    """A lens from how a dialect writes its ways: `value()`, `messages:data`; the empty text for the value itself."""
    return Lens(tuple(way(text) for text in texts)) if texts else WHOLE


def way(text: str) -> Way:
    """`stream.steps:body.steps`."""
    before, mark, after = text.rpartition(":")
    stream = steps(before) if mark else ()
    return Way((*stream, *steps(after)), len(stream))


def steps(text: str) -> Path:
    """`items().#1` as steps."""
    return tuple(step for step in text.split(".") if step)


def vanishes(step: str) -> bool:
    """Whether a step is one of position alone, which names nothing."""
    return step.startswith("#") or step == UNKNOWN


def follow(path: Path, wanted: Path) -> int | None:
    """How much of a path these steps take; nothing when it goes elsewhere. Positions in between are elements."""
    at = 0
    for step in wanted:
        while at < len(path) and path[at] != step and vanishes(path[at]) and not step.startswith("#"):
            at += 1
        if at >= len(path) or path[at].removesuffix("?") != step:
            return None
        at += 1
    return at


def met(path: Path, wanted: Path) -> int | None:
    """How many of the wanted steps a whole path takes; nothing when it goes elsewhere or beyond."""
    taken = 0
    for step in path:
        if taken < len(wanted) and step == wanted[taken]:
            taken += 1
        elif not step.startswith("#") or (taken < len(wanted) and wanted[taken].startswith("#")):
            return None
    return taken


def ends(path: Path) -> bool:
    """Whether a path goes through a call, or to an entry that is not known."""
    return any(step.endswith("()") or step == UNKNOWN for step in path)


def named(path: Path) -> Path:
    """The names of a path: up to the first call; positions are gone, and a text that is looked for in a value."""
    found: list[str] = []
    for step in path:
        if step.endswith("()"):
            break
        if step.endswith("?") and step != UNKNOWN:
            found += [] if found else [step[:-1]]
            break
        if not vanishes(step):
            found.append(step)
    return tuple(found)
