"""Replay: tries dead letters again, one after the other in the order in which they were filed.

Each letter is taken from the store before its handler is called and settled right after. So a replay that is broken off,
however it ends, is gone on with by the next one; and two at once never call a handler twice with one letter.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.fingerprint import (
    fingerprint,
    message_of,
    traceback_of,
    type_name,
)
from pubsub_devtools.resilience.dead_letters.letter import Action, DeadLetter, LetterFilter, Tally
from pubsub_devtools.resilience.dead_letters.replaying import replaying
from pubsub_devtools.resilience.dead_letters.store import EVERY
from pubsub_devtools.resilience.outcome import Outcome

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent


class ReplayTarget(Protocol):
    """Whoever can call one handler with one event, as a bus does."""

    def has_handler(self, handler: str) -> bool:
        """Whether a handler of this dotted name is there."""
        ...

    def call_handler(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> Any:
        """Call it with its guards. Returns what these say: an ``Outcome``, or anything where it has handled the event."""
        ...


class ReplayPlan(msgspec.Struct, frozen=True):
    """What a replay would do.

    Attributes:
        handlers: Which handlers would run, on which events, how often. Letters parked behind these come on top.
        unknown: Those handlers among them that the application does not have; their letters stay.
    """

    handlers: tuple[Tally, ...]
    unknown: tuple[str, ...] = ()

    @property
    def letters(self) -> int:
        """How many letters would be tried."""
        return sum(
            tally.dead + tally.parked - tally.unreadable
            for tally in self.handlers
            if tally.handler not in self.unknown
        )


class ReplayReport(msgspec.Struct):
    """What a replay did.

    Attributes:
        run: Its name in the audit.
        replayed: Letters whose handler has now handled the event.
        failed: Letters whose handler failed again; they lie where they lay, their attempts counted up.
        deferred: Letters that the handler's own retries go on with.
        unreadable: Letters whose event cannot be read; they stay.
        unknown: Letters whose handler the application does not have; they stay.
    """

    run: str
    replayed: int = 0
    failed: int = 0
    deferred: int = 0
    unreadable: int = 0
    unknown: int = 0

    @property
    def tried(self) -> int:
        """How many times a handler was called."""
        return self.replayed + self.failed + self.deferred


class Taken(NamedTuple):
    """A letter that is being replayed."""

    letter: DeadLetter
    event: BaseEvent


Told = Callable[[DeadLetter, Action], None]


def plan(letters: DeadLetters, which: LetterFilter = EVERY, target: ReplayTarget | None = None) -> ReplayPlan:
    """Return what a replay of these letters would do; nothing is called.

    Args:
        letters: The dead letters.
        which: Those that are meant.
        target: The bus that would call the handlers; without one nothing is said of unknown handlers.
    """
    handlers = tuple(letters.store.tally(which))
    names = {tally.handler for tally in handlers}
    return ReplayPlan(
        handlers, tuple(sorted(name for name in names if target and not target.has_handler(name)))
    )


def replay(
    letters: DeadLetters,
    target: ReplayTarget,
    which: LetterFilter = EVERY,
    *,
    rate: float | None = None,
    limit: int | None = None,
    by: str = "",
    told: Told | None = None,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> ReplayReport:
    """Call the handlers of dead letters again, each with its event under the id that it had.

    Letters that are filed meanwhile are left for the next replay, but for those that are parked behind a replayed one: they
    follow it in their order. Where the handler's own retries go on with a letter, they may be overtaken, as retries are.

    Args:
        letters: The dead letters.
        target: The bus whose handlers are called.
        which: The letters that are meant.
        rate: How many calls a second at most; None: as fast as they go.
        limit: How many calls at most.
        by: Who replays; kept in the audit.
        told: Called with each letter and what became of it.
        sleep: Waits so many seconds.
        monotonic: Returns seconds of a clock that nobody sets.

    Returns:
        What became of the letters.

    Raises:
        ValueError: The rate or the limit is not above 0.
    """
    run = _Run(letters, target, which, by, limit, told)
    pace = _Pace(rate, monotonic)
    while (taken := run.take()) is not None:
        with run.calling(taken) as call:
            sleep(pace.wait())
            call.outcome = target.call_handler(taken.letter.handler, taken.event, taken.letter.envelope)
    return run.report


async def replay_async(
    letters: DeadLetters,
    call: Callable[[str, BaseEvent, Envelope | None], Awaitable[Any]],
    target: ReplayTarget,
    which: LetterFilter = EVERY,
    *,
    rate: float | None = None,
    limit: int | None = None,
    by: str = "",
    told: Told | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> ReplayReport:
    """Do as ``replay`` does inside a running loop. ``call`` is awaited in place of ``target.call_handler``.

    A replay that is cancelled leaves the letter that it is at among the dead letters; its handler may have run.
    """
    run = await asyncio.to_thread(_Run, letters, target, which, by, limit, told)
    pace = _Pace(rate, monotonic)
    while (taken := await asyncio.to_thread(run.take)) is not None:
        with run.calling(taken) as calling:
            await sleep(pace.wait())
            calling.outcome = await call(taken.letter.handler, taken.event, taken.letter.envelope)
    return run.report


class _Run:
    """One replay: which letter comes next, and what becomes of it."""

    def __init__(
        self,
        letters: DeadLetters,
        target: ReplayTarget,
        which: LetterFilter,
        by: str,
        limit: int | None,
        told: Told | None,
    ) -> None:
        if limit is not None and limit < 1:
            raise ValueError(f"replay(limit={limit}): it must be above 0")
        self.report = ReplayReport(uuid.uuid4().hex[:8])
        self._letters = letters
        self._store = letters.store
        self._target = target
        self._which = which
        self._by = by
        self._limit = limit
        self._told = told
        self._place, self._last = 0, self._store.last_place()
        self._behind: tuple[int, DeadLetter] | None = None
        self._tried_behind: set[str] = set()

    def take(self) -> Taken | None:
        """Take the next letter that can be tried; None where none is left."""
        while self._limit is None or self.report.tried < self._limit:
            found = self._next()
            if found is None:
                return None
            place, letter = found
            self._behind = None
            if not self._target.has_handler(letter.handler):
                self.report.unknown += 1
                self._store.release(letter, self.report.run)
                continue
            try:
                event = self._letters.read(letter)
            except Exception as error:
                self.report.unreadable += 1
                self._settle(
                    letter, "unreadable", keep=letter, note=f"{type_name(error)}: {message_of(error)}"
                )
                continue
            self._behind = (place, letter) if letter.sequenced else None
            return Taken(letter, event)
        return None

    def calling(self, taken: Taken) -> _Calling:
        """Stand around the call of a handler."""
        return _Calling(self, taken.letter)

    def ended(self, letter: DeadLetter, outcome: Any) -> None:
        """Settle a letter whose call has returned."""
        if outcome is Outcome.DEAD_LETTERED:
            self._behind = None
            filed = self._store.get(letter.id) or letter
            self.report.failed += 1
            kept = replace(filed, replays=letter.replays + 1, state="dead")
            self._settle(letter, "failed again", keep=kept, note=f"{filed.error_type}: {filed.message}")
        elif outcome is Outcome.DEFERRED:
            self._behind = None  # those behind it wait until its retries have ended
            self.report.deferred += 1
            self._settle(letter, "deferred", keep=None)
        else:
            self.report.replayed += 1
            self._settle(letter, "replayed", keep=None)

    def failed(self, letter: DeadLetter, error: Exception) -> None:
        """Settle a letter whose call has raised."""
        self._behind = None
        self.report.failed += 1
        kept = replace(
            letter,
            state="dead",
            error_type=type_name(error),
            message=message_of(error),
            traceback=traceback_of(error),
            fingerprint=fingerprint(error),
            attempts=letter.attempts + 1,
            replays=letter.replays + 1,
            last_failed=self._letters.clock(),
        )
        self._settle(letter, "failed again", keep=kept, note=f"{kept.error_type}: {kept.message}")

    def broken_off(self, letter: DeadLetter) -> None:
        """Give a letter back whose call neither returned nor failed."""
        self._store.release(letter, self.report.run)

    def _next(self) -> tuple[int, DeadLetter] | None:
        """Those parked behind the letter before come first, whatever the filter says: they have no error to be found by."""
        run = self.report.run
        if self._behind is not None:
            place, before = self._behind
            same = LetterFilter(handler=before.handler, key=before.key, exact=True)
            if (found := self._store.claim(same, run, after=place)) is not None:
                self._tried_behind.add(found[1].id)
                return found
            self._behind = None
        while (found := self._store.claim(self._which, run, after=self._place, upto=self._last)) is not None:
            self._place = found[0]
            if found[1].id not in self._tried_behind:
                return found
            self._store.release(found[1], run)
        return None

    def _settle(self, letter: DeadLetter, action: Action, *, keep: DeadLetter | None, note: str = "") -> None:
        entry = self._letters.entry(letter, self.report.run, action, self._by, note[:500])
        self._store.settle(letter, self.report.run, entry, keep=keep)
        if self._told is not None:
            self._told(letter, action)


class _Calling:
    """Settles a letter by how the block inside ends."""

    def __init__(self, run: _Run, letter: DeadLetter) -> None:
        self.outcome: Any = None
        self._run = run
        self._letter = letter

    def __enter__(self) -> _Calling:
        self._token = replaying.set(self._letter.id)
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        replaying.reset(self._token)
        if error is None:
            self._run.ended(self._letter, self.outcome)
        elif isinstance(error, Exception):
            self._run.failed(self._letter, error)
            return True
        else:
            self._run.broken_off(self._letter)
        return False


class _Pace:
    """Says how long to wait so that no second holds more than ``rate`` calls, evenly spread."""

    def __init__(self, rate: float | None, monotonic: Callable[[], float]) -> None:
        if rate is not None and rate <= 0:
            raise ValueError(f"replay(rate={rate}): it must be above 0")
        self._gap = 1 / rate if rate else 0.0
        self._monotonic = monotonic
        self._next = monotonic()

    def wait(self) -> float:
        now = self._monotonic()
        at = max(self._next, now)
        self._next = at + self._gap
        return at - now
