"""The numbers that fields of an earlier text have: no later one may give them to another field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

import msgspec

from pubsub_devtools.schema.formats.protobuf_reading import parse

__all__ = ["Numbers", "numbers_in"]

_OF_PROTOBUF = range(19_000, 20_000)
"""Numbers that protobuf keeps for itself."""


class Numbers(msgspec.Struct, frozen=True):
    """The numbers of one message: of its fields by name, and those that are reserved."""

    fields: Mapping[str, int] = msgspec.field(default_factory=dict[str, int])
    reserved: frozenset[int] = frozenset()

    def for_fields(self, names: Iterable[str]) -> Iterator[int]:
        """Return a number for each field: the one that it had, else the next that nobody had.

        Example:
            >>> list(Numbers({"a": 1, "b": 3}, frozenset({2})).for_fields(["b", "c", "a", "d"]))
            [3, 4, 1, 5]
        """
        used = {*self.fields.values(), *self.reserved}
        free = (number for number in count(1) if number not in used and number not in _OF_PROTOBUF)
        for name in names:
            yield self.fields[name] if name in self.fields else next(free)

    def gone(self, names: set[str]) -> list[int]:
        """Return the numbers that no field may have any more."""
        return sorted(self.reserved | {number for name, number in self.fields.items() if name not in names})


def numbers_in(text: str) -> dict[str, Numbers]:
    """Return the numbers of each message of a text, by its name without the package.

    Raises:
        SchemaError: It is not well written.
    """
    found = parse(text)
    package = f"{found.package}." if found.package else ""
    return {
        name.removeprefix(package): Numbers(
            {f.name: f.number for f in message.fields}, _reserved(message.reserved)
        )
        for name, message in found.messages.items()
    }


def _reserved(words: Iterable[str]) -> frozenset[int]:
    """Return the numbers of ``reserved 2, 9 to 11``; names are passed over."""
    found: set[int] = set()
    for part in " ".join(words).split(","):
        ends = [int(word) for word in re.findall(r"\b\d+\b", part)]
        found.update(range(ends[0], ends[-1] + 1) if len(ends) == 2 else ends)
    return frozenset(found)
