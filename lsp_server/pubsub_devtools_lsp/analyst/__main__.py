"""The analyst's process: takes messages from its standard input, and tells on its standard output what it has found.

It ends when its input does, so that it never outlives a server, however that one ended. Whatever else prints goes to
standard error.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO

from pubsub_devtools_analysis.dialect import shipped
from pubsub_devtools_analysis.freeing import free_at_once
from pubsub_devtools_lsp.analyst import wire
from pubsub_devtools_lsp.analyst.desk import Desk
from pubsub_devtools_lsp.analyst.messages import FromAnalyst, ToAnalyst

_NICE = 5


def main() -> None:
    """Work until the server is gone."""
    free_at_once()
    source, sink = _streams()
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)
    inbox: SimpleQueue[ToAnalyst] = SimpleQueue()
    Thread(target=_listen, args=(source, inbox), daemon=True, name="input").start()
    desk = Desk(lambda message: _send(sink, message))
    shipped()  # any root needs them; the server may still be loading its own code
    while True:
        is_idle = not desk.step()
        desk.take(_new(inbox, desk.rest() if is_idle else 0))


def _listen(source: BinaryIO, inbox: SimpleQueue[ToAnalyst]) -> None:
    while (body := wire.receive(source)) is not None:
        inbox.put(wire.to_analyst.decode(body))
    os._exit(0)  # at once, whatever is being done: nobody waits for it any more


def _new(inbox: SimpleQueue[ToAnalyst], wait: float | None) -> list[ToAnalyst]:
    """What was told meanwhile, or is told within so many seconds; nothing means that it is waited for."""
    messages: list[ToAnalyst] = []
    with suppress(Empty):
        messages.append(inbox.get(timeout=wait) if wait != 0 else inbox.get_nowait())
        while True:
            messages.append(inbox.get_nowait())
    return messages


def _send(sink: BinaryIO, message: FromAnalyst) -> None:
    try:
        wire.send(sink, message)
    except (OSError, ValueError):
        os._exit(0)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of the server, which nothing else can write to or read from."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


if __name__ == "__main__":
    main()
