"""Event classes that hold everything an event can hold, and drawn ones."""

import dataclasses
import datetime as dt
import enum
import typing
from decimal import Decimal
from typing import Any, Literal, NamedTuple, NotRequired
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, create_model
from typing_extensions import TypedDict

from pubsub_devtools import BaseEvent, Envelope, event_schema


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: int
    label: str


class Options(TypedDict):
    size: int
    note: NotRequired[str]


@dataclasses.dataclass
class Box:
    count: int
    inner: list[int] | None = None


class Branch(BaseModel):
    name: str
    below: "list[Branch]" = []


class Line(BaseModel):
    item: str
    price: Decimal
    gift: bool = False


TEXT = st.text(max_size=12)
WHOLE = st.integers(-(2**63), 2**63 - 1)
AWARE = st.datetimes(timezones=st.just(dt.UTC))
PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12
)

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: WHOLE,
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=12),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    UUID: st.uuids(),
    dt.datetime: AWARE | st.datetimes(),
    dt.date: st.dates(),
    dt.time: st.times(),
    dt.timedelta: st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)),
    Color: st.sampled_from(Color),
    Level: st.sampled_from(Level),
    Literal["a", "b"]: st.sampled_from(["a", "b"]),
    Point: st.builds(Point, WHOLE, TEXT),
    Options: st.fixed_dictionaries({"size": WHOLE}, optional={"note": TEXT}),
    Box: st.builds(Box, WHOLE, st.none() | st.lists(WHOLE, max_size=3)),
    Line: st.builds(Line, item=TEXT, price=st.decimals(0, 99, places=2), gift=st.booleans()),
    Branch: st.recursive(
        st.builds(Branch, name=TEXT),
        lambda below: st.builds(Branch, name=TEXT, below=st.lists(below, max_size=2)),
        max_leaves=4,
    ),
    Any: st.recursive(
        st.none() | st.booleans() | WHOLE | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=5,
    ),
}
KEYS = [str, int, UUID, dt.date]


@st.composite
def annotations(draw, depth=2):
    """Draw an annotation with a strategy for its values."""
    kind = draw(st.sampled_from(["leaf", "leaf", "list", "dict", "optional", "tuple"])) if depth else "leaf"
    if kind == "dict":
        key = draw(st.sampled_from(KEYS))
        inner, values = draw(annotations(depth - 1))
        return dict[key, inner], st.dictionaries(LEAVES[key], values, max_size=3)
    if kind == "list":
        inner, values = draw(annotations(depth - 1))
        return list[inner], st.lists(values, max_size=3)
    if kind == "optional":
        inner, values = draw(annotations(depth - 1))
        return typing.Optional[inner], st.none() | values  # noqa: UP045 - the inner type is a variable
    if kind == "tuple":
        first, values = draw(annotations(0))
        return tuple[first, int], st.tuples(values, WHOLE)
    leaf = draw(st.sampled_from(list(LEAVES)))
    return leaf, LEAVES[leaf]


@st.composite
def events(draw):
    """Draw an event of a drawn class."""
    fields = {}
    values = {}
    for number in range(draw(st.integers(0, 5))):
        annotation, strategy = draw(annotations())
        fields[f"field_{number}"] = (annotation, ...)
        values[f"field_{number}"] = draw(strategy)
    cls = create_model("Drawn", __base__=Binary, __module__=__name__, **fields)
    cls.__qualname__ = "events.<locals>.Drawn"  # of these the newest is meant
    return event_schema(name="drawn.event", version="1.2.0")(cls)(**values)


ENVELOPES = st.builds(
    Envelope,
    id=st.just(""),
    type=st.just("drawn.event"),
    version=st.just("1.2.0"),
    source=st.sampled_from(["", "shop", "/shop/1", "urn:shop", "https://shop.example/a%20b?c=d#e"]),
    time=AWARE,
    correlation_id=PRINTABLE,
    causation_id=st.just("") | PRINTABLE,
    traceparent=st.sampled_from(["", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]),
    tracestate=st.sampled_from(["", "a=1,b=2"]),
    key=st.just("") | PRINTABLE,
    headers=st.dictionaries(
        st.sampled_from(["tenant", "subject", "id", "X-Any", "ünï", ""]) | TEXT, TEXT, max_size=4
    ),
)


class Binary(BaseEvent):
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class Scaled(BaseEvent):
    grams: int
    note: str = ""
