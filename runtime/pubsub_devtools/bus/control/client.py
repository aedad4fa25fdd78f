"""The other end of the control socket: which processes run here, and how they are."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pubsub_devtools.bus.control.address import Address, control_folder, reached, read_address
from pubsub_devtools.bus.control.health import Health
from pubsub_devtools.bus.control.meter import Metrics
from pubsub_devtools.storage.state_dir import state_dir

__all__ = ["Process", "UnreachableError", "processes"]

Answer = TypeVar("Answer")


class UnreachableError(Exception):
    """A process does not answer, or not as it should."""


class Process:
    """A bus of a running process that has opened a control socket.

    Args:
        address: Where it is reached.
        timeout: Seconds to wait for an answer.
    """

    def __init__(self, address: Address, timeout: float = 5.0) -> None:
        self.pid, self.bus = address.pid, address.bus
        self._address, self._timeout = address, timeout

    def health(self) -> Health:
        """Ask how it is.

        Raises:
            UnreachableError: It does not answer.
        """
        return self._ask("health", Health)

    def metrics(self) -> Metrics:
        """Ask what it has counted.

        Raises:
            UnreachableError: It does not answer.
        """
        return self._ask("metrics", Metrics)

    def tail(self) -> Iterator[dict[str, Any]]:
        """Give what happens from now on, until the process ends.

        Raises:
            UnreachableError: It does not answer.
        """
        lines = self._lines("tail")
        next(lines, None)  # says that it has begun
        yield from (line for line in lines if "beat" not in line)

    def _ask(self, what: str, type_: type[Answer]) -> Answer:
        lines = self._lines(what)
        nothing: dict[str, Any] = {}
        answer = next(lines, nothing)
        lines.close()
        try:
            return msgspec.convert(answer.get(what), type_)
        except msgspec.ValidationError as error:
            raise UnreachableError(
                f"process {self.pid} answers in another way: {answer.get('error', error)}"
            ) from error

    def _lines(self, what: str) -> Generator[dict[str, Any]]:
        question = msgspec.json.encode({"ask": what, "token": self._address.token}) + b"\n"
        try:
            with reached(self._address, self._timeout) as asked, asked.makefile("rb") as lines:
                asked.sendall(question)
                for line in lines:
                    yield msgspec.json.decode(line, type=dict[str, Any])
        except (OSError, msgspec.DecodeError) as error:
            raise UnreachableError(f"process {self.pid} does not answer: {error}") from error


def processes(state: str | Path | None = None) -> list[Process]:
    """Return the processes with an open control socket, by their number. What processes left that are gone is cleared away.

    Args:
        state: The folder of state; otherwise as the settings say.

    Example:
        >>> processes("/nowhere")
        []
    """
    found: list[Process] = []
    for file in sorted(control_folder(state_dir(state)).glob("*.json")):
        address = read_address(file)
        if address is None or _is_gone(address.pid):
            file.unlink(missing_ok=True)
            file.with_suffix(".sock").unlink(missing_ok=True)
        else:
            found.append(Process(address))
    return sorted(found, key=lambda process: process.pid)


def _is_gone(pid: int) -> bool:
    if os.name == "nt":
        return False  # a signal 0 would end it there; a dead one does not answer
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
