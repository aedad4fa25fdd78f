"""The layer of single values: scalars, choices, and the limits of both."""

from __future__ import annotations

from collections.abc import Iterable

from pubsub_devtools.model.field_type import Choice, ChoiceValue, Limits, Scalar, ScalarName
from pubsub_devtools.schema.compatibility.difference import Code, Difference, Severity
from pubsub_devtools.schema.compatibility.limits import outside, unmet
from pubsub_devtools.schema.compatibility.words import Words, at
from pubsub_devtools.schema.spelling import spell_limits
from pubsub_devtools.schema.unions import NULL

__all__: list[str] = []

_SHOWN = 6


class Values(Words):
    """Compares what is written as one value."""

    def values(self, w: Scalar | Choice, r: Scalar | Choice, path: str) -> Iterable[Difference]:
        if isinstance(r, Scalar):
            return self.scalars(w, r, path) if isinstance(w, Scalar) else self.choice_as_scalar(w, r, path)
        if isinstance(w, Scalar) and w.name != "bool":
            same = any(self.fits(w.name, scalar_of(value)) for value in r.values)
            code: Code = "values" if same else "null" if w == NULL else "type"
            return (self.typed(code, w, r, path),)
        values = (False, True) if isinstance(w, Scalar) else w.values
        known = {_key(value) for value in r.values}
        return self.untaken([value for value in values if _key(value) not in known], path)

    def scalars(self, w: Scalar, r: Scalar, path: str) -> Iterable[Difference]:
        if w.name != r.name and (w.name, r.name) in self.rules.perhaps:
            return (self.typed("format", w, r, path, "risky"),)
        if not self.fits(w.name, r.name):
            return (self.typed("null" if w == NULL else "type", w, r, path),)
        if (w.name, r.name) == ("str", "bytes"):
            return self.limits(_encoded(w.limits), r.limits, path)
        return self.limits(w.limits, r.limits, path, whole=w.name == "int")

    def choice_as_scalar(self, w: Choice, r: Scalar, path: str) -> Iterable[Difference]:
        unfit = [value for value in w.values if not self.fits(scalar_of(value), r.name)]
        if len(unfit) == len(w.values):
            return (self.typed("type", w, r, path),)
        beyond = [value for value in w.values if value not in unfit and any(outside(value, r.limits))]
        return self.untaken([*unfit, *beyond], path)

    def fits(self, written: ScalarName, read: ScalarName) -> bool:
        return written == read or (written, read) in self.rules.takes

    def untaken(self, values: list[ChoiceValue], path: str) -> Iterable[Difference]:
        if not values:
            return ()
        shown = ", ".join(map(repr, values[:_SHOWN])) + (", ..." if len(values) > _SHOWN else "")
        text = f"{at(path)} can be {shown} in the {self.w} version, which the {self.r} one does not take"
        return (self.found("values", path, text),)

    def limits(self, w: Limits, r: Limits, path: str, *, whole: bool = False) -> Iterable[Difference]:
        names = list(unmet(w, r, whole=whole))
        for name in names:
            limit = spell_limits(Limits(**{name: getattr(r, name)}))
            severity: Severity = "risky" if _beyond_us(name, getattr(w, name)) else "breaking"
            text = f"the {self.r} version limits {at(path)} to {limit}, the {self.w} one does not"
            yield self.found("pattern" if name == "pattern" else "limit", path, text, severity)


def scalar_of(value: ChoiceValue) -> ScalarName:
    """Return the kind of one of the values of a choice."""
    if isinstance(value, bool):
        return "bool"
    return "str" if isinstance(value, str) else "int" if isinstance(value, int) else "float"


def _key(value: ChoiceValue) -> tuple[bool, ChoiceValue]:
    return isinstance(value, bool), value  # True is not 1 in a message, though 1.0 is 1


def _beyond_us(name: str, written: object) -> bool:
    """Whether two different limits of this name may still allow the same: patterns, and multiples of fractions."""
    return bool(written) and (name == "pattern" or isinstance(written, float))


def _encoded(limits: Limits) -> Limits:
    """Return the limits of a text's bytes: at most four for a character."""
    longest = None if limits.max_length is None else limits.max_length * 4
    return Limits(min_length=limits.min_length, max_length=longest)
