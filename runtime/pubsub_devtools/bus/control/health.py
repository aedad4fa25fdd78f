"""Whether a bus does its work: a list of checks that a person can read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from pubsub_devtools.bus.control.meter import Metrics

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus

__all__ = ["Check", "Health", "Probe", "examine"]

BACKLOG = 10_000
"""From so many waiting events on, a bus does not keep up."""


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at. ``warn`` is worth a look and leaves the bus healthy."""

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str


class Health(msgspec.Struct, frozen=True):
    """All checks of one bus of one process."""

    bus: str
    pid: int
    checks: tuple[Check, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether no check failed."""
        return all(check.state != "fail" for check in self.checks)


Probe: TypeAlias = Callable[[], Check]
"""A check of the application's own; one that raises has failed."""


def examine(
    bus: EventBus, metrics: Metrics, folder: Path, probes: tuple[Probe, ...] = ()
) -> tuple[Check, ...]:
    """Look at a bus: its handlers, what waits, dead letters, breakers, its folder of state, and the application's own probes."""
    own: tuple[Probe, ...] = (
        lambda: _handlers(bus),
        lambda: _backlog(bus),
        lambda: _dead_letters(bus),
        lambda: _breakers(metrics),
        lambda: _store(folder),
    )
    names = ("handlers", "queue", "dead letters", "breakers", "store")
    checks = [_safely(name, probe) for name, probe in zip(names, own, strict=True)]
    return (*checks, *(_safely(getattr(probe, "__name__", "probe"), probe) for probe in probes))


def _safely(name: str, probe: Probe) -> Check:
    try:
        return probe()
    except Exception as error:
        return Check(name, "fail", f"cannot be looked at: {type(error).__name__}: {error}")


def _handlers(bus: EventBus) -> Check:
    count = len({handler for _, handler in bus.handlers})
    events = len({event for event, _ in bus.handlers})
    if not count:
        return Check("handlers", "fail", "none is included: bus.include(...) takes them in")
    return Check("handlers", "ok", f"{count:,} included, for {events:,} events")


def _backlog(bus: EventBus) -> Check:
    waiting = bus.backlog
    return Check("queue", "fail" if waiting >= BACKLOG else "ok", f"{waiting:,} events wait for handlers")


def _dead_letters(bus: EventBus) -> Check:
    sink = bus.services.dead_letters
    store = getattr(sink, "store", None)
    count: int = store.count() if store is not None else len(getattr(sink, "failed", ()))
    return Check("dead letters", "warn" if count else "ok", f"{count:,}" if count else "none")


def _breakers(metrics: Metrics) -> Check:
    is_open = sorted(handler for handler, state in metrics.breakers.items() if state != "closed")
    if not is_open:
        return Check("breakers", "ok", "none is open")
    return Check("breakers", "fail", f"not closed: {', '.join(is_open)}")


def _store(folder: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return Check("store", "fail", f"{folder} cannot be written: {error.strerror or error}")
    return Check("store", "ok", f"{folder} is writable")
