"""A bus as the target of a replay: one handler by its name, in its first delivery, guards and queues considered."""

import asyncio

import pytest

from pubsub_devtools import BaseEvent, EventBus, current_context, event_handler
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.replay import plan, replay, replay_async
from pubsub_devtools.resilience.failed import FailedDelivery


class PaidInFull(BaseEvent):
    order: str


class NotedDown(BaseEvent):
    order: str


seen: list[tuple[str, str, str]] = []


@event_handler(PaidInFull)
def write(event: PaidInFull) -> str:
    seen.append(("write", event.id, current_context().correlation_id))
    return "written"


@event_handler(PaidInFull)
async def count(event: PaidInFull) -> None:
    await asyncio.sleep(0)
    seen.append(("count", event.id, current_context().correlation_id))


@event_handler(PaidInFull)
async def other(event: PaidInFull) -> None:
    seen.append(("other", event.id, ""))


@pytest.fixture
def bus():
    seen.clear()
    bus = EventBus(source="shop")
    bus.include(write, count, other)
    yield bus
    bus.close()


def name(handler):
    return f"{__name__}.{handler.__name__}"


def filed(*handlers):
    letters = DeadLetters()
    event = PaidInFull("o-1")
    first = EventBus(source="first")
    envelopes = []
    first.include(event_handler(PaidInFull)(lambda event: envelopes.append(current_context())))
    first.publish(event, key="k")
    for handler in handlers:
        letters.put(FailedDelivery(handler, event, envelopes[0], OSError("no"), 1, 1.0, 1.0))
    return letters, event


def test_only_the_handler_of_the_letter_runs_in_the_chain_of_its_first_delivery(bus):
    names = [step for step in bus.publish(PaidInFull("0")).handlers if not step.endswith("other")]
    seen.clear()
    letters, event = filed(*names)
    assert plan(letters, target=bus).unknown == ()
    assert replay(letters, bus).replayed == 2
    assert seen == [("write", event.id, event.id), ("count", event.id, event.id)]


def test_a_replay_inside_a_running_loop(bus):
    names = [step for step in bus.publish(PaidInFull("0")).handlers if not step.endswith("other")]
    seen.clear()
    letters, event = filed(*names)
    assert asyncio.run(replay_async(letters, bus.call_handler_async, bus)).replayed == 2
    assert [(handler, id) for handler, id, _ in seen] == [("write", event.id), ("count", event.id)]


def test_a_handler_that_is_not_there_is_told(bus):
    letters, _ = filed("shop.gone")
    assert not bus.has_handler("shop.gone")
    assert plan(letters, target=bus).unknown == ("shop.gone",)
    assert replay(letters, bus).unknown == 1
    with pytest.raises(LookupError, match=r"shop\.gone does not hear this event any more; heard by nobody"):
        bus.call_handler("shop.gone", NotedDown("1"), None)


def test_a_handler_behind_a_queue_is_called_past_it():
    bus = EventBus(source="shop", queue_size=5)
    bus.include(write, count)
    try:
        names = bus.publish(PaidInFull("0")).handlers
        asyncio.run(bus.drain(5))
        seen.clear()
        letters, event = filed(*names)
        assert replay(letters, bus).replayed == 2
        assert [(handler, id) for handler, id, _ in seen] == [("write", event.id), ("count", event.id)]
    finally:
        bus.close()
