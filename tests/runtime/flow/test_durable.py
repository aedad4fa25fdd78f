"""`durable=True` and delayed attempts over processes that are killed: what was accepted is handled, nothing is forgotten."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pubsub_devtools import EventBus, current_context, event_handler
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.outcome import Outcome

from ..events import Ping

PROGRAM = """
    import os, sys, asyncio
    from pubsub_devtools import BaseEvent, EventBus, event_handler

    class Placed(BaseEvent):
        number: int

    mode, folder = sys.argv[1:]

    def note(name, number):
        with open(f"{folder}/handled", "a") as file:
            print(name, number, file=file)

    @event_handler(Placed)
    def quick(event):
        note("quick", event.number)

    @event_handler(Placed, workers=2)
    def queued(event):
        if mode == "crash" and event.number % 3 == 0:
            import time
            time.sleep(60)
        note("queued", event.number)

    @event_handler(Placed, priority=-1)
    async def last(event):
        note("last", event.number)

    bus = EventBus(durable=True, state_dir=folder)
    bus.include(quick, queued, last)
    if mode == "crash":
        bus.publish(Placed(0))
        for number in range(1, 2000):
            bus.publish(Placed(number))
            print(number, flush=True)
    else:
        with bus:
            pass
"""


def run(folder, mode):
    file = Path(folder) / "program.py"
    file.write_text(textwrap.dedent(PROGRAM))
    return subprocess.Popen(
        [sys.executable, str(file), mode, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_in_the_middle_every_accepted_event_reaches_every_handler(tmp_path):
    process = run(tmp_path, "crash")
    accepted = 0
    for line in process.stdout:
        accepted = int(line)
        if accepted >= 40:
            process.send_signal(signal.SIGKILL)
            break
    accepted = max([accepted, *(int(line) for line in process.stdout if line.endswith("\n"))])
    process.wait(10)
    process.stderr.close()
    process.stdout.close()
    second = run(tmp_path, "recover")
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    handled = (tmp_path / "handled").read_text().split("\n")[:-1]
    for name in ("quick", "queued", "last"):
        assert {f"{name} {number}" for number in range(accepted + 1)} <= set(handled)
    third = run(tmp_path, "recover")  # nothing is left
    _, errors = third.communicate(timeout=60)
    assert "accepted and not finished" not in errors
    assert (tmp_path / "handled").read_text().split("\n")[:-1] == handled


def test_a_failed_handler_has_ended_and_a_cancelled_one_has_not(tmp_path):
    kept = []

    @event_handler(Ping)
    async def handle(event):
        kept.append(left(bus))
        if event.number == 1:
            raise ValueError
        if event.number == 2:
            await asyncio.sleep(60)

    bus = EventBus(durable=True, state_dir=tmp_path)
    bus.include(handle)
    bus.publish(Ping(0))
    with pytest.raises(ExceptionGroup):
        bus.publish(Ping(1))
    assert kept == [1, 1]  # it was on the disk before the handler was called
    assert left(bus) == 0

    async def main():
        task = asyncio.create_task(bus.publish_async(Ping(2)))
        while len(kept) < 3:
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    assert left(bus) == 1
    bus.close()


def test_requests_and_events_nobody_handles_on_a_durable_bus(tmp_path):
    @event_handler(Ping, workers=1)
    async def answers(event):
        return Ping(event.number + left(bus))

    bus = EventBus(durable=True, state_dir=tmp_path)
    assert bus.publish(Ping()).done
    bus.include(answers)
    assert bus.request_sync(Ping(1), Ping, timeout=5) == Ping(2)
    bus.close()
    assert left(bus) == 0


def left(bus):
    journal = bus._deliveries.journal
    journal.flush()
    return journal._database.read(
        lambda connection: connection.execute("SELECT count(*) FROM journal_events").fetchone()[0]
    )


def attempt(handler, due, number=0, **more):
    return DelayedAttempt(f"{number}", handler, Ping(number), None, due=due, **more)


def test_delayed_attempts_are_called_when_they_are_due_those_left_in_the_store_too(caplog):
    seen, now = [], [1_000.0]

    @event_handler(Ping)
    def handle(event):
        seen.append((event.number, current_context().id == event.id))
        if event.number == 3:
            raise ValueError("again")
        return Outcome.DEFERRED if event.number == 4 else None

    @event_handler(Ping, workers=1)
    async def queued(event):
        seen.append(event.number)

    bus = EventBus(clock=lambda: now[0])
    bus.include(handle, queued)
    module = __name__
    name = f"{module}.{handle.__qualname__}"
    store = bus.services.delayed
    store.add(attempt(name, 900.0, 1))  # an earlier process left it
    with bus.timers.by_hand(lambda: now[0]):
        bus.start()
        bus.start()  # once is enough
        bus.timers.fire_due()
        assert seen == [(1, True)]
        store.add(attempt(name, 1_060.0, 2))
        store.add(attempt(name, 1_030.0, 3))
        store.add(attempt(name, 1_050.0, 4))
        store.add(attempt(f"{module}.{queued.__qualname__}", 1_050.0, 5))
        store.add(attempt("other.handler", 1_050.0, 6))
        now[0] = 1_029.0
        assert bus.timers.fire_due() == 0
        now[0] = 1_030.0
        bus.timers.fire_due()
        assert seen == [(1, True), (3, True)]
        assert "ValueError: again" in caplog.text
        now[0] = 1_100.0
        while bus.timers.fire_due():
            pass
        asyncio.run(bus.drain(5))
        assert sorted(map(str, seen[2:])) == ["(2, True)", "(4, True)", "5"]
        assert "other.handler waits, which this bus does not include" in caplog.text
    assert sorted(store._attempts) == ["4", "6"]  # deferred, and nobody's
    bus.close()


def test_a_store_that_cannot_be_read_is_told_and_tried_again(caplog):
    seen, now = [], [0.0]
    bus = EventBus(clock=lambda: now[0])
    handle = event_handler(Ping)(lambda event: seen.append(event.number))
    bus.include(handle)
    store = bus.services.delayed
    due, broken = store.due, [True]

    def sometimes(*args, **options):
        if broken[0]:
            raise OSError("disk")
        return due(*args, **options)

    store.due = sometimes
    with bus.timers.by_hand(lambda: now[0]):
        bus.start()
        store.add(attempt(f"{handle.__module__}.{handle.__qualname__}", 10.0, 7))
        now[0] = 10.0
        bus.timers.fire_due()
        assert "cannot be read" in caplog.text
        broken[0] = False
        now[0] = 70.0
        bus.timers.fire_due()
        assert seen == [7]
    bus.close()
