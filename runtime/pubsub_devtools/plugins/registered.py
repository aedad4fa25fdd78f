"""One registered plugin: its overridden slots, each wrapped so that its failures stay its own."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from typing import Any

from pubsub_devtools.logger import logger
from pubsub_devtools.plugins.plugin import Plugin

__all__ = ["SLOTS", "Registered"]


SLOTS = tuple(name for name in vars(Plugin) if name.startswith("on_"))
"""The names of all slots."""


class _Inside(threading.local):
    """Whether this thread is inside the slot: slots are plain functions, so a thread is in it or not."""

    now = False


class Registered:
    """A plugin with its slots as they are called.

    Args:
        plugin: The plugin.
        failures_allowed: So many failures of one slot in a row end it.
        take_out: Called once that is so.

    Raises:
        TypeError: A slot is ``async``, cannot be called with what it is given, or is written otherwise than any slot is.
    """

    def __init__(self, plugin: Plugin, failures_allowed: int, take_out: Callable[[Registered], None]) -> None:
        self.plugin = plugin
        self.name = plugin.name or type(plugin).__qualname__
        _check_names(self.name, plugin)
        self._failures_allowed = failures_allowed
        self._take_out = take_out
        self._failures = dict.fromkeys(SLOTS, 0)
        self._lock = threading.Lock()
        self.calls = {slot: self._isolated(slot) for slot in SLOTS if _overrides(plugin, slot)}

    def _isolated(self, slot: str) -> Callable[..., None]:
        call: Callable[..., object] = getattr(self.plugin, slot)
        _check(self.name, slot, call)
        failures, failed, inside = self._failures, self._failed, _Inside()

        def isolated(*arguments: Any) -> None:
            if inside.now:
                return
            inside.now = True
            try:
                call(*arguments)
                if failures[slot]:
                    failures[slot] = 0
            except Exception as error:
                failed(slot, error)
            finally:
                inside.now = False

        return isolated

    def _failed(self, slot: str, error: Exception) -> None:
        with self._lock:
            self._failures[slot] = count = self._failures[slot] + 1
        if count > self._failures_allowed:
            return  # it is out; this call was under way in another thread
        logger().error("plugin %s failed in %s", self.name, slot, exc_info=error)
        if count == self._failures_allowed:
            self._take_out(self)
            logger().error(
                "plugin %s is taken out: %s failed %d times in a row; register it again once it is mended",
                self.name,
                slot,
                count,
            )


def _overrides(plugin: Plugin, slot: str) -> bool:
    return getattr(type(plugin), slot) is not getattr(Plugin, slot) or slot in vars(plugin)


def _check_names(name: str, plugin: Plugin) -> None:
    """Refuse a misspelled slot: it would never be called, and nobody would notice."""
    for method in dir(plugin):
        if method.startswith("on_") and method not in SLOTS:
            import difflib  # noqa: PLC0415 - only such a method needs it

            if near := difflib.get_close_matches(method, SLOTS, n=1, cutoff=0.85):
                raise TypeError(
                    f"plugin {name} has a method {method}, which is no slot: did you mean {near[0]}?"
                )


def _check(name: str, slot: str, call: Callable[..., object]) -> None:
    if not callable(call) or inspect.iscoroutinefunction(call):
        raise TypeError(
            f"{slot} of plugin {name} must be a plain function, not async: it is called where things happen"
        )
    given = list(inspect.signature(getattr(Plugin, slot)).parameters)[1:]
    try:
        inspect.signature(call).bind(*given)
    except TypeError as error:
        raise TypeError(
            f"{slot} of plugin {name} cannot be called with ({', '.join(given)}): {error}"
        ) from error
    except ValueError:
        return  # a function without a signature that can be read; calling it will tell
