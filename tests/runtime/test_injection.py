"""What handlers are given besides the event, by annotation; resolved when they are included."""

import asyncio
from typing import Annotated

import pytest

from pubsub_devtools import Envelope, EventBus, event_handler

from .events import Ping, Pong


class Database:
    pass


class Session:
    def __init__(self, database):
        self.database = database


def note(calls, what, value=None):
    calls.append(what)
    return value


def handle(bus, handler, event=None):
    bus.include(event_handler(Ping)(handler))
    return bus.publish(event or Ping())


def test_the_bus_the_envelope_and_provided_values():
    seen = []
    database = Database()
    bus = EventBus(providers={Database: lambda: database})

    def handler(
        event, db: Annotated[Database, "mine"], envelope: Envelope, on: "EventBus", *, other: int = 3
    ):
        seen.append((db, envelope.id, on, other))

    ping = Ping()
    handle(bus, handler, ping)
    assert seen == [(database, ping.id, bus, 3)]


def test_providers_take_providers_the_envelope_and_the_event_and_make_each_value_once_a_call():
    calls, seen = [], []

    def make_database(event: Ping):
        return note(calls, f"database for {event.number}", Database())

    def make_session(database: Database, envelope: Envelope):
        return note(calls, f"session for {envelope.type}", Session(database))

    bus = EventBus(providers={Database: make_database, Session: make_session})

    def handler(event, database: Database, session: Session, again: Database):
        seen.append(database is again is session.database)

    handle(bus, handler, Ping(4))
    assert seen == [True]
    assert calls == ["database for 4", "session for Ping"]


@pytest.mark.parametrize("fails", [False, True])
def test_generators_clean_up_in_reverse_whatever_the_handler_does(fails):
    calls = []

    def database():
        try:
            yield note(calls, "open database", Database())
        finally:
            calls.append("close database")

    def session(database: Database):
        try:
            yield Session(database)
            calls.append("commit")
        except ValueError:
            calls.append("roll back")
            raise
        finally:
            calls.append("close session")

    bus = EventBus(providers={Database: database, Session: session})

    def handler(event, session: Session):
        calls.append("handle")
        if fails:
            raise ValueError

    bus.include(event_handler(Ping)(handler))
    if fails:
        with pytest.raises(ExceptionGroup):
            bus.publish(Ping())
    else:
        bus.publish(Ping())
    assert calls == [
        "open database",
        "handle",
        "roll back" if fails else "commit",
        "close session",
        "close database",
    ]


def test_async_handlers_may_have_async_and_sync_providers():
    calls = []

    async def database():
        await asyncio.sleep(0)
        try:
            yield note(calls, "open", Database())
        finally:
            await asyncio.sleep(0)
            calls.append("close")

    async def session(database: Database):
        return Session(database)

    def number():
        yield 5
        calls.append("number done")

    bus = EventBus(providers={Database: database, Session: session, int: number})

    async def handler(event, session: Session, five: int):
        calls.append((type(session.database), five))

    bus.include(event_handler(Ping)(handler))
    asyncio.run(bus.publish_async(Ping()))
    assert calls == ["open", (Database, 5), "number done", "close"]


def test_a_default_stands_where_nothing_is_provided_and_gives_way_where_something_is():
    seen = []

    def handler(event, database: Database | None = None, session: Session = "none"):
        seen.append((database, session))

    bus = EventBus(providers={Session: lambda: "given"})
    handle(bus, handler)
    assert seen == [(None, "given")]


def test_provide_counts_from_the_next_include_on():
    bus, seen = EventBus(), []

    @event_handler(Ping)
    def handler(event, database: Database):
        seen.append(database)

    with pytest.raises(
        TypeError, match=r"handler: nothing fills the parameter 'database'; .*providers=\{Database"
    ):
        bus.include(handler)
    bus.provide(Database, lambda: "provided")
    bus.include(handler)
    bus.publish(Ping())
    assert seen == ["provided"]


def test_what_cannot_be_filled_is_refused_with_handler_and_parameter():
    async def later():
        return Database()

    bus = EventBus(providers={Database: later, Session: lambda wanted: None, Ping: lambda pong: None})

    def asks_async(event, database: Database): ...
    def asks_deep(event, session: Session): ...
    def asks_by_position(event, envelope: Envelope, /): ...
    def asks_event(event, other: Pong): ...

    for handler, says in [
        (asks_async, "asks_async is synchronous, but the provider of Database is async"),
        (asks_deep, "asks_deep: nothing fills the parameter 'wanted' of the provider of Session"),
        (
            asks_by_position,
            "asks_by_position: nothing fills the parameter 'envelope'; let it be passed by name",
        ),
        (asks_event, "asks_event: nothing fills the parameter 'other'"),
    ]:
        with pytest.raises(TypeError, match=says):
            bus.include(event_handler(Ping)(handler))


def test_providers_that_need_each_other_are_refused():
    def database(session: Session): ...
    def session(database: Database): ...

    bus = EventBus(providers={Database: database, Session: session})

    def handler(event, session: Session): ...

    with pytest.raises(TypeError, match="Session needs Database needs Session"):
        bus.include(event_handler(Ping)(handler))


def test_a_generator_is_no_handler():
    def yields(event):
        yield

    async def yields_async(event):
        yield

    for handler in (yields, yields_async):
        with pytest.raises(TypeError, match="yields, so that calling it would not run it"):
            EventBus().include(event_handler(Ping)(handler))
