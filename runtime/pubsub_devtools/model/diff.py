"""What changed between two event graphs, and what it means to each publisher, each handler and what is under way."""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model.graph import Kind, Place

DIFF_FORMAT: Literal[1] = 1

Verdict = Literal["none", "compatible", "risky", "breaking"]
"""``none``: no contract changed. ``compatible``: nobody minds. ``risky``: it hangs on what cannot be seen. ``breaking``:
a consumer reads what is no longer given, or is given what it does not take."""

Change = Literal["gained", "lost", "renamed", "changed"]
Concerned = Literal["consumer", "producer", "under-way", "elsewhere"]
"""Whom a reason is about: a handler, a publisher, messages that the transport still holds, or somebody out of sight."""

End = Literal["base", "head"]


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason for a verdict, in words.

    ``symbol`` and ``place`` tell the publisher or handler that it is about, at the ``end`` where that stands; ``origin``
    names the linked repository that it belongs to. ``field`` is the field in question, where it is one.
    """

    verdict: Verdict
    message: str
    concerns: Concerned
    symbol: str = ""
    place: Place | None = None
    end: End = "head"
    origin: str = ""
    field: str = ""


class FieldChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field that an event's messages gained, lost, or have of another type."""

    name: str
    change: Change
    was: str = ""
    now: str = ""


class SiteChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A publisher, handler or declaration that was gained or lost: a function that only moved is neither."""

    kind: Kind
    change: Change
    symbol: str
    place: Place
    service: str = ""
    origin: str = ""


class EventChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What changed about one event. ``was`` is the id that a renamed one had; the reasons come gravest first."""

    event: str
    name: str
    transport: str
    change: Change
    verdict: Verdict
    was: str = ""
    fields: tuple[FieldChange, ...] = ()
    sites: tuple[SiteChange, ...] = ()
    reasons: tuple[Reason, ...] = ()


class ServiceChange(msgspec.Struct, frozen=True):
    """A service that is there at one end alone."""

    name: str
    change: Change


class Diff(msgspec.Struct, frozen=True):
    """What changed from ``base`` to ``head``, as they were asked for. The verdict is that of the gravest event.

    ``notes`` say what could not be compared: a submodule, a file that could not be read at one end.
    """

    root: str
    base: str
    head: str
    format: Literal[1] = DIFF_FORMAT
    verdict: Verdict = "none"
    events: tuple[EventChange, ...] = ()
    services: tuple[ServiceChange, ...] = ()
    notes: tuple[str, ...] = ()
