"""An analyst in a process of its own, which is started again when it dies or hangs.

A file over which it is lost twice is left out from then on, until it changes on the disk.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from subprocess import Popen
from threading import Thread
from typing import BinaryIO, cast

from msgspec.structs import replace

from pubsub_devtools_lsp.analyst import wire
from pubsub_devtools_lsp.analyst.messages import (
    Begin,
    Doing,
    Focus,
    FromAnalyst,
    Look,
    Refused,
    Shown,
    ToAnalyst,
)
from pubsub_devtools_lsp.analyst.starting import start
from pubsub_devtools_lsp.session import Session

PATIENCE = 120
"""Seconds without a word, while there is something to do, after which an analyst is taken for hung. Only seconds that
this process was awake for count."""

TRIES = 2
"""Analysts that may be lost over one file before it is left out."""

_TICK = 1.0
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 30.0
Heard = Callable[["_Process", bytes | None], None]


class _Process:
    """One process, and the threads that wait for its pipes."""

    def __init__(self, process: Popen[bytes], heard: Heard) -> None:
        loop = asyncio.get_running_loop()
        self._process = process
        self._outbox: SimpleQueue[ToAnalyst | None] = SimpleQueue()

        self._threads = [
            Thread(target=each, args=(loop, heard), daemon=True) for each in (self._listen, self._write)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def number(self) -> int:
        """The process's number."""
        return self._process.pid

    def send(self, message: ToAnalyst) -> None:
        """Have the process told something, as soon as it can take it."""
        self._outbox.put(message)

    def end(self) -> int:
        """End the process, whatever it is at, and wait until it is gone. Gives its exit code."""
        self._outbox.put(None)
        self._process.kill()
        code = self._process.wait()
        for thread in self._threads:
            thread.join(1)
        return code

    def _listen(self, loop: asyncio.AbstractEventLoop, heard: Heard) -> None:
        with suppress(RuntimeError), cast("BinaryIO", self._process.stdout) as source:
            while (body := wire.receive(source)) is not None:
                loop.call_soon_threadsafe(heard, self, body)
            loop.call_soon_threadsafe(heard, self, None)

    def _write(self, *_: object) -> None:
        with suppress(OSError, ValueError), cast("BinaryIO", self._process.stdin) as sink:
            while (message := self._outbox.get()) is not None:
                wire.send(sink, message)


class ProcessLink:
    """A session's link to an analyst that lives in a process.

    Args:
        session: whose root it analyses.
        log: where it is told that a process was lost.
        patience: seconds to wait for a word.
        new: gives a process that was just started, or raises OSError.
    """

    def __init__(
        self,
        session: Session,
        log: Callable[[str], None],
        patience: float = PATIENCE,
        new: Callable[[], Popen[bytes]] = start,
    ) -> None:
        self._session = session
        self._log = log
        self._patience = patience
        self._new = new
        self._process: _Process | None = None
        self._heard: asyncio.Queue[tuple[_Process, bytes]] = asyncio.Queue()
        self._losses: Counter[str] = Counter()
        self._in_vain = 0
        self._skip: tuple[str, ...] = ()
        self._owes = False
        self._forget()
        self._tasks = [asyncio.ensure_future(each) for each in (self._listen(), self._watch())]
        # What the session holds is asked for when it is whole.
        self._waiting: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(0, self._start)

    @property
    def number(self) -> int | None:
        """The number of the process, while there is one."""
        return None if self._process is None else self._process.number

    def tell(self, message: ToAnalyst) -> None:
        """Have the analyst do something; one that is not started yet gets all when it is."""
        if isinstance(message, Begin):
            message = replace(message, skip=self._skip)
        elif (
            isinstance(message, Look)
            and self._skip
            and (not message.paths or {*message.paths} & {*self._skip})
        ):
            self._skip = ()
            message = self._session.beginning()
        self._owes = self._owes or not isinstance(message, Focus)
        if self._process is not None:
            self._process.send(message)

    def close(self) -> None:
        """End the process."""
        for task in self._tasks:
            task.cancel()
        if self._waiting is not None:
            self._waiting.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.end()

    # -- starting, and starting again

    def _start(self) -> None:
        self._waiting = None
        self._forget()
        try:
            self._process = _Process(self._new(), self._hear)
        except OSError as error:
            self._log(f"the analysis of {self._session.root} cannot be started: {error}")
            self._again()
            return
        self._owes = True
        self._process.send(replace(self._session.beginning(), skip=self._skip))
        self._process.send(self._session.focus())

    def _forget(self) -> None:
        self._owes = False
        self._silent = 0.0
        self._at = self._edited = ""

    def _hear(self, process: _Process, body: bytes | None) -> None:
        if process is not self._process:
            return
        if body is None:
            self._lose("ended")
        else:
            self._silent = 0.0
            self._heard.put_nowait((process, body))

    def _lose(self, how: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        code = process.end()
        suspect = self._at or self._edited
        at = f" at {suspect}" if suspect else ""
        self._log(f"the analysis of {self._session.root} {how}{at} (exit code {code}); it is started again")
        self._blame(suspect)
        self._in_vain += 1
        self._again()

    def _blame(self, path: str) -> None:
        if not path:
            return
        self._losses[path] += 1
        if self._losses[path] >= TRIES and path not in self._skip:
            self._skip += (path,)
            self._log(
                f"{path} is left out until it changes on the disk: the analysis was lost over it {TRIES} times"
            )

    def _again(self) -> None:
        wait = min(_FIRST_WAIT * 2**self._in_vain, _LONGEST_WAIT)
        self._session.begin_anew()
        self._waiting = asyncio.get_running_loop().call_later(wait, self._start)

    # -- while it runs

    async def _listen(self) -> None:
        while True:
            process, body = await self._heard.get()
            message = wire.from_analyst.decode(body)
            self._note(message)
            for _ in self._session.take(message):
                await asyncio.sleep(0)
                if process is not self._process:
                    break

    def _note(self, message: FromAnalyst) -> None:
        match message:
            case Doing("Reading", path=path):
                self._edited, self._at = path, ""
            case Doing(path=path):
                self._at = path
            case Refused() | Shown("complete"):
                self._owes, self._at, self._edited, self._in_vain = False, "", "", 0
            case _:
                pass

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(min(_TICK, self._patience))
            self._silent += min(_TICK, self._patience) if self._owes and self._process is not None else 0
            if self._silent > self._patience:
                self._lose("hung")
