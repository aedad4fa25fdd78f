"""What the well-known names of annotations mean: the standard library's, and those of pydantic and annotated-types."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pubsub_devtools.model.field_type import Anything, Collection, FieldType, Limits, Scalar, ScalarName

HOMES = frozenset(
    {
        "",
        "annotated_types",
        "builtins",
        "collections",
        "collections.abc",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "msgspec",
        "pubsub_devtools",
        "pubsub_devtools.schema",
        "pubsub_devtools.schema.event",
        "pydantic",
        "pydantic.fields",
        "pydantic.types",
        "types",
        "typing",
        "typing_extensions",
        "uuid",
    }
)
"""Where the names below live. The empty one stands for a name that nothing else defines."""

Form: TypeAlias = Literal[
    "optional",
    "union",
    "literal",
    "annotated",
    "classvar",
    "final",
    "required",
    "notrequired",
    "plain",
    "map",
    "counter",
    "tuple",
    "class",
]
"""What a subscript of a name means; ``plain`` qualifiers change nothing (``ReadOnly``)."""

FORMS: dict[str, Form] = {
    "Optional": "optional",
    "Union": "union",
    "Literal": "literal",
    "Annotated": "annotated",
    "ClassVar": "classvar",
    "Final": "final",
    "Required": "required",
    "NotRequired": "notrequired",
    "ReadOnly": "plain",
    "Type": "class",
    "type": "class",
    **dict.fromkeys(("tuple", "Tuple"), "tuple"),
    **dict.fromkeys(
        ("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict"), "map"
    ),
    "Counter": "counter",
}

COLLECTIONS: dict[str, Collection] = {
    **dict.fromkeys(
        ("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "deque", "Deque"), "list"
    ),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"), "set"),
}

_SCALARS: dict[str, ScalarName] = {
    "None": "null",
    "NoneType": "null",
    "bool": "bool",
    "int": "int",
    "float": "float",
    "Decimal": "decimal",
    "str": "str",
    "Text": "str",
    "LiteralString": "str",
    "bytes": "bytes",
    "bytearray": "bytes",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "timedelta": "timedelta",
    **dict.fromkeys(("UUID", "UUID1", "UUID3", "UUID4", "UUID5", "UUID6", "UUID7", "UUID8"), "uuid"),
    "StrictBool": "bool",
    "StrictInt": "int",
    "StrictFloat": "float",
    "FiniteFloat": "float",
    "StrictStr": "str",
    "StrictBytes": "bytes",
}

_SIGNS = {
    "Positive": Limits(gt=0),
    "Negative": Limits(lt=0),
    "NonNegative": Limits(ge=0),
    "NonPositive": Limits(le=0),
}

PLAIN: dict[str, FieldType] = {
    **{name: Scalar(scalar) for name, scalar in _SCALARS.items()},
    **{f"{sign}Int": Scalar("int", limits) for sign, limits in _SIGNS.items()},
    **{f"{sign}Float": Scalar("float", limits) for sign, limits in _SIGNS.items()},
    "Any": Anything(),
    "object": Anything(),
}

CALLS: dict[str, str] = {
    "conint": "int",
    "confloat": "float",
    "condecimal": "Decimal",
    "constr": "str",
    "conbytes": "bytes",
    "conlist": "list",
    "conset": "set",
    "confrozenset": "set",
}
"""pydantic's functions that make a limited type, by the type that they limit."""


def well_known(path: str) -> str:
    """Return the name under which this module knows a dotted path; empty where it does not.

    Example:
        >>> well_known("typing.Optional"), well_known("Decimal"), well_known("shop.Decimal")
        ('Optional', 'Decimal', '')
    """
    home, _, name = path.rpartition(".")
    return name if home in HOMES else ""
