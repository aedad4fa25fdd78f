"""`Hooks`: the slots of all registered plugins, compiled so that an empty slot costs its caller one ``is not None``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from pubsub_devtools.plugins.installed import installed_plugin
from pubsub_devtools.plugins.plugin import Plugin
from pubsub_devtools.plugins.registered import SLOTS, Registered

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["Hooks"]

OnEvent: TypeAlias = "Callable[[BaseEvent], None] | None"
OnHandler: TypeAlias = "Callable[[str, BaseEvent], None] | None"
OnBus: TypeAlias = "Callable[[EventBus], None] | None"


class Hooks:
    """What is compiled of the registered plugins: each slot is None, or one callable that never raises an ``Exception``.

    The object stays the same while plugins come and go: read a slot where you call it, or compile it in and say with
    ``watch`` that you want to compile again.

    Args:
        plugins: Registered at once, in this order.

    Example:
        >>> class Count(Plugin):
        ...     published = 0
        ...     def on_event_published(self, event):
        ...         self.published += 1
        >>> count = Count()
        >>> hooks = Hooks([count])
        >>> if (slot := hooks.on_event_published) is not None:
        ...     slot("any event")
        >>> count.published
        1
        >>> hooks.unregister(count)
        >>> hooks.on_event_published is None
        True
    """

    FAILURES_ALLOWED: ClassVar[int] = 10
    """After so many failures of one slot in a row a plugin is taken out."""

    on_bus_started: OnBus
    on_bus_stopped: OnBus
    on_event_published: OnEvent
    on_event_dropped: Callable[[BaseEvent, str], None] | None
    on_handler_started: OnHandler
    on_handler_executed: Callable[[str, float], None] | None
    on_handler_failed: Callable[[str, BaseEvent, BaseException], None] | None
    on_retry: Callable[[str, BaseEvent, BaseException, int, float], None] | None
    on_dead_letter: Callable[[str, BaseEvent, BaseException, int], None] | None
    on_breaker_changed: Callable[[str, str, str], None] | None
    on_rate_limited: Callable[[str, BaseEvent, str, float], None] | None
    on_bulkhead_full: OnHandler
    on_timed_out: Callable[[str, BaseEvent, float], None] | None
    on_duplicate: OnHandler
    on_alert: Callable[[str, str], None] | None

    def __init__(self, plugins: Iterable[Plugin | type[Plugin] | str] = ()) -> None:
        self._lock = threading.RLock()
        self._registered: tuple[Registered, ...] = ()
        self._watchers: tuple[Callable[[], None], ...] = ()
        self._compile(())
        for plugin in plugins:
            self.register(plugin)

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The registered plugins in the order in which they are called."""
        return tuple(registered.plugin for registered in self._registered)

    def register(self, plugin: Plugin | type[Plugin] | str) -> Plugin:
        """Call the plugin's slots from now on.

        Args:
            plugin: An instance, a class that needs no arguments, or the name of an installed plugin (an entry point of the
                group ``pubsub_devtools.plugins``).

        Returns:
            The instance. One that is registered already stays where it is.

        Raises:
            TypeError: It is no plugin, or a slot is ``async`` or cannot be called with what it is given.
            LookupError: No installed plugin has this name.
        """
        made = _instance(plugin)
        with self._lock:
            if not any(registered.plugin is made for registered in self._registered):
                added = Registered(made, self.FAILURES_ALLOWED, self._take_out)
                # sorted() is stable: plugins of one priority stay in the order of their registration.
                self._compile(tuple(sorted((*self._registered, added), key=lambda one: -one.plugin.priority)))
        return made

    def unregister(self, plugin: Plugin | str) -> None:
        """Call the plugin no longer. What of it is under way in other threads runs to its end.

        Args:
            plugin: The instance, or the name of one.

        Raises:
            LookupError: No such plugin is registered; the message lists those that are.
        """
        with self._lock:
            left = tuple(one for one in self._registered if plugin not in (one.plugin, one.name))
            if len(left) == len(self._registered):
                known = ", ".join(one.name for one in self._registered) or "none"
                raise LookupError(f"plugin {plugin!r} is not registered; registered are: {known}")
            self._compile(left)

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` after every change of the slots, for those who have compiled them in."""
        self._watchers = (*self._watchers, changed)

    def _take_out(self, broken: Registered) -> None:
        with self._lock:
            self._compile(tuple(one for one in self._registered if one is not broken))

    def _compile(self, registered: tuple[Registered, ...]) -> None:
        self._registered = registered
        for slot in SLOTS:
            setattr(self, slot, _joined([one.calls[slot] for one in registered if slot in one.calls]))
        for changed in self._watchers:
            changed()


def _joined(calls: list[Callable[..., None]]) -> Callable[..., None] | None:
    if len(calls) < 2:
        return calls[0] if calls else None
    every = tuple(calls)

    def call_all(*arguments: Any) -> None:
        for call in every:
            call(*arguments)

    return call_all


def _instance(plugin: object) -> Plugin:
    if isinstance(plugin, str):
        return installed_plugin(plugin)
    made = plugin
    if isinstance(plugin, type) and issubclass(plugin, Plugin):
        made = plugin()
    if not isinstance(made, Plugin):
        raise TypeError(f"{plugin!r} is no plugin: derive it from pubsub_devtools.plugins.Plugin")
    return made
