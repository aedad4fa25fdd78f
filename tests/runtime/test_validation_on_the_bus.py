"""Validation on publish: refused, logged, or not looked at; before any handler and before plugins."""

import pytest

from pubsub_devtools import EventBus, EventInvalid, Validation, event_handler
from pubsub_devtools.plugins import Plugin

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
