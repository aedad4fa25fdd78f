"""What stands outside the region that is read again: it stays, or moves by some lines, or is gone with the region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from pubsub_devtools_analysis.extraction.region import Region
from pubsub_devtools_analysis.facts import OPAQUE, Binding, Call, Case, Loop, Member, Scope, Span, Store

Placed = TypeVar("Placed", Binding, Member)
Spanned = TypeVar("Spanned", Store, Case, Loop)

_GONE = Call(OPAQUE, (), (), 0, 0, (1, 0, 1, 0), "", 0, ())


class Moving:
    """The entries of old tables as they are in the new ones."""

    def __init__(self, region: Region, moved: int) -> None:
        self.region = region
        self.moved = moved

    def line(self, line: int) -> int:
        """Where a line is now, if it is not in the region."""
        return line + self.moved if line > self.region.last else line

    def span(self, span: Span) -> Span:
        """Where a stretch of text is now."""
        return (self.line(span[0]), span[1], self.line(span[2]), span[3])

    def is_gone(self, line: int) -> bool:
        """Whether an old line lies in the region."""
        return self.region.first <= line <= self.region.last

    def further(self, scope: Scope) -> Scope:
        """A scope after the region, which has moved."""
        return msgspec.structs.replace(
            scope,
            span=self.span(scope.span),
            decorators=tuple(msgspec.structs.replace(d, span=self.span(d.span)) for d in scope.decorators),
            names={name: self.moved_all(each) for name, each in scope.names.items()},
            attrs={name: self.moved_all(each) for name, each in scope.attrs.items()},
            body=[(self.line(first), self.line(last), inner) for first, last, inner in scope.body],
        )

    def call(self, call: Call) -> Call:
        """A call that stays, at its new place."""
        if self.is_gone(call.span[0]):
            return _GONE
        if not self.moved or call.span[0] < self.region.first:
            return call
        return Call(
            call.func,
            call.args,
            call.keywords,
            call.scope,
            call.block,
            self.span(call.span),
            call.target,
            self.line(call.line),
            tuple(map(self.line, call.lines)),
        )

    def display(self, lines: tuple[int, ...]) -> tuple[int, ...]:
        """The lines of a display's keys."""
        return tuple(map(self.line, lines)) if self.moved and lines and lines[0] > self.region.last else lines

    def table(self, old: Sequence[Spanned], new: list[Spanned]) -> list[Spanned]:
        """A table with what was read now in its place."""
        head = [each for each in old if each.span[0] < self.region.first]
        tail = [each for each in old if each.span[0] > self.region.last]
        return head + new + [self.at_its_place(each) for each in tail]

    def at_its_place(self, each: Spanned) -> Spanned:
        """An entry after the region."""
        return msgspec.structs.replace(each, span=self.span(each.span)) if self.moved else each

    def before_region(self, found: dict[str, list[Placed]]) -> dict[str, list[Placed]]:
        """What is bound before the region, in lists of its own."""
        kept = {
            name: [each for each in all_ if each.line < self.region.first] for name, all_ in found.items()
        }
        return {name: each for name, each in kept.items() if each}

    def after_region(self, new: dict[str, list[Placed]], old: dict[str, list[Placed]]) -> None:
        """Add what was bound after the region."""
        for name, found in old.items():
            after = self.moved_all(each for each in found if each.line > self.region.last)
            if after:
                new.setdefault(name, []).extend(after)

    def moved_all(self, found: Iterable[Placed]) -> list[Placed]:
        """Bindings at their new lines."""
        if not self.moved:
            return list(found)
        return [msgspec.structs.replace(each, line=self.line(each.line)) for each in found]
