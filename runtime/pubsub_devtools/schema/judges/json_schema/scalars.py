"""The layer of single values: types, enums, numbers, texts."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from pubsub_devtools.schema.compatibility.difference import Severity
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.accepting import accepts
from pubsub_devtools.schema.judges.json_schema.branch import Branch
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.proof import Proof
from pubsub_devtools.schema.judges.json_schema.shapes import Bound, bounds_of
from pubsub_devtools.schema.judges.json_schema.values import (
    TYPES,
    listed,
    number,
    shown,
    type_of,
    types_named,
)

__all__: list[str] = []

FORMATS = frozenset(
    {"date", "date-time", "time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri", "regex"}
)
"""Formats that readers are known to check. The others are annotations, as all of them are to the specification."""


class Scalars(Proof):
    """Compares what stands in one value."""

    def types(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        wanted = types_named(read.says["type"]) if "type" in read.says else TYPES
        unfit = b.types - wanted
        if not unfit:
            return []
        kind = (
            "TYPE_NARROWED"
            if unfit == frozenset({"fraction"})
            else "TYPE_CHANGED"
            if unfit == b.types
            else "SUM_TYPE_NARROWED"
        )
        text = f"may be {_spoken(unfit)} in the {self.w} version, the {self.r} one takes {_spoken(wanted)}"
        # Whoever leaves the type out means the one that the other keywords are about.
        return [place.found(kind, text, "risky" if b.types == TYPES and unfit != b.types else "breaking")]

    def known_values(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        """Compare a writer of which all values are known."""
        values = b.values or ()
        refused = [value for value in values if not accepts(read, value)]
        if not refused:
            return []
        narrower = len(refused) < len(values)
        at = (
            place.to("const" if "const" in read.says else "enum")
            if "enum" in read.says or "const" in read.says
            else place
        )
        kind = "ENUM_ARRAY_NARROWED" if narrower else "ENUM_ARRAY_CHANGED"
        text = f"can be {', '.join(map(shown, refused[:6]))} in the {self.w} version, which the {self.r} one does not take"
        return [at.found(kind, text)]

    def choices(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        """Compare a writer of many values with a reader of few."""
        word = "const" if "const" in read.says else "enum"
        if word not in read.says:
            return []
        if b.types <= {"null", "boolean"}:
            finite = tuple(value for value in (None, False, True) if type_of(value) in b.types)
            return self.known_values(msgspec.structs.replace(b, values=finite), read, place)
        given = [read.says[word]] if word == "const" else listed(read.says[word])
        text = f"is one of {', '.join(map(shown, given[:6]))} in the {self.r} version, which the {self.w} one does not say"
        return [place.to(word).found("ENUM_ARRAY_ADDED", text)]

    def numbers(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        if not b.types & {"integer", "fraction"}:
            return []
        whole = "fraction" not in b.types
        lower, upper = bounds_of(read.says)
        found: list[Finding] = []
        if lower and not _covers(b.bound(0), lower, 1, whole):
            found.append(self.bound(b.bound(0), lower, "minimum", place))
        if upper and not _covers(b.bound(1), upper, -1, whole):
            found.append(self.bound(b.bound(1), upper, "maximum", place))
        return [*found, *self.multiples(b, read, place)]

    def bound(self, known: Bound | None, wanted: Bound, word: str, place: Place) -> Finding:
        name = f"exclusive{word.capitalize()}" if wanted[1] else word
        change = "ADDED" if known is None else "INCREASED" if word == "minimum" else "DECREASED"
        kind = f"EXCLUSIVE_{word.upper()}_{change}" if wanted[1] else f"{word.upper()}_{change}"
        text = f"has {name} {_plain(wanted[0])} in the {self.r} version, {_instead(known[0] if known else None)} in the {self.w} one"
        return place.to(name).found(kind, text)

    def multiples(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        wanted = number(read.says.get("multipleOf"))
        if not wanted:
            return []
        given = [value for said in b.said("multipleOf") if (value := number(said))]
        if "fraction" not in b.types:
            given.append(Fraction(1))
        if any(value % wanted == 0 for value in given):
            return []
        told = [value for said in b.said("multipleOf") if (value := number(said))]
        kind = "ADDED" if not told else "EXPANDED" if wanted % told[0] == 0 else "CHANGED"
        text = f"is a multiple of {_plain(wanted)} in the {self.r} version, {_instead(told[0] if told else None)} in the {self.w} one"
        return [place.to("multipleOf").found(f"MULTIPLE_OF_{kind}", text)]

    def texts(self, b: Branch, read: Node, place: Place) -> list[Finding]:
        if "string" not in b.types:
            return []
        found = [*self.least(b, read, "minLength", place), *self.greatest(b, read, "maxLength", place)]
        for word in ("pattern", "format"):
            wanted = read.says.get(word)
            if wanted is None or wanted in b.said(word) or (word == "format" and wanted not in FORMATS):
                continue
            others = [said for said in b.said(word) if word == "pattern" or said in FORMATS]
            kind = f"{word.upper()}_{'CHANGED' if others else 'ADDED'}"
            text = f"has the {word} {shown(wanted)} in the {self.r} version, {shown(others[0]) if others else 'none'} in the {self.w} one"
            # Validators need not check formats, and most do not unless they are told to.
            severity: Severity = "risky" if word == "format" else "breaking"
            found.append(place.to(word).found(kind, text, severity))
        return found

    def least(self, b: Branch, read: Node, word: str, place: Place, floor: int = 0) -> list[Finding]:
        """Compare a lower limit of size. ``floor`` is what the writer's other keywords amount to."""
        wanted, known = number(read.says.get(word)) or Fraction(0), b.most(word)
        if wanted <= max(known or 0, floor):
            return []
        return [self.sized(word, "ADDED" if known is None else "INCREASED", wanted, known, place)]

    def greatest(
        self, b: Branch, read: Node, word: str, place: Place, roof: Fraction | None = None
    ) -> list[Finding]:
        """Compare an upper limit of size. ``roof`` is what the writer's other keywords amount to."""
        wanted, known = number(read.says.get(word)), b.least(word)
        if wanted is None or any(limit is not None and limit <= wanted for limit in (known, roof)):
            return []
        return [self.sized(word, "ADDED" if known is None else "DECREASED", wanted, known, place)]

    def sized(
        self, word: str, change: str, wanted: Fraction, known: Fraction | None, place: Place
    ) -> Finding:
        upper = "".join(f"_{letter}" if letter.isupper() else letter for letter in word).upper()
        text = f"has {word} {_plain(wanted)} in the {self.r} version, {_instead(known)} in the {self.w} one"
        return place.to(word).found(f"{upper}_{change}", text)


def _covers(known: Bound | None, wanted: Bound, sign: int, whole: bool) -> bool:
    if known is None:
        return False
    have, want = _turned(known, sign, whole), _turned(wanted, sign, whole)
    return have >= want


def _turned(bound: Bound, sign: int, whole: bool) -> Bound:
    """Return a lower bound; of whole numbers the first that is allowed."""
    value = sign * bound[0]
    if not whole:
        return value, bound[1]
    first = value.__floor__() + 1 if bound[1] else value.__ceil__()
    return Fraction(first), False


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):g}"


def _instead(value: Fraction | None) -> str:
    return "none" if value is None else _plain(value)


def _spoken(types: frozenset[str]) -> str:
    if types == TYPES:
        return "anything"
    plain = {"number" if type_ == "fraction" else type_ for type_ in types}
    return " or ".join(sorted(plain - {"integer"} if "number" in plain else plain))
