"""Two things to know of event loops, without loading asyncio where nobody has."""

from __future__ import annotations

from sys import modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread, or None."""
    asyncio = modules.get("asyncio")  # as long as nobody has loaded it, no loop runs
    try:
        return asyncio.get_running_loop() if asyncio else None
    except RuntimeError:
        return None


def settle_soon(loop: asyncio.AbstractEventLoop, future: asyncio.Future[None]) -> None:
    """Give a future of a loop its result, from any thread."""

    def settle() -> None:
        if not future.done():
            future.set_result(None)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop has ended, and with it whoever waited
