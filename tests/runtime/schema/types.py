"""Strategies of `FieldType` values, each in the form that code and pydantic models give."""

from hypothesis import strategies as st

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    Tuple,
    Unknown,
)
from pubsub_devtools.schema.limiting import limited
from pubsub_devtools.schema.unions import choice_of, union_of

NAMES = st.sampled_from(["a", "total", "item", "order_id", "type", "x1"])
RECORDS = ["Order", "Line", "Node", "Page[int]"]
TEXTS = ["str", "date", "datetime", "time", "timedelta", "uuid", "bytes", "decimal", "bool", "null"]

SOMETIMES = st.sampled_from([False, False, False, True])

bounds = st.builds(Limits, ge=st.none() | st.integers(-5, 5), lt=st.none() | st.integers(6, 9))
lengths = st.builds(
    Limits, min_length=st.none() | st.integers(0, 2), max_length=st.none() | st.integers(3, 9)
)
choices = st.lists(
    st.integers(-3, 3) | st.sampled_from(["new", "paid"]) | st.booleans(), min_size=1, max_size=4
)
scalars = (
    st.sampled_from(TEXTS).map(Scalar)
    | st.builds(limited, st.sampled_from([Scalar("int"), Scalar("float"), Scalar("decimal")]), bounds)
    | st.builds(limited, st.sampled_from([Scalar("str"), Scalar("bytes")]), lengths)
)
leaves = (
    scalars
    | choices.map(choice_of)
    | st.just(Anything())
    | st.builds(Unknown, st.sampled_from(["", "Money"]))
)


def types(depth=2, around=()):
    """Return a strategy of types that may refer to the records around them."""
    simple = leaves
    if around:
        simple |= st.sampled_from(around).map(Ref)
    if not depth:
        return simple
    inner = st.deferred(lambda: types(depth - 1, around))
    return simple | st.one_of(
        st.builds(Array, st.sampled_from(["list", "set", "tuple"]), inner, lengths),
        st.lists(inner, max_size=3).map(lambda items: Tuple(tuple(items))),
        st.builds(Map, scalars | st.just(Scalar("str")), inner, lengths),
        st.lists(inner, min_size=1, max_size=3).map(union_of),
        records(depth - 1, around),
    )


@st.composite
def records(draw, depth=2, around=(), positional=SOMETIMES):
    """Return a record; its fields are named once each."""
    name = draw(st.sampled_from(RECORDS))
    inside = None if around is None else tuple(dict.fromkeys((*around, name)))
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    fields = []
    for field in names:
        required = draw(st.booleans())
        aliases = tuple(draw(st.lists(st.sampled_from(["old", "Was"]), unique=True, max_size=2)))
        fields.append(
            RecordField(
                field, draw(types(depth, inside)), required, not required and draw(st.booleans()), aliases
            )
        )
    return Record(name, tuple(fields), draw(st.sampled_from(["ignore", "forbid", "allow"])), draw(positional))


def messages(depth=2, around=()):
    """Return a strategy of what an event's payload may be: a record of named fields. Without references where ``around`` is None."""
    return records(depth, around, positional=st.just(False))
