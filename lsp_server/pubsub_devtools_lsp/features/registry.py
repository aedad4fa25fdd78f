"""The features that the server has."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

FEATURES = (
    "lifecycle",
    "watching",
    "progress",
    "diagnostics",
    "completion",
    "hover",
    "lens",
    "hints",
    "signature",
    "flow",
    "navigation",
    "call_hierarchy",
    "symbols",
    "links",
    "refreshing",
)


def register_all(server: PubSubServer) -> None:
    """Have the server answer all that there is a feature for."""
    for name in FEATURES:
        import_module(f"pubsub_devtools_lsp.features.{name}").register(server)
