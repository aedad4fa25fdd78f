"""Predicates: a handler is called, and named on the receipt, for the events that it wants."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools import EventBus, event_handler

from .events import OrderPlaced, Ping


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 1), st.booleans()), max_size=5), st.integers(0, 4)
)
def test_those_that_want_it_are_called_by_priority_and_no_others(shapes, number):
    bus, calls = EventBus(), []
    for index, (least, priority, is_async) in enumerate(shapes):

        def hears(event, index=index):
            calls.append(index)

        async def hears_async(event, index=index):
            calls.append(index)

        wants = lambda event, least=least: event.number >= least  # noqa: E731
        bus.include(event_handler(Ping, when=wants, priority=priority)(hears_async if is_async else hears))
    wanted = sorted((i for i, shape in enumerate(shapes) if number >= shape[0]), key=lambda i: -shapes[i][1])
    assert len(bus.publish(Ping(number)).handlers) == len(wanted)
    assert calls == wanted
    calls.clear()
    asyncio.run(bus.publish_async(Ping(number)))
    assert calls == wanted
    bus.close()


def test_one_that_listens_twice_is_called_once_if_either_wants_it():
    bus, calls = EventBus(), []

    @event_handler("Ping", when=lambda event: event.number == 1)
    @event_handler("*", when=lambda event: event.number == 2)
    def either(event):
        calls.append(event.number)

    bus.include(either)
    for number in range(4):
        bus.publish(Ping(number))
    assert calls == [1, 2]


def test_a_predicate_that_raises_is_its_handlers_failure():
    bus, calls = EventBus(), []
    failing = event_handler(Ping, when=lambda event: 1 / event.number)(lambda event: calls.append("first"))
    bus.include(failing, event_handler(Ping)(lambda event: calls.append("second")))
    with pytest.raises(ExceptionGroup) as caught:
        bus.publish(Ping(0))
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)
    assert calls == ["second"]


def test_it_stands_beside_names_and_patterns():
    bus, calls = EventBus(), []
    big = event_handler("orders.**", when=lambda event: event.total > 100)
    bus.include(big(lambda event: calls.append(event.total)))
    for total in (1, 101):
        bus.publish(OrderPlaced("o", total))
    assert calls == [101]
