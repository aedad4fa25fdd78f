"""`Control`: opens the control socket of a bus.

The protocol is lines of JSON: ``{"token": ..., "ask": "health"}``, answered by ``{"health": {...}}``; so with ``metrics``. ``tail`` is
answered by a line for every event until the asker leaves. What is wrong with a question stands under ``error``. Payloads are
never sent.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from pubsub_devtools.bus.control.address import Address, control_folder, listening
from pubsub_devtools.bus.control.health import Health, Probe, examine
from pubsub_devtools.bus.control.meter import Meter
from pubsub_devtools.bus.control.tail import Tails
from pubsub_devtools.storage.state_dir import make_state_dir, state_dir

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus

__all__ = ["Control"]

_LONGEST_LINE = 4096
_MOST_ASKERS = 16
_PATIENCE = 30.0
_BEAT = 1.0


class _Question(msgspec.Struct):
    ask: str
    token: str


class Control:
    """The control socket of a bus, open until it is closed. Only this user of this machine can reach it.

    Counting for ``metrics`` begins when it is opened. It costs every event what a plugin costs.

    Args:
        bus: The bus.
        state: The folder of state; otherwise as the settings say.
        name: What to call the bus where several are open; its source if left out.
        probes: Further checks of health.
        tcp: Listen on 127.0.0.1 instead of a Unix socket, as is done on Windows anyway; a token stands before it.

    Raises:
        OSError: The socket cannot be opened.
        StorageError: The folder of state cannot be made, or the settings not be read.

    Example:
        >>> import tempfile
        >>> from pubsub_devtools import EventBus
        >>> from pubsub_devtools.bus.control import processes
        >>> with tempfile.TemporaryDirectory() as folder, Control(EventBus(source="shop"), state=folder):
        ...     [process] = processes(folder)
        ...     process.health().checks[0].detail
        'none is included: bus.include(...) takes them in'
    """

    def __init__(
        self,
        bus: EventBus,
        *,
        state: str | Path | None = None,
        name: str = "",
        probes: tuple[Probe, ...] = (),
        tcp: bool = False,
    ) -> None:
        self._bus, self._probes = bus, probes
        self._folder = state_dir(state)
        make_state_dir(self._folder)
        self.name = name or bus.source or "bus"
        self._socket, self.address, self._file = listening(control_folder(self._folder), self.name, tcp=tcp)
        self._meter, self._tails = Meter(), Tails()
        bus.register_plugin(self._meter)
        bus.register_plugin(self._tails)
        self._askers = threading.BoundedSemaphore(_MOST_ASKERS)
        self._is_open = True
        threading.Thread(target=self._serve, name="pubsub-control", daemon=True).start()

    def close(self) -> None:
        """Close the socket and take its file away. A further call does nothing."""
        if not self._is_open or os.getpid() != self.address.pid:  # a fork's copy is not its to close
            return
        self._is_open = False
        for plugin in (self._meter, self._tails):
            with contextlib.suppress(LookupError):  # an isolated bus has forgotten it already
                self._bus.unregister_plugin(plugin)
        self._tails.close()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        _remove(self.address, self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _serve(self) -> None:
        while self._is_open:
            try:
                asker, _ = self._socket.accept()
            except OSError:
                return
            if not self._askers.acquire(blocking=False):
                asker.close()
                continue
            threading.Thread(target=self._talk, args=(asker,), daemon=True).start()

    def _talk(self, asker: socket.socket) -> None:
        try:
            with asker, asker.makefile("rb") as lines, contextlib.suppress(OSError):
                asker.settimeout(_PATIENCE)
                while line := lines.readline(_LONGEST_LINE):
                    for answer in self._answers(line):
                        asker.sendall(msgspec.json.encode(answer) + b"\n")
                    if not line.endswith(b"\n"):
                        return
        finally:
            self._askers.release()

    def _answers(self, line: bytes) -> Iterator[dict[str, Any]]:
        try:
            question = msgspec.json.decode(line, type=_Question)
        except msgspec.DecodeError as error:
            yield {"error": f"this is no question: {error}"}
            return
        if not hmac.compare_digest(question.token.encode(), self.address.token.encode()):
            yield {"error": "the token is wrong"}
        elif question.ask == "health":
            yield {"health": self._health()}
        elif question.ask == "metrics":
            yield {"metrics": self._meter.metrics()}
        elif question.ask == "tail":
            yield {"tail": self.name}
            yield from self._tails.follow(_BEAT)
        else:
            yield {"error": f"{question.ask!r} cannot be asked: ask health, metrics or tail"}

    def _health(self) -> Health:
        checks = examine(self._bus, self._meter.metrics(), self._folder, self._probes)
        return Health(self.name, os.getpid(), checks)


def _remove(address: Address, file: Path) -> None:
    file.unlink(missing_ok=True)
    if address.path:
        path = Path(address.path)
        path.unlink(missing_ok=True)
        if path.parent != file.parent:
            with contextlib.suppress(OSError):
                path.parent.rmdir()
