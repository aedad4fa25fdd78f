"""A user's mistakes: each gets one error that names the event, the handler and the way out."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ConfigDict, Field, model_validator

from pubsub_devtools import BaseEvent, EventBus, event_handler, event_schema
from pubsub_devtools.plugins import Plugin
from pubsub_devtools.serialization import EncodingError, encode


@event_schema(name="mistakes.OrderCreated", version="1.0.0")
class OrderCreated(BaseEvent):
    order_id: str
    total: int = 0


class Other(BaseEvent):
    number: int


class Holder(BaseEvent):
    good: int
    thing: Any


def test_a_field_that_there_is_not():
    with pytest.raises(TypeError, match=r"no field 'totl': did you mean 'total'\? .*: order_id, total"):
        OrderCreated("o-1", totl=3)
    with pytest.raises(TypeError, match=r"no field 'colour'\. Its fields are: order_id, total"):
        OrderCreated(order_id="o-1", colour="red")
    assert OrderCreated.model_validate({"order_id": "o-1", "later": 1}) == OrderCreated("o-1")


def test_a_class_that_says_itself_what_it_takes():
    class Open(BaseEvent):
        model_config = ConfigDict(extra="ignore")
        a: int

    class Legacy(BaseEvent):
        a: int

        @model_validator(mode="before")
        @classmethod
        def renamed(cls, values):
            return {"a": values["b"]}

    class Aliased(BaseEvent):
        a: int = Field(alias="A")

    assert Open(a=1, b=2).a == Legacy(b=1).a == Aliased(A=1).a == Aliased(a=1).a == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (OrderCreated, "not a class: call it"),
        (BaseEvent(), "subclass: BaseEvent itself"),
        ("OrderCreated", "not of str"),
    ],
)
def test_what_is_no_event_is_not_published(given, said):
    with pytest.raises(TypeError, match=said):
        EventBus().publish(given)
    with pytest.raises(TypeError, match="takes an instance of a BaseEvent"):
        EventBus().schedule("o-1", delay=1)


@pytest.mark.parametrize("time", [{"delay": "3s"}, {"at": "tomorrow"}])
def test_what_is_no_time(time):
    with pytest.raises(TypeError, match="not '"):
        EventBus().schedule(OrderCreated("o-1"), **time)
    with pytest.raises(ValueError, match="has no time zone"):
        EventBus().schedule(OrderCreated("o-1"), at=datetime(2030, 1, 1))


def nothing():
    pass


def other(event: Other) -> None:
    pass


def untyped(event: dict) -> None:
    pass


@pytest.mark.parametrize(
    ("heard", "function", "said"),
    [
        (OrderCreated, nothing, r"nothing must take the event as its first .* declared for OrderCreated"),
        (OrderCreated, other, r"other takes Other .* mistakes\.OrderCreated .* annotate the parameter with"),
        ("mistakes.OrderCreated", untyped, r"untyped is declared for 'mistakes.* takes dict: annotate"),
    ],
)
def test_a_handler_that_cannot_be_called(heard, function, said):
    def declared(*args):
        return function(*args)

    declared.__wrapped__, declared.__qualname__ = function, function.__qualname__
    event_handler(heard)(declared)
    with pytest.raises(TypeError, match=said):
        EventBus().include(declared)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"retries": 3}, "no option 'retries'; it has priority, .* max_retries"),
        ({"priority": "high"}, "whole number"),
        ({"when": "total > 3"}, "function of the event"),
        ({"window": 3}, "say batch="),
    ],
)
def test_an_option_that_is_wrong(options, said):
    with pytest.raises(TypeError, match=said):
        event_handler(OrderCreated, **options)


def test_decorators_without_their_arguments():
    with pytest.raises(TypeError, match=r"on nothing must say what it hears: @event_handler\(OrderPlaced\)"):
        event_handler(nothing)
    with pytest.raises(TypeError, match=r'write @event_schema\(name="OrderPlaced", version="1.0.0"\)'):
        event_schema(name="A", version=1)


@pytest.mark.parametrize(
    ("equipment", "said"),
    [
        ({"providers": {"db": nothing}}, "under the type that it makes"),
        ({"providers": {int: 3}}, "lambda: value"),
        ({"migrator": "x"}, "is an EventMigrator"),
        ({"source": 3}, "name of this service"),
    ],
)
def test_a_bus_that_is_equipped_wrongly(equipment, said):
    with pytest.raises(TypeError, match=said):
        EventBus(**equipment)


def test_a_module_that_is_only_named():
    with pytest.raises(TypeError, match="import the module and include that"):
        EventBus().include("shop.handlers")


def test_a_failure_names_the_event_and_the_handler():
    bus, event = EventBus(), OrderCreated("o-1")

    async def later(event):
        pass

    @event_handler(OrderCreated)
    def forgets_to_await(event: OrderCreated) -> Any:
        return later(event)

    bus.include(forgets_to_await)
    with pytest.raises(
        ExceptionGroup, match=rf"forgets_to_await, on mistakes\.OrderCreated {event.id}"
    ) as caught:
        bus.publish(event)
    assert str(caught.value.exceptions[0]).endswith("declare it with 'async def'")


def test_a_payload_that_cannot_be_written_names_its_field():
    with pytest.raises(EncodingError, match=r"^Holder \(id .*\) cannot .* `thing` .*field_serializer"):
        encode(Holder(1, object()))
    with pytest.raises(TypeError, match="encode takes an instance of a BaseEvent, not of dict"):
        encode({"a": 1})


def test_a_slot_that_is_misspelled():
    class Misspelled(Plugin):
        def on_event_publishd(self, event):
            pass

    class WithItsOwn(Plugin):
        def on_friday(self):
            pass

    with pytest.raises(
        TypeError, match="on_event_publishd, which is no slot: did you mean on_event_published"
    ):
        EventBus(plugins=[Misspelled])
    EventBus(plugins=[WithItsOwn])
