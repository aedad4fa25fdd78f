"""Validation: what is refused, in which words, and what each level lets pass."""

import datetime
import logging
import math
import pickle
import socket
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_serializer

from pubsub_devtools import BaseEvent, event_schema
from pubsub_devtools.schema.registry import MemoryRegistry
from pubsub_devtools.schema.validation import EventInvalid, Validation


class State(Enum):
    NEW = "new"


class Line(BaseModel):
    item: str
    count: int = 1


@event_schema(name="orders.placed", version="1.0.0")
class Placed(BaseEvent):
    order_id: str
    total: int = 0
    rate: float | None = 1.0
    state: State = State.NEW
    at: datetime.date | None = None
    price: Decimal = Decimal(1)


class Nested(BaseEvent):
    lines: list[Line] = Field(default_factory=list)
    more: dict[str, Any] = Field(default_factory=dict)


def wrong(event, validation=Validation("strict")):  # noqa: B008
    check = validation.compiled(type(event))
    with pytest.raises(EventInvalid) as caught:
        check(event)
    return caught.value


@pytest.mark.parametrize(
    "event", [Placed("ö-1", 3, 2.5), Nested([Line(item="x")], {"a": [1, None]}), Placed("o", rate=None)]
)
def test_what_the_constructor_built_is_valid(event):
    assert Validation("strict").compiled(type(event))(event) is None


def test_what_was_built_without_checks_is_checked():
    error = wrong(Placed.model_construct(order_id="o", total="three"))
    assert (error.event, error.version, error.problems[0].path) == ("orders.placed", "1.0.0", "total")
    assert "orders.placed 1.0.0 is not valid: `total`: holds 'three'" in str(error)
    assert "`order_id`: Field required. Build it with its constructor" in str(
        wrong(Placed.model_construct(total=1))
    )
    assert "`total`" in str(wrong(Placed("o").model_copy(update={"total": "x"})))
    fine = Placed("o").model_copy(update={"total": 7})
    assert Validation().compiled(Placed)(fine) is None
    assert Placed("o").model_copy() == Placed("o")


def test_what_changed_inside_is_found_where_it_lies():
    event = Nested([Line(item="x")])
    event.more["a"] = [1, {"b": socket.socket}]
    error = wrong(event)
    assert "Nested is not valid: `more.a.1.b`: holds a type, which JSON cannot carry" in str(error)
    assert "Give `more.a.1.b` another type in" in str(error)
    assert "@field_serializer" in str(error)
    other = Nested([Line(item="x")])
    other.lines.append("y")
    assert wrong(other).problems[0].path == "lines"


def test_floats_and_texts_that_json_cannot_carry_are_named():
    for value in (math.nan, math.inf, -math.inf):
        assert f"`rate`: holds {value}, which JSON cannot carry" in str(wrong(Placed("o", rate=value)))
    error = wrong(Placed("\ud800"))
    assert r"`order_id`: holds '\ud800'" in str(error)
    assert str(error).isascii()


def test_classes_that_say_how_they_are_written_are_tried():
    class Custom(BaseEvent):
        total: int

        @field_serializer("total")
        def _written(self, value: int) -> str:
            return f"{value} EUR"

    assert "total" in str(wrong(Custom(3)))


def test_extra_fields_are_held_to_the_class():
    class Closed(BaseEvent):
        model_config = ConfigDict(extra="forbid")
        total: int

    assert Validation().compiled(Closed)(Closed(1)) is None


def test_warn_says_the_same_and_lets_it_pass(caplog):
    check = Validation("warn").compiled(Placed)
    with caplog.at_level(logging.WARNING, "pubsub_devtools"):
        check(Placed.model_construct(total=1))
    assert "`order_id`: Field required" in caplog.text


def test_off_costs_nothing():
    assert Validation("off").compiled(Placed) is None
    assert Validation("strict", on_publish="off").compiled(Placed) is None
    assert Validation("off", on_publish="strict").compiled(Placed) is not None


def test_there_are_three_levels():
    with pytest.raises(ValueError, match="'loose' is no level of validation: use 'strict'"):
        Validation("loose")
    assert repr(Validation("warn", on_receive="off")) == "Validation(on_publish='warn', on_receive='off')"


def test_received_payloads_are_held_to_the_class():
    found = Validation().receive(Placed, b'{"order_id": "o", "at": "2026-01-02", "state": "new"}')
    assert (found.at, found.state) == (datetime.date(2026, 1, 2), State.NEW)
    with pytest.raises(
        EventInvalid, match=r"orders\.placed 1\.0\.0 is not valid: `order_id`: Field required.*migration"
    ):
        Validation().receive(Placed, {"total": 1})
    with pytest.raises(EventInvalid, match="not valid"):
        Validation("off").receive(Placed, b"[1]")
    with pytest.raises(EventInvalid, match="not valid"):
        Validation("off").receive(Placed, b"{")


def test_below_strict_what_fits_is_converted_and_the_rest_stays(caplog):
    payload = {"total": "three", "at": "2026-01-02", "unknown": 1}
    with caplog.at_level(logging.WARNING, "pubsub_devtools"):
        warned = Validation("warn").receive(Placed, payload)
        assert "`total`" in caplog.text
        caplog.clear()
        quiet = Validation("off").receive(Placed, payload)
        assert caplog.text == ""
    for found in (warned, quiet):
        assert (found.total, found.at, found.state) == ("three", datetime.date(2026, 1, 2), State.NEW)
        assert not hasattr(found, "order_id")


def test_a_registry_must_know_what_is_published():
    registry = MemoryRegistry()
    asked = Validation("strict", registry=registry)
    with pytest.raises(
        EventInvalid, match=r"orders\.placed is not registered.*Register it: registry\.register\(Placed\)"
    ):
        asked.compiled(Placed)
    registry.register(Placed)
    assert asked.compiled(Placed)(Placed("o")) is None

    @event_schema(name="orders.placed", version="1.0.0")
    class Changed(BaseEvent):
        order_id: int

    with pytest.raises(EventInvalid, match=r"differs from what is registered.*Give .*Changed a new version"):
        asked.compiled(Changed)


def test_a_registry_only_warns_where_validation_does(caplog):
    with caplog.at_level(logging.WARNING, "pubsub_devtools"):
        assert Validation("warn", registry=MemoryRegistry()).compiled(Placed)
    assert "is not registered" in caplog.text


def test_the_error_can_be_sent_elsewhere():
    error = wrong(Placed.model_construct(total=1))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.problems) == (str(error), error.problems)


@given(st.text(st.characters(codec=None), max_size=4), st.floats(), st.booleans())
def test_valid_is_what_is_read_again_as_it_was(text, number, built):
    event = Placed(text, rate=number) if built else Placed.model_construct(order_id=text, rate=number)
    try:
        Validation().compiled(Placed)(event)
    except EventInvalid:
        assert not math.isfinite(number) or any("\ud800" <= char <= "\udfff" for char in text)
    else:
        assert Placed.model_validate_json(event.model_dump_json()) == Placed(text, rate=number)
