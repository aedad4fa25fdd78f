"""The default bus hears every declared function, and tests can have it to themselves."""

import pytest

from pubsub_devtools import EventBus, event_bus, event_handler

from .events import Ping, Pong


def test_it_hears_declared_functions_and_other_buses_do_not():
    calls = []

    @event_handler(Ping)
    def on_ping(event):
        calls.append(event.number)

    event_bus.publish(Ping(1))
    EventBus().publish(Ping(2))
    assert calls == [1]


def test_it_hears_methods_once_an_instance_is_included():
    class Counter:
        def __init__(self):
            self.calls = 0

        @event_handler(Ping)
        def on_ping(self, event):
            self.calls += 1

    counter = Counter()
    event_bus.publish(Ping())
    assert counter.calls == 0
    event_bus.include(counter)
    event_bus.publish(Ping())
    assert counter.calls == 1


def test_a_handler_may_be_annotated_with_a_type_that_comes_later():
    calls = []

    def on_ping(event: "Later"):  # noqa: F821
        calls.append(event)

    event_handler("Ping")(on_ping)
    on_ping.__globals__["Later"] = Ping
    try:
        event_bus.publish(Ping())
    finally:
        del on_ping.__globals__["Later"]
    assert calls == [Ping()]


def test_isolated_forgets_what_was_declared_and_included_inside():
    calls = []
    event_handler(Ping)(lambda event: calls.append("before"))
    with event_bus.isolated() as bus:
        event_handler(Ping)(lambda event: calls.append("inside"))
        bus.include(event_handler(Pong)(lambda event: calls.append("pong")))
        bus.publish(Ping())
        bus.publish(Pong())
    event_handler(Ping)(lambda event: calls.append("after"))
    event_bus.publish(Ping())
    event_bus.publish(Pong())
    assert calls == ["before", "inside", "pong", "before", "after"]


def test_a_wrong_declaration_is_an_error_of_every_publish_until_it_is_right():
    with event_bus.isolated():

        @event_handler(Ping)
        def wrong(event, more): ...

        for _ in range(2):
            with pytest.raises(TypeError, match="nothing fills the parameter 'more'"):
                event_bus.publish(Ping())
    heard = event_bus.publish(Ping()).handlers  # other modules may have declared some
    assert not any(handler.endswith("wrong") for handler in heard)


def test_the_fixture_gives_a_project_the_default_bus_to_itself(pytester):
    pytester.makepyfile(
        """
        from pubsub_devtools import BaseEvent, event_bus, event_handler

        class Ping(BaseEvent): ...

        @event_handler(Ping)
        def of_the_application(event): ...

        def test_declares(isolated_event_bus):
            assert isolated_event_bus is event_bus
            event_handler(Ping)(lambda event: None)
            assert len(event_bus.publish(Ping()).handlers) == 2

        def test_hears_only_the_application(isolated_event_bus):
            assert len(event_bus.publish(Ping()).handlers) == 1
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
