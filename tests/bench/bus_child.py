"""What is measured of buses, in a process of its own: `python -m tests.bench.bus_child TASK [COUNT]` prints one JSON line.

Only the public surface is timed, with its defaults, and the event is built before the clock runs. All rivals take turns of
a few milliseconds of processor time, so that what other programs do to the machine falls on all alike. All turns are told: the medians of
their times are shown, and of two rivals the median of how they compare round by round.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler
from tests.bench.bus_guards import guarded_bus, prove_guards
from tests.bench.bus_peers import (
    ORDER,
    PEERS,
    Turn,
    turn_of,
    turn_of_async,
    turn_of_fresh,
    turn_of_fresh_async,
)
from tests.bench.bus_proofs import prove

TURN_SECONDS = 0.004
"""How long a turn takes: a rival makes as many calls as fit, at least one."""


class OrderPlaced(BaseEvent):
    """The event of all rows: four fields."""

    order_id: str
    total: int
    weight: float
    gift: bool


EVENT = OrderPlaced(*ORDER)


def on_order(event: OrderPlaced) -> None:
    """Do nothing."""


async def on_order_async(event: OrderPlaced) -> None:
    """Do nothing."""


def on_order_guarded(event: OrderPlaced) -> None:
    """Do nothing, behind guards."""


async def on_order_guarded_async(event: OrderPlaced) -> None:
    """Do nothing, behind guards."""


def reads_envelope(event: OrderPlaced, envelope: Envelope) -> None:
    """Take the envelope, which is only then made."""


async def reads_envelope_async(event: OrderPlaced, envelope: Envelope) -> None:
    """Take the envelope, which is only then made."""


def bus_of(*handlers: Any) -> EventBus:
    """A bus with its defaults that hears these."""
    bus = EventBus()
    bus.include(*(event_handler(OrderPlaced)(handler) for handler in handlers))
    return bus


def own() -> dict[str, Turn]:
    """Our rows, and what the language itself takes."""
    construct = bus_of(on_order)
    fields = ORDER._asdict()

    def fresh() -> OrderPlaced:
        return OrderPlaced(**fields)

    return {
        "plain call": turn_of(on_order, EVENT),
        "plain await": turn_of_async(on_order_async, EVENT),
        "ours": turn_of(bus_of(on_order).publish, EVENT),
        "ours async": turn_of_async(bus_of(on_order_async).publish_async, EVENT),
        "ours, envelope read": turn_of(bus_of(reads_envelope).publish, EVENT),
        "ours async, envelope read": turn_of_async(bus_of(reads_envelope_async).publish_async, EVENT),
        "ours, fresh events": turn_of_fresh(bus_of(on_order).publish, fresh),
        "ours, every guard on": turn_of_fresh(guarded_bus(OrderPlaced, on_order_guarded).publish, fresh),
        "ours async, fresh events": turn_of_fresh_async(bus_of(on_order_async).publish_async, fresh),
        "ours async, every guard on": turn_of_fresh_async(
            guarded_bus(OrderPlaced, on_order_guarded_async).publish_async, fresh
        ),
        "ours with construction": turn_of(lambda fields: construct.publish(OrderPlaced(**fields)), fields),
        "pydantic construction alone": turn_of(lambda fields: OrderPlaced(**fields), fields),
    }


async def rates(rounds: int) -> dict[str, Any]:
    """Nanoseconds an event in every round for every rival; None for a peer that is not installed."""
    await prove()
    await prove_guards()
    turns = own()
    for name, peer in PEERS.items():
        try:
            turns[name] = await peer()
        except ImportError:
            continue
    return {**dict.fromkeys(PEERS), **await _rounds(turns, rounds)}


async def flat(rounds: int) -> dict[str, Any]:
    """Nanoseconds an event in every round, by how many handlers of other events the bus has."""
    turns = {str(count): turn_of(_beside(count).publish, EVENT) for count in (1, 100, 10_000)}
    return await _rounds(turns, rounds)


async def _rounds(turns: Mapping[str, Turn], rounds: int) -> dict[str, list[float]]:
    counts = {name: await _count(turn) for name, turn in turns.items()}
    taken: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            taken[name].append(await turn(counts[name]) / counts[name] * 1e9)
    return taken


async def _count(turn: Turn) -> int:
    await turn(3)  # the first call compiles, loads, connects
    count = 1
    while (seconds := await turn(count)) < TURN_SECONDS / 2:
        count *= 2
    seconds = min(
        [seconds, *[await turn(count) for _ in range(4)]]
    )  # others may have had the processor meanwhile
    return max(1, int(count * TURN_SECONDS / seconds))


def _beside(others: int) -> EventBus:
    bus = bus_of(on_order)
    for number in range(others):
        bus.include(event_handler(f"other.event{number}")(lambda event: None))
    return bus


async def memory(events: int) -> dict[str, float]:
    """Megabytes resident after import and ten handlers, and how many more after so many events."""
    handlers = [lambda event: None for _ in range(9)]
    bus = bus_of(*handlers, on_order)
    for _ in range(10_000):  # what the first events bring with them is not growth
        bus.publish(EVENT)
    before = _resident()
    for _ in range(events):
        bus.publish(OrderPlaced(*ORDER))
    return {"resident": before, "growth": _resident() - before}


def _resident() -> float:
    with open("/proc/self/statm") as pages:  # noqa: PTH123 - pathlib would be part of what is measured
        return int(pages.read().split()[1]) * 4096 / 1_000_000


async def told(task: str, count: int) -> None:
    """Do one task, print it, and leave at once: the tasks of some peers do not end when they are cancelled."""
    tasks = {"rates": rates, "flat": flat, "memory": memory}
    print(json.dumps(await tasks[task](count)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(told(sys.argv[1], int(sys.argv[2])))
