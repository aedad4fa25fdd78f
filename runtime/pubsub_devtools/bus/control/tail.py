"""A tail of the events of a bus, for any number of followers, none of which can hold the bus up."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pubsub_devtools.plugins.plugin import Plugin
from pubsub_devtools.schema.event_metadata import metadata

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["Tails"]

_MOST_WAITING = 1000


class _Follower:
    def __init__(self) -> None:
        self.lines: queue.Queue[dict[str, Any]] = queue.Queue(_MOST_WAITING)
        self.missed = 0

    def put(self, line: dict[str, Any]) -> None:
        try:
            self.lines.put_nowait(line)
        except queue.Full:
            self.missed += 1


class Tails(Plugin):
    """Tells followers of events, by identity alone: payloads may hold what a terminal should not show."""

    name = "tail"

    def __init__(self) -> None:
        self._followers: tuple[_Follower, ...] = ()
        self._is_open = True

    def on_event_published(self, event: BaseEvent) -> None:
        """Tell them."""
        if self._followers:
            about = metadata(event)
            self._tell({"event": {"id": about.id, "type": about.type, "version": about.version}})

    def on_handler_failed(self, handler: str, event: BaseEvent, error: BaseException) -> None:
        """Tell them."""
        if self._followers:
            about = metadata(event)
            told = {"id": about.id, "type": about.type, "handler": handler, "error": type(error).__name__}
            self._tell({"failed": told})

    def follow(self, beat: float) -> Iterator[dict[str, Any]]:
        """Give what happens from now on. After so many seconds of silence comes ``{"beat": true}``, which finds out who has left."""
        follower = _Follower()
        self._followers = (*self._followers, follower)
        try:
            while self._is_open:
                try:
                    line = follower.lines.get(timeout=beat)
                except queue.Empty:
                    line = {"beat": True}
                if follower.missed:
                    yield {"missed": follower.missed}
                    follower.missed = 0
                yield line
        finally:
            self._followers = tuple(one for one in self._followers if one is not follower)

    def close(self) -> None:
        """End all tails."""
        self._is_open = False

    def _tell(self, line: dict[str, Any]) -> None:
        for follower in self._followers:
            follower.put(line)
