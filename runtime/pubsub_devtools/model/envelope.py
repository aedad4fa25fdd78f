"""The envelope: what surrounds an event while it is delivered. The event says what happened, the envelope how it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class Envelope(msgspec.Struct, frozen=True):
    """One delivery of an event, as a handler sees it.

    ``id``, ``type`` and ``version`` are the event's own. ``source`` names the service that published it (CloudEvents
    ``source``). ``time`` is when it was published, in UTC. ``correlation_id`` is the id of the event that began the
    chain, ``causation_id`` the id of the event whose handler published this one; it is empty at the beginning of a chain.
    ``traceparent`` and ``tracestate`` are those of W3C Trace Context, empty where nothing traces. Events of one ``key`` keep
    their order; ``headers`` are the publisher's own.

    Example:
        >>> from datetime import UTC, datetime
        >>> first = Envelope("1", "OrderPlaced", "1.0.0", "shop", datetime(2030, 1, 1, tzinfo=UTC), correlation_id="1")
        >>> first.causation_id
        ''
    """

    id: str
    type: str
    version: str
    source: str
    time: datetime
    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""
    tracestate: str = ""
    key: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
