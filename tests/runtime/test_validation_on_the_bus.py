"""Validation on publish: refused, logged, or not looked at; before any handler and before plugins."""

import asyncio

import pytest

from pubsub_devtools import (
    BaseEvent,
    EventBus,
    EventInvalid,
    Validation,
    current_context,
    event_handler,
    event_schema,
)
from pubsub_devtools.plugins import Plugin
from pubsub_devtools.schema.registry.memory import MemoryRegistry

from .events import Ping


class Count(Plugin):
    published = 0

    def on_event_published(self, event):
        self.published += 1


def build(validation):
    calls, count = [], Count()
    bus = EventBus(validation=validation, plugins=[count])
    bus.include(event_handler(Ping)(lambda event: calls.append(event.number)))
    return bus, calls, count


@pytest.mark.parametrize("validation", ["strict", Validation("strict")])
def test_strict_refuses_before_any_handler(validation):
    bus, calls, count = build(validation)
    bus.publish(Ping(1))
    with pytest.raises(EventInvalid, match="Ping is not valid: `number`"):
        bus.publish(Ping.model_construct(number="three"))
    assert (calls, count.published) == ([1], 1)


def test_warn_logs_and_off_does_not_look(caplog):
    for validation, logged in (("warn", True), ("off", False), (None, False)):
        caplog.clear()
        bus, calls, count = build(validation)
        bus.publish(Ping.model_construct(number="three"))
        assert (calls, count.published) == (["three"], 1)
        assert ("Ping is not valid" in caplog.text) is logged


class Drops(Plugin):
    def __init__(self):
        self.dropped = []

    def on_event_dropped(self, event, reason):
        self.dropped.append((event.number, reason))


def test_plugins_hear_of_what_is_refused_on_publish_and_on_receive():
    drops, calls = Drops(), []
    bus = EventBus(validation=Validation("strict", on_publish="off"), plugins=[drops])
    bus.include(event_handler(Ping)(lambda event: calls.append((event.number, current_context()))))
    bus.publish(Ping(1))
    wrong = Ping.model_construct(number="three")
    bus.publish(wrong)
    envelope = calls[0][1]
    with pytest.raises(EventInvalid):
        bus.deliver(wrong, envelope)
    with pytest.raises(EventInvalid):
        asyncio.run(bus.deliver_async(wrong, envelope))
    bus.validation = Validation("off", on_publish="strict")
    bus.deliver(wrong, envelope)
    with pytest.raises(EventInvalid):
        bus.publish(wrong)
    assert [number for number, _ in calls] == [1, "three", "three"]
    assert [number for number, _ in drops.dropped] == ["three"] * 3
    assert "Ping is not valid: `number`" in drops.dropped[0][1]


def test_what_the_registry_does_not_know_is_refused_until_it_is_registered():
    @event_schema(name="orders.paid", version="1.0.0")
    class OrderPaid(BaseEvent):
        number: int

    registry, drops, calls = MemoryRegistry(), Drops(), []
    bus = EventBus(registry=registry, plugins=[drops])
    bus.include(event_handler(OrderPaid)(lambda event: calls.append(event.number)))
    for _ in range(2):
        with pytest.raises(EventInvalid, match="Register it"):
            bus.publish(OrderPaid(1))
    registry.register(OrderPaid)
    bus.publish(OrderPaid(2))
    assert (calls, len(drops.dropped)) == ([2], 2)
    with pytest.raises(ValueError, match="two registries"):
        EventBus(registry=registry, validation=Validation(registry=MemoryRegistry()))
