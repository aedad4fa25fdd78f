"""Which scalar may stand where another is expected: for a reader of messages, and for Python code that gets the value."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from pubsub_devtools.model.field_type import ScalarName
from pubsub_devtools.schema.compatibility.difference import Code

__all__ = ["CODE", "WIRE", "Rules"]

Pairs: TypeAlias = frozenset[tuple[ScalarName, ScalarName]]


class Rules(msgspec.Struct, frozen=True):
    """One way to compare.

    Pairs are (written, read). ``takes`` always fit, ``perhaps`` fit in some formats or uses. ``validates`` tells a reader
    that checks a message and fills in defaults from code that merely uses what it is handed; such code may live with what
    lies outside the limits and values that it knew, so the codes in ``soft`` are only risky to it.
    """

    takes: Pairs
    perhaps: Pairs
    validates: bool
    soft: frozenset[Code] = frozenset()


_TEXTS: tuple[ScalarName, ...] = ("decimal", "date", "datetime", "time", "timedelta", "uuid")

WIRE = Rules(
    takes=frozenset({("int", "float"), ("int", "decimal"), ("float", "decimal"), ("str", "bytes")}),
    perhaps=frozenset(
        {
            ("bytes", "str"),
            ("time", "timedelta"),
            ("decimal", "datetime"),  # a number as text is read as seconds
            *((text, "str") for text in _TEXTS),
            *((text, "bytes") for text in _TEXTS),
        }
    ),
    validates=True,
)
"""Messages as JSON, read strictly (no number from text). ``perhaps`` are those that JSON writes as text: they read well
there, but not where the format knows the type, as Avro's logical types do."""

CODE = Rules(
    takes=frozenset({("int", "float"), ("bool", "int"), ("datetime", "date")}),
    perhaps=frozenset({("int", "decimal")}),
    validates=False,
    soft=frozenset({"limit", "pattern", "values", "length", "may-be-missing"}),
)
"""Python code that uses the value: a subclass may stand for its base, and ``int`` for ``float`` (PEP 484)."""
