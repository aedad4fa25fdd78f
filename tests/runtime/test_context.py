"""The envelope: what a handler learns about the delivery, and how chains are tied together."""

import asyncio
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools import Envelope, EventBus, current_context, event_handler
from pubsub_devtools.bus import settings
from pubsub_devtools.tracing import parse_traceparent

from .events import OrderPlaced, Ping


def test_a_handler_gets_the_envelope_by_annotation_and_by_context():
    bus = EventBus(source="shop", clock=lambda: 1.5)
    seen = []

    @event_handler(OrderPlaced)
    def by_name(event, *, about: Envelope, other: int = 0):
        seen.append(about)

    @event_handler(OrderPlaced)
    def as_text(event, about: "Envelope"):
        seen.append(about)

    @event_handler(OrderPlaced)
    async def by_context(event):
        seen.append(current_context())

    bus.include(by_name, as_text, by_context)
    event = OrderPlaced("o")
    bus.publish(event)
    time = datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)
    traceparent = seen[0].traceparent
    expected = Envelope(event.id, "orders.placed", "2.4.0", "shop", time, event.id, traceparent=traceparent)
    assert seen == [expected] * 3
    assert parse_traceparent(traceparent)
    assert current_context() is None


@given(st.lists(st.sampled_from(["sync", "async", "thread", "task"]), max_size=5), st.booleans())
def test_a_chain_has_one_correlation_and_each_event_its_cause(hops, inside_a_loop):
    bus, seen = EventBus(), []

    def publish_next(event):
        if event.number < len(hops):
            bus.publish(Ping(event.number + 1))

    @event_handler(Ping)
    async def forward(event):
        seen.append((event, current_context()))
        hop = hops[event.number] if event.number < len(hops) else "sync"
        if hop == "sync":
            publish_next(event)
        elif hop == "async":
            await bus.publish_async(Ping(event.number + 1))
        elif hop == "thread":
            await asyncio.to_thread(publish_next, event)
        else:
            await asyncio.create_task(asyncio.to_thread(publish_next, event))

    bus.include(forward)

    async def main():
        bus.publish(Ping(0))
        await bus.drain()

    if inside_a_loop:
        asyncio.run(main())
    else:
        bus.publish(Ping(0))
    bus.close()
    seen.sort(key=lambda pair: pair[0].number)
    assert [event.number for event, _ in seen] == list(range(len(hops) + 1))
    for (event, envelope), before in zip(seen, [None, *seen], strict=False):
        assert envelope.id == event.id
        assert envelope.correlation_id == seen[0][0].id
        assert envelope.causation_id == (before[0].id if before else "")


def test_concurrent_chains_do_not_mix():
    bus, seen = EventBus(), []

    @event_handler(OrderPlaced)
    async def forward(event):
        await asyncio.sleep(0)
        bus.publish(Ping(event.total))

    @event_handler(Ping)
    async def note(event, envelope: Envelope):
        seen.append((event.number, envelope.correlation_id))

    bus.include(forward, note)
    orders = [OrderPlaced("o", total) for total in range(50)]

    async def main():
        await asyncio.gather(*(bus.publish_async(order) for order in orders))
        await bus.drain()

    asyncio.run(main())
    assert sorted(seen) == [(order.total, order.id) for order in orders]


def test_the_source_falls_back_to_the_service_of_the_project(tmp_path, monkeypatch):
    def service_below(text):
        (tmp_path / "pyproject.toml").write_text(text)
        settings.service.cache_clear()
        bus, seen = EventBus(), []
        bus.include(event_handler(Ping)(lambda event: seen.append(current_context().source)))
        bus.publish(Ping())
        return seen[0]

    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    try:
        assert service_below('[tool.pubsub-devtools]\nservice = "billing"') == "billing"
        assert service_below("[tool.pubsub-devtools]\nservice = 3") == ""
        assert service_below("not toml") == ""
        assert service_below("") == ""
    finally:
        settings.service.cache_clear()
