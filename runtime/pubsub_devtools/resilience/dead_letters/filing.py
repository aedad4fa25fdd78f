"""`DeadLetters`: what a bus files its failures with, and what people ask, drop and replay them through."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.codec import EventCodec, JsonEventCodec, Stored
from pubsub_devtools.resilience.dead_letters.alerts import Alert, AlertMeter, AlertRule
from pubsub_devtools.resilience.dead_letters.fingerprint import (
    fingerprint,
    message_of,
    traceback_of,
    type_name,
)
from pubsub_devtools.resilience.dead_letters.letter import (
    UNREADABLE,
    Action,
    AuditEntry,
    DeadLetter,
    LetterFilter,
    letter_id,
)
from pubsub_devtools.resilience.dead_letters.memory import MemoryDeadLetters
from pubsub_devtools.resilience.dead_letters.replaying import replaying
from pubsub_devtools.resilience.dead_letters.store import DeadLetterStore
from pubsub_devtools.schema.event_metadata import metadata

if TYPE_CHECKING:
    from pubsub_devtools.resilience.failed import FailedDelivery
    from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")
_SWEEP_EVERY = 60.0


class AlertHooks(Protocol):
    """The slot of plugins that hears of alerts: the rule's name and the alert's text."""

    @property
    def on_alert(self) -> Callable[[str, str], None] | None:
        """None where no plugin has it."""
        ...


class Retention(msgspec.Struct, frozen=True):
    """How long dead letters are kept. What goes is gone for good, so the defaults keep everything but an old audit.

    Attributes:
        max_age: Seconds after the last failure; None keeps letters for ever.
        max_letters: How many letters at most; the oldest go first. None: any number.
        audit_max_age: Seconds for which it is known what was done.
    """

    max_age: float | None = None
    max_letters: int | None = None
    audit_max_age: float = 366 * 86400.0


class DeadLetters:
    """Files failed deliveries in a store, counts them for alerts, and keeps the order of keys where that is wanted.

    Args:
        store: Where letters lie; in memory by default.
        codec: Turns events into bytes and back.
        sequenced: Park later events of a key behind its dead letter, until that is replayed or dropped: for all handlers,
            or for those of the given dotted names. Events without a key are never parked.
        alerts: When to tell whom.
        retention: How long letters are kept.
        hooks: Plugins that hear of alerts.
        clock: Returns seconds since 1970.
        monotonic: Returns seconds of a clock that nobody sets; alert windows and sweeps count by it.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> from pubsub_devtools.resilience.failed import FailedDelivery
        >>> class Ping(BaseEvent): ...
        >>> letters = DeadLetters()
        >>> letters.put(FailedDelivery("shop.pong", Ping(), None, OSError("no route"), 4, 10.0, 70.0))
        >>> [(letter.handler, letter.message, letter.attempts) for letter in letters.store.find()]
        [('shop.pong', 'no route', 4)]
    """

    def __init__(
        self,
        store: DeadLetterStore | None = None,
        *,
        codec: EventCodec | None = None,
        sequenced: bool | Collection[str] = False,
        alerts: Sequence[AlertRule] = (),
        retention: Retention | None = None,
        hooks: AlertHooks | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store: DeadLetterStore = MemoryDeadLetters() if store is None else store
        self.codec: EventCodec = JsonEventCodec() if codec is None else codec
        self.clock = clock
        self.hooks = hooks
        self._sequenced = sequenced
        self._retention = retention or Retention()
        self._monotonic = monotonic
        self._meters = [AlertMeter(rule) for rule in alerts]
        self._counting = threading.Lock()
        self._next_sweep = -math.inf

    def put(self, failed: FailedDelivery) -> None:
        """File a failed delivery. Once this returns it survives what the store survives.

        An event that cannot be encoded is filed as the text it prints as: it can be read, not replayed.
        """
        self._filed(self.store.add(self._letter(failed)))
        self._sweep()

    async def put_async(self, failed: FailedDelivery) -> None:
        """File a failed delivery without blocking the loop."""
        letter = self._letter(failed)
        add = getattr(self.store, "add_async", None)
        if add is None:  # a store that waits for nothing needs no thread to sweep either
            self._filed(self.store.add(letter))
            self._sweep()
            return
        self._filed(await add(letter))
        if self._is_time_to_sweep():
            await asyncio.to_thread(self._expire)

    def hold_back(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> bool:
        """Park an event if one of its key lies among the dead letters of a sequenced handler.

        Returns:
            Whether it was parked: then the handler must not be called with it. It is as safe as a dead letter.
        """
        if not self._may_park(handler, event, envelope):
            return False
        key = envelope.key if envelope else ""
        return self.store.is_blocked(handler, key) and self.store.park(self._parked(handler, event, envelope))

    async def hold_back_async(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> bool:
        """Do as ``hold_back`` does without blocking the loop."""
        if not self._may_park(handler, event, envelope):
            return False
        return await asyncio.to_thread(self.hold_back, handler, event, envelope)

    def is_sequenced(self, handler: str) -> bool:
        """Whether later events of a key are parked behind its dead letter at this handler."""
        return self._sequenced if isinstance(self._sequenced, bool) else handler in self._sequenced

    def drop(self, which: LetterFilter, *, reason: str, by: str = "") -> int:
        """Remove letters for good; what was parked behind them can be replayed then.

        Args:
            which: Those to remove. Ones that are being replayed stay.
            reason: Kept in the audit.
            by: Who drops them; kept in the audit.

        Returns:
            How many went.
        """
        run, dropped = uuid.uuid4().hex[:8], 0
        while letters := self.store.find(which, limit=1000):
            entries = [self.entry(letter, run, "dropped", by, reason) for letter in letters]
            gone = self.store.remove(letters, entries)
            dropped += gone
            if not gone:
                break
        return dropped

    def read(self, letter: DeadLetter) -> BaseEvent:
        """Return the letter's event, with the id that it had.

        Raises:
            ValueError: It could not be encoded when it failed.
            UnknownEventError: Its class is not imported here.
            Exception: Its class no longer takes it.
        """
        if letter.content_type == UNREADABLE:
            raise ValueError(
                f"{letter.event_type} could not be encoded when it failed, only its text was kept"
            )
        return self.codec.decode(Stored(letter.body, letter.content_type, letter.headers))

    def entry(self, letter: DeadLetter, run: str, action: Action, by: str = "", note: str = "") -> AuditEntry:
        """Return an entry for the audit, of now."""
        about = letter.id, letter.handler, letter.event_id, letter.event_type
        return AuditEntry(self.clock(), run, action, *about, by, note)

    def _letter(self, failed: FailedDelivery) -> DeadLetter:
        error = failed.error
        letter = self._about(failed.handler, failed.event, failed.envelope, failed.last_failed)
        return msgspec.structs.replace(
            letter,
            error_type=type_name(error),
            message=message_of(error),
            traceback=traceback_of(error),
            fingerprint=fingerprint(error),
            attempts=failed.attempts,
            first_failed=failed.first_failed,
            sequenced=bool(letter.key) and self.is_sequenced(failed.handler),
        )

    def _parked(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> DeadLetter:
        return self._about(handler, event, envelope, self.clock())

    def _about(self, handler: str, event: BaseEvent, envelope: Envelope | None, at: float) -> DeadLetter:
        about, stored = metadata(event), self._encoded(event)
        return DeadLetter(
            id=letter_id(handler, about.id),
            handler=handler,
            event_id=about.id,
            event_type=about.type,
            event_version=about.version,
            key=envelope.key if envelope else "",
            body=stored.body,
            content_type=stored.content_type,
            headers=dict(stored.headers),
            envelope=envelope,
            first_failed=at,
            last_failed=at,
        )

    def _encoded(self, event: BaseEvent) -> Stored:
        try:
            return self.codec.encode(event)
        except Exception:
            _log.exception(
                "%s cannot be encoded; its dead letter can be read but not replayed", type(event).__name__
            )
            return Stored(repr(event).encode(), UNREADABLE, {})

    def _may_park(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> bool:
        if envelope is None or not envelope.key or not self.is_sequenced(handler):
            return False
        # What is replayed must not be parked behind itself.
        return replaying.get() != letter_id(handler, metadata(event).id)

    def _filed(self, letter: DeadLetter) -> None:
        now = self._monotonic()
        with self._counting:
            alerts = [(meter.rule, alert) for meter in self._meters if (alert := meter.saw(letter, now))]
        for rule, alert in alerts:
            self._tell(rule, alert)

    def _tell(self, rule: AlertRule, alert: Alert) -> None:
        for target in rule.to:
            try:
                target(alert)
            except Exception:
                _log.exception("a target of the alert rule %s failed", rule.name)
        if self.hooks is not None and (slot := self.hooks.on_alert) is not None:
            slot(rule.name, alert.text)

    def _sweep(self) -> None:
        if self._is_time_to_sweep():
            self._expire()

    def _is_time_to_sweep(self) -> bool:
        now = self._monotonic()
        with self._counting:
            if now < self._next_sweep:
                return False
            self._next_sweep = now + _SWEEP_EVERY
            return True

    def _expire(self) -> None:
        keep, now = self._retention, self.clock()
        before = -math.inf if keep.max_age is None else now - keep.max_age
        if gone := self.store.expire(before, keep.max_letters, now - keep.audit_max_age):
            _log.warning("%d dead letters were removed, as the retention says", gone)
