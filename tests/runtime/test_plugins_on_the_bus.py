"""What plugins are told by a bus: of every publish, and of every call of a handler."""

import asyncio

import pytest

from pubsub_devtools import EventBus, current_context, event_handler
from pubsub_devtools.plugins import Plugin

from .events import Ping


class Note(Plugin):
    def __init__(self):
        self.notes = []

    def on_bus_started(self, bus):
        self.notes.append("bus started")

    def on_bus_stopped(self, bus):
        self.notes.append("bus stopped")

    def on_event_published(self, event):
        self.notes.append(f"published {event.number} in {current_context().id == event.id}")

    def on_handler_started(self, handler, event):
        self.notes.append(f"started {handler.rpartition('.')[2]}")

    def on_handler_executed(self, handler, duration):
        assert 0 <= duration < 60
        self.notes.append(f"executed {handler.rpartition('.')[2]}")

    def on_handler_failed(self, handler, event, error):
        self.notes.append(f"failed {handler.rpartition('.')[2]} {error}")


def hears(event):
    if event.number == 13:
        raise ValueError("thirteen")


async def awaits(event):
    await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _undeclared():
    yield
    for handler in (hears, awaits):
        handler.__dict__.clear()


@pytest.mark.parametrize("awaited", [False, True])
def test_a_plugin_is_told_of_all_in_order(awaited):
    note = Note()
    bus = EventBus(plugins=[note])
    bus.include(event_handler(Ping, priority=1)(hears), event_handler(Ping)(awaits))

    def publish(number):
        return asyncio.run(bus.publish_async(Ping(number))) if awaited else bus.publish(Ping(number))

    publish(1)
    with pytest.raises(ExceptionGroup):
        publish(13)
    bus.close()
    around = ["started awaits", "executed awaits"]
    assert note.notes == [
        "bus started",
        "published 1 in True",
        "started hears",
        "executed hears",
        *around,
        "published 13 in True",
        "started hears",
        "failed hears thirteen",
        *around,
        "bus stopped",
    ]


def test_plugins_come_and_go_and_what_they_raise_reaches_nobody():
    class Breaks(Plugin):
        def on_event_published(self, event):
            raise ValueError("the plugin")

    bus, note = EventBus(), Note()
    bus.include(event_handler(Ping)(hears))
    bus.publish(Ping(1))
    bus.register_plugin(Breaks)
    assert bus.register_plugin(note) is note
    assert bus.publish(Ping(2)).failures == []
    assert note.notes == ["published 2 in True", "started hears", "executed hears"]
    bus.unregister_plugin(note)
    bus.publish(Ping(3))
    assert len(note.notes) == 3


def test_a_delivered_event_was_published_elsewhere():
    note, envelopes = Note(), []
    bus = EventBus(plugins=[note])
    bus.include(event_handler(Ping)(lambda event: envelopes.append(current_context())))
    bus.publish(Ping(1))
    bus.deliver(Ping(1), envelopes[0])
    assert len([each for each in note.notes if each.startswith("published")]) == 1
    assert len(envelopes) == 2


def test_isolation_takes_back_plugins_middleware_providers_and_migrators():
    bus = EventBus()
    with bus.isolated():
        note = bus.register_plugin(Note)
        bus.provide(int, lambda: 3)
        bus.include(event_handler(Ping)(hears))
        bus.publish(Ping(1))
    assert bus.publish(Ping(2)).handlers == ()
    assert "published 2 in True" not in note.notes

    def wants(event, number: int): ...

    with pytest.raises(TypeError, match="nothing fills the parameter 'number'"):
        bus.include(event_handler(Ping)(wants))
