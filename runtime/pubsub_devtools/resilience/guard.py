"""What a bus needs to put guards around its handlers, in one place."""

from __future__ import annotations

from pubsub_devtools.resilience.services import Call, GuardHooks, Handled, Services

__all__ = ["Call", "GuardHooks", "Handled", "Services"]
