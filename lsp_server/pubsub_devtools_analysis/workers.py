"""The parent's side of the worker processes: two of them share the files of a cold index.

A worker that dies or hangs costs the one file that it was at: the file gets a problem, another worker is started for
the rest. Leaving the `with` block, by whatever way, ends them all and waits for them.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO, cast

import msgspec

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.reading import Outcome
from pubsub_devtools_analysis.worker import Job, Start, answer, receive, send

WORKERS = 2
PATIENCE = 60.0
"""Seconds that one file may take before its worker is taken for hung; no file takes two, but machines sleep."""

_AT_ONCE = 24
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from pubsub_devtools_analysis.worker import main; main()"


class Worker:
    """One process and the thread that waits for its answers."""

    def __init__(self, start: bytes, answers: SimpleQueue[tuple[Worker, Outcome | None]]) -> None:
        paths = [path for path in sys.path if path]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._sink = cast("BinaryIO", self._process.stdin)
        self._answers = answers
        self.waiting: deque[str] = deque()
        self.since = time.monotonic()
        self._send(start)
        Thread(target=self._listen, daemon=True).start()

    def give(self, extract: bool, paths: Sequence[str]) -> None:
        """Have files worked on."""
        self.since = time.monotonic()
        self.waiting.extend(paths)
        self._send(msgspec.msgpack.encode(Job(extract, [*paths])))

    def end(self) -> None:
        """End the process, whatever it is at, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # it may be gone: the listener says so
            send(self._sink, message)

    def _listen(self) -> None:
        source = cast("BinaryIO", self._process.stdout)
        try:
            while (message := receive(source)) is not None:
                self._answers.put((self, answer(message)))
        except (OSError, ValueError, msgspec.MsgspecError):
            pass
        self._answers.put((self, None))


class Workers:
    """A few workers for one root."""

    def __init__(
        self, root: Path, dialects: Iterable[Dialect], candidate: bytes, count: int = WORKERS
    ) -> None:
        imports = [(dialect.name, dialect.imports) for dialect in dialects]
        self._start = msgspec.msgpack.encode(Start(str(root), imports, candidate))
        self._answers: SimpleQueue[tuple[Worker, Outcome | None]] = SimpleQueue()
        self._workers = [self._new() for _ in range(count)]

    def _new(self) -> Worker:
        return Worker(self._start, self._answers)

    def run(self, extract: bool, paths: Sequence[str], patience: float = PATIENCE) -> Iterator[Outcome]:
        """The outcome of each file, in the order in which they come."""
        todo = deque(paths)
        open_files = len(todo)
        for worker in self._workers:
            _fill(worker, extract, todo)
        while open_files:
            try:
                worker, outcome = self._answers.get(timeout=1.0)
            except Empty:
                self._end_hung(patience)
                continue
            if worker not in self._workers:
                continue
            if outcome is None:
                lost = self._replace(worker, extract, todo)
                if lost is None:
                    continue
                outcome = lost
            else:
                worker.waiting.popleft()
                worker.since = time.monotonic()
                if len(worker.waiting) <= _AT_ONCE // 2:
                    _fill(worker, extract, todo)
            open_files -= 1
            yield outcome

    def _end_hung(self, patience: float) -> None:
        for worker in self._workers:
            if worker.waiting and time.monotonic() - worker.since > patience:
                worker.end()

    def _replace(self, worker: Worker, extract: bool, todo: deque[str]) -> Outcome | None:
        """Start another worker for one that is gone; the file that it was at is given up."""
        worker.end()
        fresh = self._workers[self._workers.index(worker)] = self._new()
        path = worker.waiting.popleft() if worker.waiting else None
        todo.extendleft(reversed(worker.waiting))
        _fill(fresh, extract, todo)
        if path is None:
            return None
        return Outcome(
            path, b"", b"", Problem(path, 0, "reader-died", "Reading the file took down its process.")
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()


def _fill(worker: Worker, extract: bool, todo: deque[str]) -> None:
    """Give a worker its share of what is left: small shares towards the end, so that both finish together."""
    share = min(_AT_ONCE, -(-len(todo) // (2 * WORKERS)))
    paths = [todo.popleft() for _ in range(share)]
    if paths:
        worker.give(extract, paths)
