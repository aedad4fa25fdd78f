"""What a judge of schemas finds, and where: the differences of `schema.compatibility`, with the standard name of their kind."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from pubsub_devtools.schema.compatibility.difference import Code, Difference, Severity

__all__ = ["Finding", "Place", "Policy", "refuses"]

Policy: TypeAlias = Literal["STRICT", "LENIENT"]
"""``STRICT``: a writer may write whatever its schema allows. ``LENIENT``: it writes what its schema names."""

_CODES: tuple[tuple[str, Code], ...] = (
    ("NOT_JUDGED", "unknown"),
    ("REQUIRED_PROPERTY", "missing"),
    ("REQUIRED_ATTRIBUTE", "may-be-missing"),
    ("REQUIRED_FIELD", "missing"),
    ("READER_FIELD_MISSING_DEFAULT_VALUE", "missing"),
    ("OPTIONAL_PROPERTY", "unknown"),
    ("PROPERTY_REMOVED", "extra"),
    ("ADDITIONAL_PROPERTIES", "extra"),
    ("UNEVALUATED_PROPERTIES", "extra"),
    ("PATTERN_CHANGED", "pattern"),
    ("PATTERN_ADDED", "pattern"),
    ("FORMAT_", "format"),
    ("LOGICAL_TYPE", "format"),
    ("ENUM_", "values"),
    ("MISSING_ENUM_SYMBOLS", "values"),
    ("COMBINED_TYPE", "union"),
    ("SUM_TYPE", "union"),
    ("MISSING_UNION_BRANCH", "union"),
    ("ITEM_", "length"),
    ("FIXED_SIZE", "length"),
    ("MIN_", "limit"),
    ("MAX_", "limit"),
    ("MINIMUM", "limit"),
    ("MAXIMUM", "limit"),
    ("EXCLUSIVE", "limit"),
    ("MULTIPLE_OF", "limit"),
    ("UNIQUE_", "limit"),
    ("DEPENDENCY", "limit"),
)


class Finding(Difference, frozen=True):
    """One thing in a schema that keeps a reader from reading what a writer writes.

    ``path`` names the field as in every `Difference`; ``pointer`` says where in the reader's schema, as a JSON pointer;
    ``kind`` is the name that Confluent's registry, or Avro's own rules, have for it, where they have one. ``breaking``
    refuses a schema, ``risky`` does so unless the policy is lenient, ``compatible`` is a note.
    """

    kind: str = ""
    pointer: str = "#/"


class Place(msgspec.Struct, frozen=True):
    """Where a judge is: in the schema, and in the message."""

    pointer: str = "#/"
    field: str = ""

    def to(self, *steps: str | int) -> Place:
        """Return a place further inside the schema, of the same field."""
        return Place("/".join((self.pointer.rstrip("/"), *map(str, steps))), self.field)

    def named(self, name: str, *steps: str | int) -> Place:
        """Return the place of a field in here."""
        field = f"{self.field}.{name}" if self.field else name
        return Place(self.to(*steps).pointer, field)

    @property
    def words(self) -> str:
        return f"`{self.field}`" if self.field else "the message"

    def found(self, kind: str, text: str, severity: Severity = "breaking") -> Finding:
        """Return a finding at this place; its text says what is so of the field."""
        return Finding(self.field, code_of(kind), severity, f"{self.words}: {text}", kind, self.pointer)


def code_of(kind: str) -> Code:
    """Return the general code of a kind."""
    return next((code for start, code in _CODES if kind.startswith(start)), "type")


def refuses(found: Difference, policy: Policy = "STRICT") -> bool:
    """Tell whether a difference refuses a schema under a policy.

    Example:
        >>> place = Place().named("total", "properties", "total")
        >>> found = place.found("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", "may be anything", "risky")
        >>> refuses(found), refuses(found, "LENIENT")
        (True, False)
    """
    return found.severity == "breaking" or (found.severity == "risky" and policy == "STRICT")
