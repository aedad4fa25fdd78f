"""The text of a model and the model itself give the same `FieldType`."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.model.field_type import FieldType, Limits, Record, RecordField, Ref, Scalar, Unknown
from pubsub_devtools.schema.spelling import spell

from .sources import annotations, both

# What each field means, spelled; both readings must also be equal in all that the words do not say.
TABLE = {
    "x: int": "int",
    "x: bool": "bool",
    "x: float": "float",
    "x: str": "str",
    "x: bytes": "bytes",
    "x: None": "None",
    "x: Decimal": "decimal",
    "x: decimal.Decimal": "decimal",
    "x: date": "date",
    "x: dt.datetime": "datetime",
    "x: datetime": "datetime",
    "x: time": "time",
    "x: timedelta": "timedelta",
    "x: UUID": "uuid",
    "x: UUID4": "uuid",
    "x: Any": "Any",
    "x: object": "Any",
    "x: Path": "Path",
    "x: AwareDatetime": "AwareDatetime",
    "x: Callable[[int], str]": "Callable",
    "x: type[int]": "type",
    "x: Optional[int]": "int | None",
    "x: int | None": "int | None",
    "x: None | int": "int | None",
    "x: 'int | None'": "int | None",
    "x: Union[str, int]": "int | str",
    "x: Union[str, Union[int, None]]": "int | str | None",
    "x: t.Optional[t.Union[int, str]]": "int | str | None",
    "x: list": "list[Any]",
    "x: list[int]": "list[int]",
    "x: t.List[int]": "list[int]",
    "x: List": "list[Any]",
    "x: Sequence[str]": "list[str]",
    "x: Iterable[int]": "list[int]",
    "x: MutableSequence[int]": "list[int]",
    "x: deque[int]": "list[int]",
    "x: set[int]": "set[int]",
    "x: frozenset[str]": "set[str]",
    "x: AbstractSet[str]": "set[str]",
    "x: tuple": "tuple[Any, ...]",
    "x: tuple[int, ...]": "tuple[int, ...]",
    "x: tuple[int, str]": "tuple[int, str]",
    "x: tuple[int]": "tuple[int]",
    "x: tuple[()]": "tuple[()]",
    "x: t.Tuple[int, ...]": "tuple[int, ...]",
    "x: dict": "dict[Any, Any]",
    "x: dict[str, int]": "dict[str, int]",
    "x: Mapping[str, list[int]]": "dict[str, list[int]]",
    "x: defaultdict[str, int]": "dict[str, int]",
    "x: OrderedDict[str, int]": "dict[str, int]",
    "x: Counter[str]": "dict[str, int]",
    "x: Literal['b', 'a', 'a']": "Literal['a', 'b']",
    "x: Literal[1, -2]": "Literal[-2, 1]",
    "x: Literal['a', None]": "Literal['a'] | None",
    "x: Literal[Literal['a'], 'b']": "Literal['a', 'b']",
    "x: Literal[Status.NEW]": "Literal['new']",
    "x: Literal['a'] | Literal['b']": "Literal['a', 'b']",
    "x: Status": "Literal['new', 'paid']",
    "x: Size": "Literal[1, 7, 8]",
    "x: Kind": "Literal['card', 'cash']",
    "x: Odd": "Odd",
    "x: Status | None": "Literal['new', 'paid'] | None",
    "x: UserId": "int",
    "x: Money": "decimal",
    "x: Names": "dict[str, list[str]]",
    "x: Maybe": "dict[str, list[str]] | None",
    "x: Annotated[int, Field(gt=1, le=9, multiple_of=2)]": "int",
    "x: Annotated[int, Gt(1), Lt(9)]": "int",
    "x: Annotated[int, annotated_types.Interval(ge=1, lt=5)]": "int",
    "x: Annotated[Annotated[int, Ge(1)], Ge(3)]": "int",
    "x: Annotated[list[Annotated[str, MinLen(1)]], Len(1, 5)]": "list[str]",
    "x: Annotated[str, StringConstraints(pattern='a+', max_length=3)]": "str",
    "x: Annotated[int | None, Field(ge=1)] = None": "int | None",
    "x: Optional[Annotated[int, 'words', Ge(1)]]": "int | None",
    "x: PositiveInt": "int",
    "x: PositiveFloat | None": "float | None",
    "x: Annotated[NonNegativeInt, Field(ge=5)]": "int",
    "x: StrictStr": "str",
    "x: conint(ge=1, lt=3)": "int",
    "x: constr(min_length=2)": "str",
    "x: conlist(int, min_length=2)": "list[int]",
    "x: te.Annotated[te.Literal[1], 'words']": "Literal[1]",
    "x: int = 3": "int",
    "x: int = Field(3, ge=1)": "int",
    "x: int = Field(..., ge=1)": "int",
    "x: int = Field(default=3)": "int",
    "x: list[int] = Field(default_factory=list, max_length=3)": "list[int]",
    "x: int | None = Field(None, ge=1)": "int | None",
    "x: int = Field(alias='y')": "int",
    "x: int = Field(alias='y', validation_alias='z')": "int",
    "x: int = Field(validation_alias=AliasChoices('y', 'z'))": "int",
    "x: Annotated[int, Field(alias='y')] = 3": "int",
    "x: Annotated[int, Field(default_factory=int)]": "int",
    "x: ReadOnly[int] = 1": None,
    "x: Final[int]": "int",
    "x: Item": "Item",
    "x: list[Special]": "list[Special]",
    "x: Kept": "Kept",
    "x: Point": "Point",
    "x: Pair": "Pair",
    "x: Options": "Options",
    "x: Payload | None": "Payload | None",
    "x: Node": "Node",
    "x: dict[str, Tree]": "dict[str, Tree]",
    "x: 'Sample | None' = None": "Sample | None",
    "x: list[Sample] = []": "list[Sample]",
}
del TABLE["x: ReadOnly[int] = 1"]  # pydantic takes it in a TypedDict alone


def test_the_table_is_long_enough_to_mean_something():
    assert len(TABLE) >= 60


@pytest.mark.parametrize("field", TABLE)
def test_text_and_model_give_the_same(field):
    text, model = both(field)
    assert text == model
    assert spell(text.fields[0].type) == TABLE[field]


@given(st.lists(annotations, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_annotation_gives_the_same(many):
    text, model = both(*(f"f{index}: {annotation}" for index, annotation in enumerate(many)))
    assert text == model
    assert msgspec.json.decode(msgspec.json.encode(text), type=FieldType) == text


def test_presence_aliases_and_limits_of_a_field():
    text, model = both("x: int = Field(3, ge=1, validation_alias=AliasChoices('y', 'z'))")
    expected = RecordField("x", Scalar("int", Limits(ge=1)), False, True, ("y", "z"))
    assert text.fields == model.fields == (expected,)


@pytest.mark.parametrize(
    ("cls", "fields"),
    [
        ("Special", {"sku": (True, False), "count": (False, True), "note": (False, True)}),
        ("Point", {"x": (True, False), "y": (False, True), "tags": (False, True)}),
        ("Pair", {"left": (True, False), "right": (False, True)}),
        ("Options", {"depth": (True, False), "wide": (False, False)}),
        ("Payload", {"name": (True, False), "note": (False, False)}),
    ],
)
def test_every_sort_of_class_says_which_fields_may_be_missing(cls, fields):
    for sample in both(f"x: {cls}"):
        record = sample.fields[0].type
        assert {field.name: (field.required, field.default) for field in record.fields} == fields


def test_class_variables_constants_and_private_names_are_no_fields():
    text, model = both("a: ClassVar[int] = 1", "_b: int = 2", "c: t.ClassVar = 3", "d: int")
    assert [field.name for field in text.fields] == [field.name for field in model.fields] == ["d"]
    assert text == model


@pytest.mark.parametrize("extra", ["ignore", "forbid", "allow"])
def test_extra_fields(extra):
    text, model = both("x: int", extra=extra)
    assert text == model
    assert (text.extra, text.open) == (extra, extra == "allow")


def test_recursion_is_by_reference():
    for sample in both("x: Tree"):
        tree = sample.fields[0].type
        node = tree.fields[0].type
        assert isinstance(tree, Record) and isinstance(node, Record)
        assert node.fields[1].type.items == Ref("Node")
        assert tree.fields[1].type.members[0] == Ref("Tree")


def test_a_name_that_means_another_record_here_is_not_referred_to():
    from .sources import model_type, module_of

    outer = module_of(
        "from pydantic import BaseModel\n"
        "class A(BaseModel):\n    inner: 'B'\n"
        "class B(BaseModel):\n    other: 'C'\n    back: 'A | None' = None\n"
        "class C(BaseModel):\n    up: 'A | None' = None\n"
        "C.__name__ = 'A'\n"
    )
    b = model_type(outer.A).fields[0].type
    assert b.fields[0].type.fields[0].type.members[0] == Unknown("A")
    assert b.fields[1].type.members[0] == Ref("A")
