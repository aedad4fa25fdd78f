"""The values of the dead letters: a letter, a cause that many share, what was done with them, and which ones are meant."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Literal

import msgspec

from pubsub_devtools.model.envelope import Envelope

State = Literal["dead", "parked"]
"""``dead``: the handler failed on it for good. ``parked``: it waits behind a dead letter of the same key."""

Action = Literal["replayed", "failed again", "deferred", "unreadable", "dropped", "expired"]
"""What became of a letter. ``deferred``: the handler's own retries go on with it."""


def letter_id(handler: str, event_id: str) -> str:
    """Return the id of the one letter that an event can have for a handler, so that none is ever filed twice.

    Example:
        >>> letter_id("shop.mail.write", "event-1")
        '80832810a1c8e461'
    """
    return blake2b(f"{handler}\0{event_id}".encode(), digest_size=8).hexdigest()


UNREADABLE = "text/plain"
"""The content type of what is left of an event that could not be encoded."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a handler failed on for good, with all that is needed to understand it and to try again.

    Attributes:
        id: Made of handler and event, see ``letter_id``.
        handler: The handler's dotted name.
        event_id: The event's own id, which a replay keeps.
        event_type: Its name.
        event_version: The version of its schema.
        key: The key whose events keep their order; empty where there is none.
        body: The event, encoded.
        content_type: How; ``text/plain`` is the text of an event that could not be encoded, which cannot be replayed.
        headers: What its codec needs besides.
        envelope: That of the delivery.
        error_type: The exception's dotted name; empty for a parked letter.
        message: Its text.
        traceback: Its traceback, shortened in the middle where it is long.
        fingerprint: Equal for failures of one cause, see ``fingerprint.py``.
        attempts: How often the handler was called with it.
        replays: How often it was replayed and failed again.
        first_failed: Seconds since 1970.
        last_failed: Seconds since 1970; for a parked letter when it was parked.
        state: Whether it failed itself or waits behind one that did.
        sequenced: Whether later events of its key are parked behind it.
    """

    id: str
    handler: str
    event_id: str
    event_type: str
    event_version: str = ""
    key: str = ""
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    envelope: Envelope | None = None
    error_type: str = ""
    message: str = ""
    traceback: str = ""
    fingerprint: str = ""
    attempts: int = 0
    replays: int = 0
    first_failed: float
    last_failed: float
    state: State = "dead"
    sequenced: bool = False


class Cause(msgspec.Struct, frozen=True):
    """The dead letters of one fingerprint.

    Attributes:
        fingerprint: What they have in common.
        error_type: The exception's dotted name.
        message: That of the letter that failed last.
        count: How many letters.
        first_failed: When the first of them failed first, in seconds since 1970.
        last_failed: When one of them failed last.
        handlers: The handlers that failed, sorted.
        events: The names of the events they failed on, sorted.
        sample: The id of the letter that failed last.
    """

    fingerprint: str
    error_type: str
    message: str
    count: int
    first_failed: float
    last_failed: float
    handlers: tuple[str, ...]
    events: tuple[str, ...]
    sample: str


class AuditEntry(msgspec.Struct, frozen=True):
    """One thing that was done with one letter; it outlives the letter.

    Attributes:
        time: Seconds since 1970.
        run: The replay or call that did it.
        action: What was done.
        letter: The letter's id.
        handler: Its handler.
        event_id: Its event.
        event_type: The event's name.
        by: Who did it, as far as that is known: user and host.
        note: Why it was dropped, or the error it failed with again.
    """

    time: float
    run: str
    action: Action
    letter: str
    handler: str
    event_id: str
    event_type: str
    by: str = ""
    note: str = ""


class LetterFilter(msgspec.Struct, frozen=True):
    """Which letters are meant: those that all given parts fit. Without a part it means every letter.

    Attributes:
        event: The event's name, or its end behind a dot.
        handler: The handler's dotted name, or its end behind a dot.
        fingerprint: The beginning of a fingerprint.
        key: The key.
        since: Last failed at this time or later, in seconds since 1970.
        until: Last failed before this time.
        ids: Ids of letters, or their beginnings.
        state: Dead or parked ones alone.
        exact: Take the names of event and handler as whole ones.

    Example:
        >>> letter = DeadLetter(id="5a3a", handler="shop.mail.write", event_id="1", event_type="OrderPlaced", body=b"",
        ...                     first_failed=10.0, last_failed=20.0)
        >>> LetterFilter(handler="mail.write", until=30.0).matches(letter), LetterFilter(handler="write_all").matches(letter)
        (True, False)
    """

    event: str | None = None
    handler: str | None = None
    fingerprint: str | None = None
    key: str | None = None
    since: float | None = None
    until: float | None = None
    ids: tuple[str, ...] = ()
    state: State | None = None
    exact: bool = False

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter is meant."""
        return (
            self._names(letter.event_type, self.event)
            and self._names(letter.handler, self.handler)
            and letter.fingerprint.startswith(self.fingerprint or "")
            and self.key in (None, letter.key)
            and (self.since is None or letter.last_failed >= self.since)
            and (self.until is None or letter.last_failed < self.until)
            and (not self.ids or letter.id.startswith(self.ids))
            and self.state in (None, letter.state)
        )

    def _names(self, whole: str, name: str | None) -> bool:
        return name is None or whole == name or (not self.exact and whole.endswith(f".{name}"))


class Tally(msgspec.Struct, frozen=True):
    """How many letters of one handler and event there are.

    Attributes:
        handler: The handler's dotted name.
        event: The event's name.
        dead: Letters that failed.
        parked: Letters that wait behind one.
        unreadable: Letters among them whose event could not be encoded, so that it cannot be replayed.
    """

    handler: str
    event: str
    dead: int
    parked: int
    unreadable: int
