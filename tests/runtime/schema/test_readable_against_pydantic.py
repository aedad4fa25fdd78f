"""What `readable` says of two models is what pydantic does with the messages of the one and the other.

The mode is that of the rules: JSON as ``model_dump_json`` writes it, read strictly. Lax reading takes all of it too.
"""

from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pubsub_devtools.schema.compatibility import readable
from pubsub_devtools.schema.from_pydantic import model_type

from .sources import HEADER, annotations, module_of
from .values import sample, values_of

ANNOTATIONS = [
    "int", "str", "bool", "float", "bytes", "None", "Decimal", "date", "datetime", "time", "timedelta", "UUID", "Any",
    "Status", "Size", "Literal['new', 'paid', 'gone']", "Literal[1, 2]", "Literal[1, 'new']", "Literal[7, None]",
    "PositiveInt", "NonNegativeInt", "Annotated[int, Field(ge=1, lt=9)]", "Annotated[int, Field(multiple_of=4)]",
    "Annotated[int, Field(multiple_of=2)]", "Annotated[float, Field(gt=0)]", "Annotated[str, MaxLen(3)]", "Money",
    "Annotated[str, MinLen(2)]", "Annotated[str, MinLen(1), MaxLen(3)]", "Annotated[str, Field(pattern='^[ab]+$')]",
    "int | None", "int | str", "float | None", "int | Literal['new']", "PositiveInt | None", "bool | int | None",
    "list[int]", "list[float]", "list[str]", "set[int]", "tuple[int, ...]", "tuple[int, str]", "tuple[int, int]",
    "Annotated[list[int], Len(1, 2)]", "Annotated[set[int], MinLen(2)]", "list[int | None]", "list[int] | list[str]",
    "dict[str, int]", "dict[str, str]", "Item", "Special", "Kept", "Point", "Pair", "Options", "Payload", "Node", "Tree",
    "list[Node]", "Item | Point", "list[Item | None]", "dict[str, Node]", "Path",
]  # fmt: skip
PRESENCE = [
    "", "x: int = 3", "x: int | None = None", "y: int", "y: int = 0", "y: int = Field(alias='x')", "z: str = ''",
    "y: int = Field(0, validation_alias=AliasChoices('x', 'z'))", "x: int; y: int", "x: int; y: str = ''", "a: Any",
]  # fmt: skip
MODELS = [
    *((f"x: {annotation}", "ignore") for annotation in ANNOTATIONS),
    *((fields, extra) for fields in PRESENCE for extra in ("ignore", "forbid", "allow")),
]


@cache
def models():
    """Make all models in one module, for the classes that they share take long to make."""
    bodies = [
        f"class M{index}(BaseEvent, extra={extra!r}):\n    {fields or 'pass'}\n"
        for index, (fields, extra) in enumerate(MODELS)
    ]
    made = module_of(HEADER + "\n".join(bodies))
    return [getattr(made, f"M{index}") for index in range(len(MODELS))]


@cache
def messages(model):
    """Return what a model writes, having read it itself: so every value of its type is one of its values."""
    return sorted({*_written(model, sample(model_type(model)))})


def _written(model, values):
    for value in values:
        raw = msgspec.json.encode(value)
        fields = str(model.model_fields)
        # We know nothing of a `Path`, and a set of what cannot be hashed has no value but the empty one.
        if reads(model, raw) or not ("Path" in fields or "set[" in fields):
            yield model.model_validate_json(raw).model_dump_json()


def reads(model, message, **mode):
    try:
        model.model_validate_json(message, **mode)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("index", range(len(MODELS)), ids=[f"{fields} {extra}" for fields, extra in MODELS])
def test_every_difference_shows_and_nothing_else_does(index):
    writer = models()[index]
    wrong = []
    for (fields, extra), reader in zip(MODELS, models(), strict=True):
        found = readable(model_type(writer), model_type(reader))
        failing = [message for message in messages(writer) if not reads(reader, message, strict=True)]
        if not found and failing:
            wrong.append(f"{fields} {extra}: said to be readable, but refuses {failing[0]}")
        if any(one.severity == "breaking" for one in found) and not failing:
            wrong.append(f"{fields} {extra}: {[one.text for one in found]}, but reads all")
        if not found and not all(reads(reader, message) for message in messages(writer)):
            wrong.append(f"{fields} {extra}: a lax reader refuses what a strict one takes")
    assert wrong == []


@given(st.lists(st.tuples(annotations, annotations), min_size=1, max_size=3), st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_readable_is_read(pairs, data):
    """Any annotations at all, and half of the fields the same on both sides."""
    same = [data.draw(st.booleans()) for _ in pairs]
    sides = {
        "W": [writer for writer, _ in pairs],
        "R": [w if kept else r for (w, r), kept in zip(pairs, same, strict=True)],
    }
    body = "".join(
        f"class {name}(BaseEvent):\n" + "".join(f"    f{index}: {one}\n" for index, one in enumerate(many))
        for name, many in sides.items()
    )
    made = module_of(HEADER + body)
    values = data.draw(st.lists(values_of(model_type(made.W)), min_size=5, max_size=5))
    messages = list(_written(made.W, values))
    if readable(model_type(made.W), model_type(made.R)) == ():
        assert all(reads(made.R, message, strict=True) for message in messages)
