"""The modes of registries, and what a change means to consumers, producers and messages under way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.model.field_type import Record, RecordField, Scalar
from pubsub_devtools.schema.compatibility import (
    Gives,
    Reads,
    backward,
    forward,
    full,
    incompatibilities,
    judge_consumer,
    judge_producer,
    judge_under_way,
    readable,
    same_contract,
)
from pubsub_devtools.schema.from_annotations import annotation_type

from .sources import annotations, written

records = st.lists(annotations, max_size=3).map(lambda many: _record(*many))


def _record(*many):
    fields = (RecordField(f"f{index}", annotation_type(one)) for index, one in enumerate(many))
    return Record("Sample", tuple(fields))


@given(records)
@settings(deadline=None)
def test_every_type_reads_itself(record):
    assert readable(record, record) == ()
    assert same_contract(record, record)
    assert judge_consumer(record, record, Reads(("f0",), ("print",))).verdict == "none"


@pytest.mark.parametrize("name", ["Node", "Tree", "Item", "Point", "Pair", "Options", "Kept", "Special"])
def test_declared_classes_read_themselves_recursive_ones_included(name):
    record = written(f"x: {name}")
    assert readable(record, record) == ()


@given(records, annotations)
@settings(deadline=None)
def test_an_optional_field_may_come_and_go(record, annotation):
    added = RecordField("added", annotation_type(annotation), required=False, default=True)
    longer = Record(record.name, (*record.fields, added))
    assert full(record, longer) == full(longer, record) == ()
    assert judge_consumer(record, longer, Reads(("f0",))).verdict == "compatible"


@given(records, records)
@settings(deadline=None)
def test_full_is_backward_and_forward(old, new):
    assert set(full(old, new)) == {*backward(old, new), *forward(old, new)}
    assert [(one.path, one.code) for one in forward(old, new)] == [
        (one.path, one.code) for one in backward(new, old)
    ]
    both = incompatibilities("BACKWARD", new, [old]) + incompatibilities("FORWARD", new, [old])
    assert incompatibilities("FULL", new, [old]) == both
    assert incompatibilities("NONE", new, [old]) == ()


def test_transitive_modes_ask_every_version():
    history = [_record("str"), _record("int"), _record("int | None")]
    new = _record("int | None")
    assert incompatibilities("FULL", new, history) == ()
    found = incompatibilities("FULL_TRANSITIVE", new, history)
    assert {(one.against, one.direction) for one in found} == {
        (1, "forward"),
        (0, "backward"),
        (0, "forward"),
    }
    assert incompatibilities("BACKWARD", new, []) == ()


def test_an_unknown_mode_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'SIDEWAYS' is no compatibility mode: use one of NONE, BACKWARD"):
        incompatibilities("SIDEWAYS", Record("E"), [])


@pytest.mark.parametrize(
    ("old", "new", "path", "code", "text"),
    [
        ("str", "int", "f0", "type", "`f0` was str, is int"),
        ("int | None", "int", "f0", "null", "`f0` was None, is int"),
        ("list[int]", "list[str]", "f0", "type", "`f0` was int, is str"),
        ("Literal['a', 'b']", "Literal['a']", "f0", "values", "which the new one does not take"),
        ("int", "Annotated[int, Field(ge=1)]", "f0", "limit", "the new version limits `f0` to ge=1"),
        ("tuple[int, int]", "tuple[int]", "f0", "length", "`f0` was tuple[int, int], is tuple[int]"),
        ("Money", "int", "f0", "unknown", "`f0` cannot be judged: was Money, is int"),
        ("UUID", "str", "f0", "format", "`f0` was uuid, is str"),
    ],
)
def test_a_difference_names_its_field(old, new, path, code, text):
    (found,) = backward(_record(old), _record(new))
    assert (found.path, found.code) == (path, code)
    assert text in found.text


def test_a_path_goes_through_lists_and_maps():
    old = written("items: dict[str, list[Item]]")
    new = written("items: dict[str, list[Special]]")
    assert {one.path for one in backward(old, new)} == {"items.sku"}


OLD = written("id: str", "total: int", "status: Status", "items: list[Item]", "at: date = date.today()")


def change(**fields):
    """Return the record with some fields of another type, or without them."""
    kept = (f for f in OLD.fields if fields.get(f.name, "") is not None)
    return Record(
        "Order",
        tuple(
            RecordField(f.name, written(f"x: {fields[f.name]}").fields[0].type) if f.name in fields else f
            for f in kept
        ),
    )


@pytest.mark.parametrize(
    ("new", "reads", "verdict", "reason"),
    [
        (change(), Reads(("total",)), "none", None),
        (change(total=None), Reads(("total",)), "breaking", "`total` is no longer given"),
        (change(total=None), Reads(("id",)), "compatible", "`total` is no longer given; it is not read"),
        (change(total=None), Reads(("id",), ("post",)), "risky", "the message is passed whole to post"),
        (change(at=None), Reads(("at",)), "breaking", "`at` is no longer given"),
        (change(total="str"), Reads(("total",)), "breaking", "`total` was int, is str"),
        (change(total="bool"), Reads(("total",)), "compatible", None),
        (change(total="int | None"), Reads(("total",)), "breaking", "`total` was int, is None"),
        (change(total="PositiveInt"), Reads(("total",)), "compatible", None),
        (change(at="str"), Reads(("at",)), "breaking", "`at` was date, is str"),
        (change(status="Literal['new', 'paid', 'lost']"), Reads(("status",)), "risky", "'lost'"),
        (change(items="list[Special]"), Reads(("items.sku",)), "breaking", "`items.sku` was str, is int"),
        (change(items="list[Special]"), Reads(("items",)), "risky", "`items.sku` was str, is int"),
        (change(items="list[Special]"), Reads(("items.count",)), "compatible", "`items.note` is new"),
        (change(items="list[int]"), Reads(("items.sku",)), "breaking", "`items.sku` is no longer given"),
        (change(items="set[Item]"), Reads(("items",)), "risky", "`items` was list[Item], is set[Item]"),
        (change(items="Any"), Reads(("items.sku",)), "risky", "cannot be judged"),
        (change(items="list[Options]"), Reads(("id", "never.declared")), "compatible", None),
        (change(items="dict[str, Item]"), Reads(("items.first.size",)), "risky", "`items`"),
    ],
)
def test_a_consumer_is_judged_by_what_it_reads(new, reads, verdict, reason):
    judged = judge_consumer(OLD, new, reads)
    assert judged.verdict == verdict
    assert reason is None or any(reason in one.text for one in judged.reasons)


def test_a_declaration_that_was_missing_is_a_repair():
    judged = judge_consumer(change(total=None), OLD, Reads(("total",)))
    assert judged.verdict == "compatible"
    assert judged.reasons[0].text == "`total` is read, and is now declared"


def test_a_field_that_may_now_be_missing_is_risky():
    old, new = written("x: Payload").fields[0].type, written("x: Options").fields[0].type
    both = Record("Both", (RecordField("name", Scalar("str"), required=False), *new.fields))
    assert judge_consumer(old, both, Reads(("name",))).reasons[0].text == "`name` may now be missing"


NEW = written("id: str", "total: int", "note: str = ''", "item: Item")


@pytest.mark.parametrize(
    ("gives", "extra", "verdict", "reason"),
    [
        (Gives(("id", "total", "item")), "forbid", "none", None),
        (Gives(("id", "item")), "ignore", "breaking", "`total` is required, but not given"),
        (Gives(("id",), open=True), "ignore", "risky", "`total` is required, but given only among"),
        (Gives(("id", "total", "item", "gone")), "forbid", "breaking", "`gone` is given, but refused"),
        (Gives(("id", "total", "item", "gone")), "ignore", "compatible", "`gone` is given, but dropped"),
        (Gives(("id", "total", "item", "gone")), "allow", "none", None),
        (Gives(("id", "total", "item.count")), "ignore", "breaking", "`item.sku` is required"),
        (Gives(("id", "total", "item.sku")), "ignore", "none", None),
        (
            Gives(("id", "total", "item.sku", "item.size")),
            "ignore",
            "breaking",
            "`item.size` is given, but refused",
        ),
    ],
)
def test_a_producer_is_judged_by_what_it_gives(gives, extra, verdict, reason):
    judged = judge_producer(gives, Record("New", NEW.fields, extra))
    assert judged.verdict == verdict
    assert reason is None or any(reason in one.text for one in judged.reasons)


def test_only_what_the_change_brought_about_counts_against_it():
    gives = Gives(("id",))
    assert judge_producer(gives, NEW, NEW).verdict == "none"
    shorter = Record("Old", NEW.fields[:2])
    judged = judge_producer(gives, NEW, shorter)
    assert [one.path for one in judged.reasons] == ["item"]


def test_messages_under_way_meet_the_new_reader():
    assert judge_under_way(Record("E", NEW.fields[:1]), NEW).verdict == "breaking"
    assert judge_under_way(NEW, Record("E", NEW.fields[:1])).verdict == "compatible"
    assert judge_under_way(NEW, Record("E", NEW.fields[:1], "forbid")).verdict == "breaking"
    assert judge_under_way(NEW, Record("Renamed", NEW.fields[::-1])).verdict == "none"
