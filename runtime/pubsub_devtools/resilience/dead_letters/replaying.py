"""Which dead letter is replayed here: guards treat that call otherwise than a delivery."""

from contextvars import ContextVar

replaying: ContextVar[str] = ContextVar("pubsub_devtools_replaying", default="")
"""The id of the letter that is replayed here; empty outside of a replay."""
