"""The lowest layer of a comparison: how a difference is said. Of writer and reader one is the old version, one the new."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from pubsub_devtools.model.field_type import FieldType
from pubsub_devtools.schema.compatibility.difference import Code, Difference, Severity
from pubsub_devtools.schema.compatibility.place import At
from pubsub_devtools.schema.compatibility.rules import Rules
from pubsub_devtools.schema.spelling import spell

__all__: list[str] = []

Older: TypeAlias = Literal["writer", "reader"]
"""Which of the two is the old version; the words of the differences tell old from new."""


class Words:
    """One comparison under given rules; the layers above it know what to compare."""

    def __init__(self, rules: Rules, older: Older) -> None:
        self.rules = rules
        self.old_writes = older == "writer"

    def of(self, writer: At, reader: At, path: str = "") -> tuple[Difference, ...]:
        """Return the differences of any two types, each once; the highest layer does."""
        raise NotImplementedError

    @property
    def w(self) -> str:
        return "old" if self.old_writes else "new"

    @property
    def r(self) -> str:
        return "new" if self.old_writes else "old"

    def change(self, w: FieldType, r: FieldType) -> str:
        old, new = (w, r) if self.old_writes else (r, w)
        return f"was {spell(old)}, is {spell(new)}"

    def typed(
        self, code: Code, w: FieldType, r: FieldType, path: str, severity: Severity = "breaking"
    ) -> Difference:
        return self.found(code, path, f"{at(path)} {self.change(w, r)}", severity)

    def unknown(self, w: FieldType, r: FieldType, path: str) -> Difference:
        return self.found("unknown", path, f"{at(path)} cannot be judged: {self.change(w, r)}", "risky")

    def found(self, code: Code, path: str, text: str, severity: Severity = "breaking") -> Difference:
        return Difference(path, code, "risky" if code in self.rules.soft else severity, text)


def at(path: str) -> str:
    """Return the words for what is at a path."""
    return f"`{path}`" if path else "the message"


def perhaps(found: Difference) -> Difference:
    """Return a difference as one that may not come about."""
    return found if found.severity == "compatible" else msgspec.structs.replace(found, severity="risky")
