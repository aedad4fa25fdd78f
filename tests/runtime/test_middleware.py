"""Middleware: around publishes and handlers, sync and async, in one order; what is not overridden is not there."""

import asyncio

import msgspec
import pytest

from pubsub_devtools import Envelope, EventBus, Middleware, current_context, event_handler

from .events import Ping, Pong


class Note(Middleware):
    def __init__(self, name, calls):
        self.name, self.calls = name, calls

    def publish(self, outgoing, proceed):
        self.calls.append(f"{self.name} publish")
        return proceed(outgoing)

    async def publish_async(self, outgoing, proceed):
        self.calls.append(f"{self.name} publish_async")
        return await proceed(outgoing)

    def handle(self, event, handler, proceed):
        self.calls.append(f"{self.name} handle {handler.rpartition('.')[2]}")
        return proceed(event)

    async def handle_async(self, event, handler, proceed):
        self.calls.append(f"{self.name} handle_async {handler.rpartition('.')[2]}")
        return await proceed(event)


def build(calls, *middleware):
    @event_handler(Ping, priority=1)
    def hears(event):
        calls.append("hears")

    @event_handler(Ping)
    async def awaits(event):
        calls.append("awaits")

    bus = EventBus(middleware=middleware)
    bus.include(hears, awaits)
    return bus


def test_the_first_middleware_is_outermost_and_each_kind_of_call_has_its_own():
    calls = []
    bus = build(calls, Note("outer", calls), Note("inner", calls))
    around = ["outer handle hears", "inner handle hears", "hears"]
    around += ["outer handle_async awaits", "inner handle_async awaits", "awaits"]
    bus.publish(Ping())
    assert calls == ["outer publish", "inner publish", *around]
    calls.clear()
    asyncio.run(bus.publish_async(Ping()))
    assert calls == ["outer publish_async", "inner publish_async", *around]
    bus.close()


def test_it_may_change_replace_refuse_and_swallow():
    class Change(Middleware):
        def publish(self, outgoing, proceed):
            if outgoing.event.number < 0:
                raise ValueError("refused")
            return proceed(msgspec.structs.replace(outgoing, key="k", headers={"tenant": "t"}))

        def handle(self, event, handler, proceed):
            if event.number == 1:
                return None
            if event.number == 2:
                return proceed(Ping(20))
            try:
                return proceed(event)
            except KeyError:
                return None

    seen = []

    @event_handler(Ping)
    def hears(event, envelope: Envelope):
        seen.append((event.number, envelope.key, envelope.headers))
        if event.number == 3:
            raise KeyError

    bus = EventBus(middleware=[Change()])
    bus.include(hears)
    with pytest.raises(ValueError, match="refused"):
        bus.publish(Ping(-1))
    for number in (1, 2, 3):
        assert bus.publish(Ping(number)).failures == []
    assert seen == [(20, "k", {"tenant": "t"}), (3, "k", {"tenant": "t"})]


def test_an_event_may_be_replaced_by_one_of_another_class():
    class Translate(Middleware):
        def publish(self, outgoing, proceed):
            return proceed(msgspec.structs.replace(outgoing, event=Pong(outgoing.event.number)))

    bus, seen = EventBus(middleware=[Translate()]), []
    bus.include(event_handler(Pong)(lambda event: seen.append(event.number)))
    assert bus.publish(Ping(7)).event == Pong(7)
    assert seen == [7]


def test_what_is_not_overridden_is_not_there_and_what_is_added_later_is_innermost():
    class Quiet(Middleware):
        pass

    calls = []
    bus = build(calls, Quiet())
    assert bus._around is None
    assert bus._around_async is None
    bus.publish(Ping())
    assert calls == ["hears", "awaits"]
    bus.add_middleware(Note("late", calls))
    calls.clear()
    bus.publish(Ping())
    assert calls[0] == "late publish"
    bus.close()


def test_a_handlers_middleware_stands_inside_its_delivery():
    seen = []

    class Look(Middleware):
        def handle(self, event, handler, proceed):
            seen.append(current_context().id)
            return proceed(event)

    bus = EventBus(middleware=[Look()])
    bus.include(event_handler(Ping)(lambda event: None))
    ping = Ping()
    bus.publish(ping)
    assert seen == [ping.id]


def test_an_error_of_middleware_is_its_handlers_failure_and_stops_no_other():
    class Breaks(Middleware):
        def handle(self, event, handler, proceed):
            if handler.endswith("first"):
                raise ValueError("around")
            return proceed(event)

    calls = []

    @event_handler(Ping, priority=1)
    def first(event):
        calls.append("first")

    @event_handler(Ping)
    def second(event):
        calls.append("second")

    bus = EventBus(middleware=[Breaks()])
    bus.include(first, second)
    with pytest.raises(ExceptionGroup, match=r"1 of 2 handlers failed: .*first"):
        bus.publish(Ping())
    assert calls == ["second"]


def test_only_middleware_is_middleware():
    with pytest.raises(TypeError, match="is no middleware: derive it from"):
        EventBus(middleware=[Note])


class Half(Middleware):
    def handle(self, event, handler, proceed):
        return proceed(event)


def test_middleware_that_would_be_passed_over_is_refused_where_a_handler_is_included():
    @event_handler(Ping)
    async def awaits(event): ...

    @event_handler(Ping)
    def hears(event): ...

    bus = EventBus(middleware=[Half()])
    with pytest.raises(
        TypeError, match=r"awaits is async, and .*Half overrides handle alone.*handle_async too"
    ):
        bus.include(hears, awaits)
    assert bus.handlers == ()
    bus.include(hears)
    other = EventBus()
    other.include(awaits)
    with pytest.raises(TypeError, match="return await proceed"):
        other.add_middleware(Half())
    other.publish(Ping())
    other.close()


def test_middleware_around_one_kind_of_publish_refuses_the_other():
    class Signs(Middleware):
        def publish(self, outgoing, proceed):
            return proceed(outgoing)

    class SignsAsync(Middleware):
        async def publish_async(self, outgoing, proceed):
            return await proceed(outgoing)

    bus = EventBus(middleware=[Signs()])
    bus.publish(Ping())
    with pytest.raises(
        TypeError, match=r"bus\.publish_async cannot be called: .*Signs overrides publish alone"
    ):
        asyncio.run(bus.publish_async(Ping()))
    with pytest.raises(TypeError, match=r"bus\.publish cannot be called: .*SignsAsync.*`return proceed"):
        EventBus(middleware=[SignsAsync()]).publish(Ping())
