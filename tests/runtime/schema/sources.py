"""Source text of models, and both readings of it: from the text alone, and from the classes that it makes."""

import ast
import itertools
import sys
import types

from hypothesis import strategies as st

from pubsub_devtools.schema.from_annotations import ModuleNames
from pubsub_devtools.schema.from_pydantic import model_type

HEADER = """
from __future__ import annotations
import datetime as dt
import decimal
import enum
import typing as t
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, MutableSequence, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum, auto
from pathlib import Path
from typing import *
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, NewType, NotRequired, Optional, Required
from typing import TypeAlias, Union
from uuid import UUID, uuid4
import annotated_types
import typing_extensions as te
from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, MultipleOf
from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic import StrictStr, StringConstraints, UUID4, conint, conlist, constr
from typing_extensions import ReadOnly, TypedDict
from pubsub_devtools import BaseEvent

class Status(str, Enum):
    NEW = "new"
    PAID = "paid"

class Size(IntEnum):
    SMALL = auto()
    LARGE = 7
    HUGE = auto()

class Kind(StrEnum):
    CARD = auto()
    CASH = "cash"

class Odd(Enum):
    PAIR = (1, 2)

UserId = NewType("UserId", int)
Money: TypeAlias = Annotated[Decimal, Field(ge=0)]
Names = dict[str, list[str]]
Maybe = Optional[Names]

class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sku: str = Field(pattern="^[a-z]+$", max_length=8)
    count: PositiveInt = 1

class Special(Item):
    sku: int
    note: str = ""

class Kept(BaseModel, extra="allow"):
    at: dt.datetime

@dataclass
class Point:
    x: float
    y: float = 0.0
    tags: list[str] = field(default_factory=list)
    seen: bool = field(default=False, init=False)

class Pair(NamedTuple):
    left: int
    right: str = ""

class Options(TypedDict, total=False):
    depth: Required[int]
    wide: bool

class Payload(TypedDict):
    name: str
    note: NotRequired[str]

class Node(BaseModel):
    value: int
    children: list[Node] = []
    parent: Optional["Node"] = None

class Tree(BaseModel):
    root: Node
    twin: Tree | None = None
"""

_numbers = itertools.count()


def module_of(source):
    """Run a module's source and return the module; pydantic finds it by its name."""
    made = types.ModuleType(f"made_{next(_numbers)}")
    sys.modules[made.__name__] = made
    exec(compile(source, made.__name__, "exec", dont_inherit=True), made.__dict__)
    return made


def source_of(*fields, name="Sample", extra="ignore"):
    body = "".join(f"    {field}\n" for field in fields) or "    pass\n"
    return f"{HEADER}\nclass {name}(BaseEvent, extra={extra!r}):\n{body}"


def model_of(*fields, **options):
    """Return the model with these fields, as the class that its source makes."""
    return module_of(source_of(*fields, **options)).Sample


def both(*fields, **options):
    """Return the type of a model as its text says, and as pydantic says."""
    source = source_of(*fields, **options)
    return ModuleNames(ast.parse(source)).type("Sample"), model_type(module_of(source).Sample)


def written(*fields, **options):
    return ModuleNames(source_of(*fields, **options)).type("Sample")


LEAVES = [
    "int", "str", "bool", "float", "bytes", "None", "Decimal", "date", "datetime", "time", "timedelta", "UUID",
    "Any", "Status", "Size", "Kind", "Item", "Point", "Options", "Payload", "UserId", "Money", "Names", "Node",
    "Literal['a', 'b']", "Literal[1, 2, None]", "Literal[True]", "PositiveInt", "Path", "dt.date", "'Special'",
    "Annotated[int, Field(ge=1, lt=9)]", "Annotated[str, MinLen(2), MaxLen(5)]", "conint(gt=3)",
]  # fmt: skip
GENERICS = [
    "list[{0}]", "Sequence[{0}]", "set[{0}]", "tuple[{0}, ...]", "tuple[{0}, {1}]", "dict[str, {0}]", "Optional[{0}]",
    "{0} | None", "Union[{0}, {1}]", "t.Mapping[str, {0}]", "Annotated[{0}, 'words']", "Annotated[list[{0}], Len(1, 3)]",
    "'list[{0}]'", "frozenset[{0}]", "t.List[{0}]",
]  # fmt: skip


def _nested(inner):
    # A text inside a text needs other quotes, and `"X" | None` and `None | None` are no Python at run time.
    plain = inner.filter(lambda text: '"' not in text and "'" not in text and text != "None")
    return st.builds(lambda form, *parts: form.format(*parts), st.sampled_from(GENERICS), plain, plain)


annotations = st.recursive(st.sampled_from(LEAVES), _nested, max_leaves=6)
