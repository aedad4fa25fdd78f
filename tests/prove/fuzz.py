"""Fuzzed inputs: no crash, no exception, no hang.

Run as `python -m tests.prove.fuzz --count 100000 --seed 1 --jobs 2`. The inputs are read in worker processes; a
watchdog ends one that takes far too long, and a crash costs the worker, not the run. What counts as a hang is
processor time over two seconds, since the wall clock tells of other processes too.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import random
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from pubsub_devtools_analysis.extraction import extract
from pubsub_devtools_analysis.packing import decode, encode
from pubsub_devtools_analysis.syntax import Reading, read
from tests.prove.inputs import draw
from tests.prove.registry import Outcome

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

HANG_SECONDS = 2.0
WATCHDOG_SECONDS = 60.0
_REPORT_EVERY = 50


@dataclass
class Worker:
    """A process that reads every `step`-th case from `first` on, and where it is."""

    first: int
    step: int
    process: SpawnProcess
    pipe: Connection
    at: int = -1
    since: float = field(default_factory=time.monotonic)


@dataclass
class Findings:
    """What went wrong, and the slowest input."""

    done: int = 0
    troubles: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0


def prove(count: int, seed: int, jobs: int = 1) -> Outcome:
    """Read `count` inputs drawn from `seed`."""
    found = Findings()
    workers = [start(seed, first, jobs, count) for first in range(min(jobs, count))]
    while workers:
        wait([worker.pipe for worker in workers], timeout=1.0)
        workers = [alive for worker in workers if (alive := attend(worker, found, seed, count)) is not None]
    figures: dict[str, Any] = {
        "count": found.done,
        "troubles": len(found.troubles),
        "slowest_seconds": round(found.slowest[0], 3),
        "slowest": found.slowest[1],
        "cpu_seconds": round(found.seconds),
    }
    misses = found.troubles[:20]
    if found.slowest[0] > HANG_SECONDS:
        misses.append(f"over {HANG_SECONDS} s: {found.slowest[1]}")
    return Outcome(figures, misses)


def start(seed: int, first: int, step: int, count: int) -> Worker:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(there, seed, first, step, count), daemon=True)
    process.start()
    there.close()
    return Worker(first, step, process, here)


def attend(worker: Worker, found: Findings, seed: int, count: int) -> Worker | None:
    """Take what a worker reports; replace it when it has died or hangs; None when it is done."""
    try:
        while worker.pipe.poll():
            kind, value = worker.pipe.recv()
            worker.since = time.monotonic()
            if kind == "at":
                worker.at = value
            elif kind == "trouble":
                found.troubles.append(value)
            elif kind == "did":
                cases, seconds, slowest = value
                found.done += cases
                found.seconds += seconds
                found.slowest = max(found.slowest, slowest)
            else:
                worker.process.join()
                return None
        if time.monotonic() - worker.since < WATCHDOG_SECONDS:
            return worker
        found.troubles.append(f"case {worker.at} of seed {seed} hangs")
        worker.process.kill()
    except EOFError:
        worker.process.join()
        found.troubles.append(f"case {worker.at} of seed {seed} ends the process ({worker.process.exitcode})")
    return start(seed, worker.at + worker.step, worker.step, count)


def work(pipe: Connection, seed: int, first: int, step: int, count: int) -> None:
    """Read the cases of one worker."""
    did, seconds, slowest = 0, 0.0, (0.0, "")
    for number in range(first, count, step):
        pipe.send(("at", number))
        kind, data, hint = draw(random.Random(f"{seed}-{number}"))
        before = time.process_time()
        complaint = examine(data, hint)
        spent = time.process_time() - before
        if complaint:
            pipe.send(("trouble", f"case {number} of seed {seed} ({kind}): {complaint}"))
        did, seconds = did + 1, seconds + spent
        slowest = max(slowest, (spent, f"case {number} of seed {seed} ({kind}, {len(data)} bytes)"))
        if did == _REPORT_EVERY or number + step >= count:
            pipe.send(("did", (did, seconds, slowest)))
            did, seconds = 0, 0.0
    pipe.send(("end", None))


def examine(data: bytes, hint: int | None) -> str:
    """What is wrong with the reading of one input, and with its facts; nothing, in words, if all is well."""
    try:
        reading = read(data, hint)
        facts = extract(reading.tree, reading.text, (), reading.dropped)
        if decode(encode(facts)) != facts:
            return "the facts are others after a way through the cache"
        return fault(reading)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


def fault(reading: Reading) -> str:
    lines = len(reading.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for node in ast.walk(reading.tree):
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        if not 1 <= first <= last <= lines + 1:
            return f"{type(node).__name__} on lines {first} to {last} of {lines}"
    if any(not 1 <= first <= last <= lines for first, last in reading.dropped):
        return f"dropped {reading.dropped} of {lines} lines"
    if any(not 1 <= trouble.line <= lines for trouble in reading.problems):
        return f"problems {reading.problems} in {lines} lines"
    return ""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1)
    given = arguments.parse_args()
    result = prove(given.count, given.seed, given.jobs)
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())
