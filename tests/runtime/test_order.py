"""Who is called, and in which order, whatever mixture of handlers a bus includes."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools import EventBus, event_handler

from .events import OrderPlaced, Ping

kinds = st.tuples(st.integers(-3, 3), st.booleans(), st.booleans())
"""Priority, whether it is async, whether it raises."""


def build(shapes, calls):
    """Return a bus with one handler for each shape; each notes its number when it is called."""
    bus = EventBus()
    for number, (priority, is_async, fails) in enumerate(shapes):

        def note(number=number, fails=fails):
            calls.append(number)
            if fails:
                raise ValueError(number)

        if is_async:

            async def handler(event, note=note):
                await asyncio.sleep(0)
                note()
        else:

            def handler(event, note=note):
                note()

        bus.include(event_handler(Ping, priority=priority)(handler))
    return bus


def by_priority(shapes):
    return sorted(range(len(shapes)), key=lambda number: -shapes[number][0])


def failing(shapes, order):
    return [number for number in order if shapes[number][2]]


def raised(group):
    return [error.args[0] for error in group.exceptions] if group else []


@given(st.lists(kinds, max_size=6))
def test_without_a_loop_all_run_by_priority_before_publish_returns(shapes):
    calls, group = [], None
    bus = build(shapes, calls)
    try:
        receipt = bus.publish(Ping())
        assert receipt.done
        assert len(receipt.handlers) == len(shapes)
    except ExceptionGroup as error:
        group = error
    bus.close()
    assert calls == by_priority(shapes)
    assert raised(group) == failing(shapes, calls)


@given(st.lists(kinds, max_size=6))
def test_publish_async_awaits_all_by_priority(shapes):
    calls, group = [], None
    bus = build(shapes, calls)
    try:
        assert asyncio.run(bus.publish_async(Ping())).done
    except ExceptionGroup as error:
        group = error
    assert calls == by_priority(shapes)
    assert raised(group) == failing(shapes, calls)


@given(st.lists(kinds, max_size=6))
def test_inside_a_loop_async_handlers_are_scheduled_and_drain_waits(shapes):
    calls, quiet = [], [(priority, is_async, False) for priority, is_async, _ in shapes]
    bus = build(quiet, calls)

    async def main():
        receipt = bus.publish(Ping())
        inline = list(calls)
        await bus.drain()
        assert receipt.done
        return inline

    inline = asyncio.run(main())
    order = by_priority(quiet)
    assert inline == [number for number in order if not quiet[number][1]]
    assert calls == inline + [number for number in order if quiet[number][1]]


@given(
    st.lists(
        st.sampled_from(["orders.placed", "orders.*", "orders.**", "**", "Ping", "*"]),
        min_size=1,
        unique=True,
    )
)
def test_a_handler_is_called_once_however_often_it_listens(names):
    bus, calls = EventBus(), []
    bus.include(event_handler(*names)(lambda event: calls.append(event.type)))
    bus.publish(OrderPlaced("o"))
    bus.publish(Ping())
    heard = [{"orders.placed", "orders.*", "orders.**", "**"}, {"Ping", "*", "**"}]
    assert calls == [
        name for name, by in zip(["orders.placed", "Ping"], heard, strict=True) if by & set(names)
    ]


@given(st.lists(st.integers(0, 2), max_size=20), st.lists(st.integers(0, 2), min_size=3, max_size=3))
def test_buses_share_nothing(published, hears):
    """Three handlers, each included by one of three buses: it hears what is published there and nothing else."""
    buses, heard = [EventBus() for _ in range(3)], [[], [], []]
    for number, bus in enumerate(hears):
        buses[bus].include(event_handler(Ping)(lambda event, notes=heard[number]: notes.append(event.number)))
    for number, bus in enumerate(published):
        buses[bus].publish(Ping(number))
    for handler, bus in enumerate(hears):
        assert heard[handler] == [number for number, at in enumerate(published) if at == bus]
