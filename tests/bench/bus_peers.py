"""The buses beside ours: each with one handler that does nothing, called by its public surface with its defaults.

A peer that runs handlers as tasks gets a whole turn at once and is awaited at its end, which is the faster way for it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

Turn = Callable[[int], Awaitable[float]]
"""Makes so many calls and returns the seconds of processor time that they took: what other programs take does not count."""


class Order(NamedTuple):
    """What peers without events of their own are given: four fields, built once."""

    order_id: str = "o-1"
    total: int = 3
    weight: float = 2.5
    gift: bool = False


ORDER = Order()


def turn_of(call: Callable[[Any], Any], payload: Any) -> Turn:
    """Turns of a call that has done all when it returns."""

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            call(payload)
        return time.process_time() - start

    return turn


def turn_of_async(call: Callable[[Any], Awaitable[Any]], payload: Any) -> Turn:
    """Turns of a call that is awaited."""

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            await call(payload)
        return time.process_time() - start

    return turn


def turn_of_fresh(call: Callable[[Any], Any], make: Callable[[], Any]) -> Turn:
    """Turns of payloads built before the clock runs, each for one call: to a guard, one published again is a duplicate."""

    async def turn(count: int) -> float:
        payloads = [make() for _ in range(count)]
        start = time.process_time()
        for payload in payloads:
            call(payload)
        return time.process_time() - start

    return turn


def turn_of_fresh_async(call: Callable[[Any], Awaitable[Any]], make: Callable[[], Any]) -> Turn:
    """The same of a call that is awaited."""

    async def turn(count: int) -> float:
        payloads = [make() for _ in range(count)]
        start = time.process_time()
        for payload in payloads:
            await call(payload)
        return time.process_time() - start

    return turn


async def blinker() -> Turn:
    """blinker, with a synchronous receiver."""
    from blinker import Signal

    def on_order(sender: object, order: Order) -> None:
        pass

    signal = Signal()
    signal.connect(on_order, weak=False)
    return turn_of(lambda order: signal.send(None, order=order), ORDER)


async def blinker_async() -> Turn:
    """blinker, with an async receiver."""
    from blinker import Signal

    async def on_order(sender: object, order: Order) -> None:
        pass

    signal = Signal()
    signal.connect(on_order, weak=False)

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            await signal.send_async(None, order=ORDER)
        return time.process_time() - start

    return turn


async def pyee() -> Turn:
    """pyee, with a synchronous listener."""
    from pyee import EventEmitter

    emitter = EventEmitter()
    emitter.add_listener("order", lambda order: None)

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            emitter.emit("order", ORDER)
        return time.process_time() - start

    return turn


async def pyee_async() -> Turn:
    """pyee, with an async listener."""
    from pyee.asyncio import AsyncIOEventEmitter

    async def on_order(order: Order) -> None:
        pass

    emitter = AsyncIOEventEmitter()
    emitter.add_listener("order", on_order)

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            emitter.emit("order", ORDER)
        await emitter.wait_for_complete()
        return time.process_time() - start

    return turn


async def faststream() -> Turn:
    """FastStream's in-memory broker, of its NATS kind: the faster of those that it has."""
    from faststream.nats import NatsBroker, TestNatsBroker

    broker = NatsBroker()

    @broker.subscriber("orders")
    async def on_order(order: dict[str, Any]) -> None:
        pass

    payload = ORDER._asdict()
    await TestNatsBroker(broker).__aenter__()  # it stays open until the process ends

    async def turn(count: int) -> float:
        start = time.process_time()
        for _ in range(count):
            await broker.publish(payload, "orders")
        return time.process_time() - start

    return turn


async def bubus() -> Turn:
    """bubus; an event can be dispatched once, so as many are built before the clock runs."""
    import logging

    from bubus import BaseEvent, EventBus

    logging.getLogger("bubus").setLevel(logging.CRITICAL)

    class OrderPlaced(BaseEvent):  # type: ignore[type-arg]
        order_id: str
        total: int
        weight: float
        gift: bool

    async def on_order(order: OrderPlaced) -> None:
        pass

    bus = EventBus()
    bus.on(OrderPlaced, on_order)

    async def turn(count: int) -> float:
        events = [OrderPlaced(**ORDER._asdict()) for _ in range(count)]
        start = time.process_time()
        for event in events:
            await bus.dispatch(event)
        return time.process_time() - start

    return turn


PEERS: Mapping[str, Callable[[], Awaitable[Turn]]] = {
    "blinker": blinker,
    "blinker async": blinker_async,
    "pyee": pyee,
    "pyee async": pyee_async,
    "FastStream in memory": faststream,
    "bubus": bubus,
}
