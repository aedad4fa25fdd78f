"""The parent's side of the worker processes: two of them share the files of a cold index.

A worker that dies or hangs costs time: its files are given to another one, and a file over which two are lost gets a
problem. What one that talks nonsense was at, and all files where no worker can be started or stays alive, are read here. Leaving the `with` block, by
whatever way, ends them all and waits for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, cast

import msgspec

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.reading import Outcome
from pubsub_devtools_analysis.worker import READY, Job, Start, answer, reader_of, receive, send, work

WORKERS = 2
PATIENCE = 60
"""Seconds without an answer after which a worker is taken for hung. Only seconds that this process was awake for count,
so that neither a suspended machine nor a stopped process looks like it; no file takes more than a few."""

TRIES = 2
"""Workers that may be lost over one file before it is given up."""

IN_VAIN = 3
"""Workers that may be lost one after the other without an answer from any, before files are read without."""

_TICK = 1.0
_AT_ONCE = 24
_BUFFER = 1 << 18
"""Bytes that are read at once: a busy process lets its listening threads have a turn only every few milliseconds."""
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from pubsub_devtools_analysis.worker import main; main()"
_APART: dict[str, Any] = (
    {"process_group": 0}
    if os.name == "posix"
    else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
)
"""Ctrl-C in a terminal is for this process alone, which ends the workers; they would not know what to say to it."""


class Worker:
    """One process and the thread that waits for its answers. Raises OSError where none can be started."""

    def __init__(self, start: bytes, answers: SimpleQueue[tuple[Worker, Outcome | None]]) -> None:
        paths = [path for path in sys.path if path]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=_BUFFER,
            **_APART,
        )
        self._sink = cast("BinaryIO", self._process.stdin)
        self._answers = answers
        self.is_ready = False
        self.is_mad = False
        self.waiting: deque[str] = deque()
        self.silent = 0
        self._send(start)
        Thread(target=self._listen, daemon=True).start()

    def give(self, extract: bool, paths: Sequence[str]) -> None:
        """Have files worked on."""
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
            first = receive(source)
            self.is_ready, self.is_mad = first == READY, first not in (READY, None)
            while self.is_ready and (message := receive(source)) is not None:
                self._answers.put((self, answer(message)))
        except (ValueError, MemoryError, msgspec.MsgspecError):
            self.is_mad = True
        except OSError:
            pass
        self._answers.put((self, None))


class Workers:
    """A few workers for one root."""

    def __init__(
        self, root: Path, dialects: Iterable[Dialect], candidate: bytes, count: int = WORKERS
    ) -> None:
        imports = [(dialect.name, dialect.imports) for dialect in dialects]
        self._start = Start(str(root), imports, candidate)
        self._answers: SimpleQueue[tuple[Worker, Outcome | None]] = SimpleQueue()
        self._workers: list[Worker] = []
        self._doubtful: list[str] = []
        self._in_vain = 0
        for _ in range(count):
            self._begin()

    def run(self, extract: bool, paths: Sequence[str]) -> Iterator[Outcome]:
        """The outcome of each file, in the order in which they come."""
        todo = deque(paths)
        losses: Counter[str] = Counter()
        while todo or any(worker.waiting for worker in self._workers):
            if not self._workers:
                yield self._here(extract, todo.popleft(), losses)
                continue
            for worker in self._workers:
                _fill(worker, extract, todo)
            worker, outcome = self._next()
            if worker not in self._workers:
                continue
            if outcome is None:
                self._replace(worker, todo, losses)
            elif worker.waiting and worker.waiting[0] == outcome.path:
                worker.waiting.popleft()
                worker.silent = self._in_vain = 0
                yield outcome
            else:
                worker.is_mad = True
                self._replace(worker, todo, losses)
            while self._doubtful:
                yield self._here(extract, self._doubtful.pop(), losses)

    def begin(self, paths: Sequence[str]) -> None:
        """Have files' facts extracted in the background: `arrived` gives what has come of it, or the next `run`."""
        for number, worker in enumerate(self._workers):
            worker.give(True, paths[number :: len(self._workers)])

    def arrived(self) -> Iterator[Outcome]:
        """The outcomes that are there. What a lost worker was at is left undone: it is nobody's task yet."""
        with suppress(Empty):
            while True:
                worker, outcome = self._answers.get_nowait()
                if worker not in self._workers:
                    continue
                if outcome is not None and worker.waiting and worker.waiting[0] == outcome.path:
                    worker.waiting.popleft()
                    yield outcome
                else:
                    worker.end()
                    self._workers.remove(worker)

    def _begin(self) -> None:
        """Start a worker, where that is possible and of any use."""
        if self._in_vain < IN_VAIN and sys.executable:
            with suppress(OSError):
                self._workers.append(Worker(msgspec.msgpack.encode(self._start), self._answers))

    def _next(self) -> tuple[Worker, Outcome | None]:
        """The next answer, or that a worker is lost; those that are silent for too long are ended."""
        while True:
            try:
                return self._answers.get(timeout=_TICK)
            except Empty:
                for worker in self._workers:
                    worker.silent += bool(worker.waiting)
                    if worker.silent > PATIENCE:
                        worker.end()

    def _replace(self, worker: Worker, todo: deque[str], losses: Counter[str]) -> None:
        """Start another worker for one that is lost, and take its files back."""
        worker.end()
        self._workers.remove(worker)
        self._in_vain += 1
        if worker.is_ready and worker.waiting:
            path = worker.waiting.popleft()
            losses[path] += not worker.is_mad
            (self._doubtful if worker.is_mad or losses[path] >= TRIES else todo).append(path)
        todo.extendleft(reversed(worker.waiting))
        self._begin()

    def _here(self, extract: bool, path: str, losses: Counter[str]) -> Outcome:
        """Read a file in this process, unless a worker was lost over it."""
        return _given_up(path) if losses[path] else work(reader_of(self._start), extract, path)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()


def _given_up(path: str) -> Outcome:
    return Outcome(path, b"", b"", Problem(path, 0, "reader-died", "Reading the file took down its process."))


def _fill(worker: Worker, extract: bool, todo: deque[str]) -> None:
    """Give a worker its share of what is left: small shares towards the end, so that both finish together."""
    if len(worker.waiting) > _AT_ONCE // 2:
        return
    share = min(_AT_ONCE, -(-len(todo) // (2 * WORKERS)))
    paths = [todo.popleft() for _ in range(share)]
    if paths:
        worker.give(extract, paths)
