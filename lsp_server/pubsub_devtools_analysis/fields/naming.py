"""What the names of one scope mean, as `annotation_type` asks for it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model.field_type import ChoiceValue, FieldType
from pubsub_devtools.schema.unions import choice_of
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Name
from pubsub_devtools_analysis.values import Class, External, Number, Str, Value

if TYPE_CHECKING:
    from pubsub_devtools_analysis.fields.schemas import Types


class Names:
    """The names of one scope; an instance is a resolver. An alias that comes back to itself means nothing."""

    def __init__(self, types: Types, at: At) -> None:
        self._types = types
        self._at = at

    def __call__(self, name: str) -> FieldType | str | None:
        """A class as its type, a library's name as its path, an alias as what it stands for."""
        values = self._types.evaluator.eval(self._at, _expression(name))
        classes = [v for v in values if isinstance(v, Class)]
        if len(classes) == 1:
            return self._types.of(classes[0])
        alias = self._types.alias(self._at.path, name) if "." not in name else None
        if alias is not None:
            return alias
        outside = [v.path for v in values if isinstance(v, External) and "()" not in v.path]
        if len(outside) == 1:
            return outside[0].removeprefix("builtins.")
        known = [value for value in map(_constant, values) if value is not None]
        return choice_of(known) if len(known) == 1 else None


def _constant(value: Value) -> ChoiceValue | None:
    """The value of an enum's member."""
    if isinstance(value, Str):
        return value.text
    if not isinstance(value, Number):
        return None
    try:
        found = ast.literal_eval(value.text)
    except (ValueError, SyntaxError):
        return None
    return found if isinstance(found, bool | int | float) else None


def _expression(name: str) -> AnyExpr:
    first, *rest = name.split(".")
    found: AnyExpr = Name(first)
    for each in rest:
        found = Attr(found, each)
    return found
