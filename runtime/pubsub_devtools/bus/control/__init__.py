"""The control socket of a running bus: health, metrics and a tail of its events, for commands on the same machine."""

from pubsub_devtools.bus.control.client import Process, UnreachableError, processes
from pubsub_devtools.bus.control.health import Check, Health
from pubsub_devtools.bus.control.meter import Metrics
from pubsub_devtools.bus.control.server import Control

__all__ = ["Check", "Control", "Health", "Metrics", "Process", "UnreachableError", "processes"]
