"""Plugins that other distributions offer, by entry points of the group ``pubsub_devtools.plugins``.

Nothing is loaded because it is installed: a program names what it wants, or asks for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.logger import logger
from pubsub_devtools.plugins.plugin import Plugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

__all__ = ["GROUP", "installed_plugin", "installed_plugins"]

GROUP = "pubsub_devtools.plugins"


def installed_plugin(name: str) -> Plugin:
    """Load and make the installed plugin of this name.

    Raises:
        LookupError: No distribution offers it; the message lists what is offered.
        TypeError: What is offered is neither a plugin nor a plugin's class.

    Example:
        >>> installed_plugin("nowhere")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        LookupError: no installed plugin is called 'nowhere'; installed are: ...
    """
    offered = _offered()
    for entry in offered:
        if entry.name == name:
            return _made(entry)
    known = ", ".join(sorted(entry.name for entry in offered)) or "none"
    raise LookupError(f"no installed plugin is called {name!r}; installed are: {known}")


def installed_plugins() -> list[Plugin]:
    """Load and make every installed plugin, sorted by name. One that cannot be loaded is logged as ERROR and left out.

    Example:
        >>> all(isinstance(plugin, Plugin) for plugin in installed_plugins())
        True
    """
    made: list[Plugin] = []
    for entry in sorted(_offered(), key=lambda entry: entry.name):
        try:
            made.append(_made(entry))
        except Exception:
            logger().exception("plugin %s (%s) cannot be loaded", entry.name, entry.value)
    return made


def _made(entry: EntryPoint) -> Plugin:
    loaded: object = entry.load()
    made: object = loaded() if isinstance(loaded, type) else loaded
    if not isinstance(made, Plugin):
        raise TypeError(
            f"the installed plugin {entry.name} is {entry.value}, which is not derived from Plugin"
        )
    return made


def _offered() -> EntryPoints:
    from importlib.metadata import entry_points  # noqa: PLC0415 - half of what it takes to load a bus

    return entry_points(group=GROUP)
