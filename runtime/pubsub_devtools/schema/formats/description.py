"""An event as the languages of schemas describe one: its type, and what a type alone does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from pubsub_devtools.model.field_type import Record

__all__ = ["Description"]


class Description(msgspec.Struct, frozen=True):
    """What a schema is written from, and what one that was read says.

    ``defaults`` and ``docs`` are by the path of a field (``order.total``), the defaults as JSON holds them; ``doc`` is that
    of the event itself.
    """

    type: Record
    name: str = ""
    version: str = ""
    doc: str = ""
    defaults: Mapping[str, Any] = msgspec.field(default_factory=dict[str, Any])
    docs: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])

    @property
    def title(self) -> str:
        """The event's name, else its record's."""
        return self.name or self.type.name
