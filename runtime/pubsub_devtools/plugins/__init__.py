"""Plugins: what is told of everything that a bus does, without being part of what it does."""

from pubsub_devtools.plugins.installed import installed_plugin, installed_plugins
from pubsub_devtools.plugins.plugin import Plugin
from pubsub_devtools.plugins.slots import Hooks

__all__ = ["Hooks", "Plugin", "installed_plugin", "installed_plugins"]
