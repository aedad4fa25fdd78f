"""Dead letters in memory: for tests, and where they need not outlive the process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from itertools import count, islice

from msgspec.structs import replace

from pubsub_devtools.resilience.dead_letters.letter import (
    AuditEntry,
    Cause,
    DeadLetter,
    LetterFilter,
    Tally,
)
from pubsub_devtools.resilience.dead_letters.merging import causes_of, merged, tallied
from pubsub_devtools.resilience.dead_letters.store import EVERY

_log = logging.getLogger("pubsub_devtools")


class MemoryDeadLetters:
    """A ``DeadLetterStore`` in memory, safe from several threads.

    Args:
        max_letters: How many letters are kept; beyond that the one filed first goes, which is logged as a WARNING. None:
            any number.

    Example:
        >>> store = MemoryDeadLetters()
        >>> letter = DeadLetter(id="1", handler="shop.mail.write", event_id="e", event_type="Ping", body=b"{}",
        ...                     first_failed=1.0, last_failed=1.0)
        >>> store.add(letter).id, store.count()
        ('1', 1)
    """

    def __init__(self, max_letters: int | None = None) -> None:
        if max_letters is not None and max_letters < 1:
            raise ValueError(f"MemoryDeadLetters(max_letters={max_letters}): it must keep at least 1")
        self._lock = threading.RLock()
        self._max_letters = max_letters
        self._places = count(1)
        self._letters: dict[str, tuple[int, DeadLetter]] = {}
        self._claims: dict[str, str] = {}
        self._audit: list[AuditEntry] = []

    def add(self, letter: DeadLetter) -> DeadLetter:
        """File a dead letter, or add the failure up with what lies there."""
        with self._lock:
            place, known = self._letters.get(letter.id) or (next(self._places), None)
            kept = merged(known, letter)
            self._letters[letter.id] = place, kept
            self._make_room()
            return kept

    def park(self, letter: DeadLetter) -> bool:
        """File a letter behind those of its handler and key, if a sequenced one is there."""
        with self._lock:
            if not self.is_blocked(letter.handler, letter.key):
                return False
            if letter.id not in self._letters:
                self._letters[letter.id] = next(self._places), replace(letter, state="parked", sequenced=True)
                self._make_room()
            return True

    def is_blocked(self, handler: str, key: str) -> bool:
        """Whether a sequenced letter of this handler and key is there."""
        with self._lock:
            return any(_is_of(letter, handler, key) for _, letter in self._letters.values())

    def get(self, id: str) -> DeadLetter | None:
        """Return a letter by its whole id."""
        return self._letters.get(id, (0, None))[1]

    def find(
        self, which: LetterFilter = EVERY, *, limit: int = 100, newest: bool = False
    ) -> list[DeadLetter]:
        """Return letters in their order, or those that failed last first."""
        found = [letter for _, letter in self._matching(which)]
        if newest:
            found.sort(key=lambda letter: letter.last_failed, reverse=True)
        return found[:limit]

    def count(self, which: LetterFilter = EVERY) -> int:
        """Return how many letters there are."""
        return len(self._matching(which))

    def causes(self, which: LetterFilter = EVERY) -> list[Cause]:
        """Return the causes of dead letters, the most frequent first."""
        return causes_of(letter for _, letter in self._matching(which) if letter.state == "dead")

    def tally(self, which: LetterFilter = EVERY) -> list[Tally]:
        """Return how many letters there are by handler and event."""
        return tallied(letter for _, letter in self._matching(which))

    def last_place(self) -> int:
        """Return the place of the letter that was filed last."""
        with self._lock:
            return max((place for place, _ in self._letters.values()), default=0)

    def claim(
        self, which: LetterFilter, run: str, *, after: int = 0, upto: int | None = None
    ) -> tuple[int, DeadLetter] | None:
        """Take the first letter behind a place for a replay."""
        with self._lock:
            free = (
                (place, letter)
                for place, letter in self._matching(which)
                if after < place <= (upto or place)
                and letter.id not in self._claims
                and self._is_first(place, letter)
            )
            found = next(free, None)
            if found is not None:
                self._claims[found[1].id] = run
            return found

    def settle(self, letter: DeadLetter, run: str, entry: AuditEntry, *, keep: DeadLetter | None) -> None:
        """End a claim: the letter becomes ``keep``, or goes; the audit is kept with it."""
        with self._lock:
            if self._claims.get(letter.id) != run:
                return
            del self._claims[letter.id]
            place, _ = self._letters.pop(letter.id)
            if keep is not None:
                self._letters[letter.id] = place, keep
            self._audit.append(entry)

    def release(self, letter: DeadLetter, run: str) -> None:
        """End a claim as if it had not been."""
        with self._lock:
            if self._claims.get(letter.id) == run:
                del self._claims[letter.id]

    def remove(self, letters: Sequence[DeadLetter], entries: Sequence[AuditEntry]) -> int:
        """Remove letters that no replay has taken, and keep the audit of those that went."""
        with self._lock:
            gone = {
                letter.id
                for letter in letters
                if letter.id in self._letters and letter.id not in self._claims
            }
            for id in gone:
                del self._letters[id]
            self._audit.extend(entry for entry in entries if entry.letter in gone)
            return len(gone)

    def expire(self, before: float, most: int | None, audit_before: float) -> int:
        """Remove what is too old or too much."""
        with self._lock:
            free = [letter for id, (_, letter) in self._letters.items() if id not in self._claims]
            free.sort(key=lambda letter: letter.last_failed)
            too_many = max(0, len(self._letters) - most) if most is not None else 0
            gone = {letter.id for letter in free if letter.last_failed < before}
            gone |= {letter.id for letter in islice(free, too_many)}
            for id in gone:
                del self._letters[id]
            self._audit = [entry for entry in self._audit if entry.time >= audit_before]
            return len(gone)

    def audit(self, *, letter: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """Return what was done, the latest first."""
        with self._lock:
            entries = (entry for entry in reversed(self._audit) if letter in (None, entry.letter))
            return list(islice(entries, limit))

    def _make_room(self) -> None:
        if self._max_letters is None or len(self._letters) <= self._max_letters:
            return
        # The dict is in the order of filing. What a replay has taken stays, so that it can be settled.
        oldest = next((id for id in self._letters if id not in self._claims), None)
        if oldest is not None:
            _, letter = self._letters.pop(oldest)
            _log.warning(
                "the dead letter of %s for %s %s is given up: %d are kept in memory; a store on disk keeps more",
                letter.handler,
                letter.event_type,
                letter.event_id,
                self._max_letters,
            )

    def _matching(self, which: LetterFilter) -> list[tuple[int, DeadLetter]]:
        with self._lock:
            return sorted(
                (held for held in self._letters.values() if which.matches(held[1])), key=lambda held: held[0]
            )

    def _is_first(self, place: int, letter: DeadLetter) -> bool:
        return not letter.sequenced or not any(
            before < place and _is_of(other, letter.handler, letter.key)
            for before, other in self._letters.values()
        )


def _is_of(letter: DeadLetter, handler: str, key: str) -> bool:
    return letter.sequenced and letter.handler == handler and letter.key == key
