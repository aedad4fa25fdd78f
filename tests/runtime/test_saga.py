"""Sagas are declarations: steps in order, each with the name of what undoes it."""

import pytest

from pubsub_devtools import EventBus, event_handler, saga, step
from pubsub_devtools.sagas import StepDeclaration, saga_of

from .events import Ping


def test_steps_stand_in_the_order_of_the_class_those_of_bases_first():
    class Base:
        @step()
        def begin(self): ...

    @saga("Trip")
    class Trip(Base):
        @step(compensating_action="cancel")
        def book(self): ...
        @step()
        def send(self): ...
        def cancel(self): ...

    assert saga_of(Trip).name == "Trip"
    assert saga_of(Trip).steps == (
        StepDeclaration("begin"),
        StepDeclaration("book", "cancel"),
        StepDeclaration("send"),
    )


def test_decorators_return_what_they_get():
    def method(self): ...

    cls = type("Some", (), {"method": method})
    assert step()(method) is method
    assert saga("Some")(cls) is cls


def test_a_step_can_be_a_handler():
    calls = []

    @saga("Pings")
    class Pings:
        @step()
        @event_handler(Ping)
        def on_ping(self, event: Ping) -> None:
            calls.append(event.number)

    bus = EventBus()
    bus.include(Pings)
    bus.publish(Ping(3))
    assert calls == [3]


def test_a_compensation_that_does_not_exist_is_refused():
    class Trip:
        cancel = "no method"

        @step(compensating_action="cancel")
        def book(self): ...

    with pytest.raises(TypeError, match=r"Trip\.book is compensated by 'cancel', but"):
        saga("Trip")(Trip)


def test_a_saga_has_a_name_and_a_step_and_subclasses_declare_their_own():
    with pytest.raises(ValueError, match="needs a name"):
        saga("")
    with pytest.raises(TypeError, match="no method with @step"):
        saga("Empty")(type("Empty", (), {}))
    with pytest.raises(TypeError, match="belongs on a method"):
        step()(3)

    @saga("Base")
    class Base:
        @step()
        def begin(self): ...

    with pytest.raises(TypeError, match="Derived is no saga"):
        saga_of(type("Derived", (Base,), {}))
