"""What a store of dead letters does. The conformance suite in `tests/runtime/dead_letters` proves each of its promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pubsub_devtools.resilience.dead_letters.letter import (
    AuditEntry,
    Cause,
    DeadLetter,
    LetterFilter,
    Tally,
)

EVERY = LetterFilter()


class DeadLetterStore(Protocol):
    """A store of dead letters. Letters stand in the order in which they were first filed."""

    def add(self, letter: DeadLetter) -> DeadLetter:
        """File a dead letter. One of the same id becomes this failure: its attempts are added up, its place stays.

        Returns:
            What lies in the store now. It survives what the store survives.
        """
        ...

    def park(self, letter: DeadLetter) -> bool:
        """File a letter behind those of its handler and key, if a sequenced one is there.

        Returns:
            False where none is there: then nothing was filed.
        """
        ...

    def is_blocked(self, handler: str, key: str) -> bool:
        """Whether a sequenced letter of this handler and key is there."""
        ...

    def get(self, id: str) -> DeadLetter | None:
        """Return a letter by its whole id."""
        ...

    def find(
        self, which: LetterFilter = EVERY, *, limit: int = 100, newest: bool = False
    ) -> list[DeadLetter]:
        """Return letters, the first filed first, or those that failed last first where ``newest``."""
        ...

    def count(self, which: LetterFilter = EVERY) -> int:
        """Return how many letters there are."""
        ...

    def causes(self, which: LetterFilter = EVERY) -> list[Cause]:
        """Return the causes of dead letters, the most frequent first, of equal ones the one that failed last first."""
        ...

    def tally(self, which: LetterFilter = EVERY) -> list[Tally]:
        """Return how many letters there are by handler and event, sorted by these."""
        ...

    def last_place(self) -> int:
        """Return the place of the letter that was filed last, 0 where there is none."""
        ...

    def claim(
        self, which: LetterFilter, run: str, *, after: int = 0, upto: int | None = None
    ) -> tuple[int, DeadLetter] | None:
        """Take the first letter behind a place for a replay, so that no other replay takes it until it is settled.

        Of sequenced letters only the first of its handler and key can be taken. What a replay had taken whose process is
        gone can be taken again.

        Returns:
            Its place and the letter; None where there is none up to the place ``upto``.
        """
        ...

    def settle(self, letter: DeadLetter, run: str, entry: AuditEntry, *, keep: DeadLetter | None) -> None:
        """End a claim: the letter becomes ``keep``, or goes; the audit is kept with it. Without effect on another's claim."""
        ...

    def release(self, letter: DeadLetter, run: str) -> None:
        """End a claim as if it had not been."""
        ...

    def remove(self, letters: Sequence[DeadLetter], entries: Sequence[AuditEntry]) -> int:
        """Remove letters that no replay has taken, and keep the audit of those that went.

        Returns:
            How many went.
        """
        ...

    def expire(self, before: float, most: int | None, audit_before: float) -> int:
        """Remove letters that failed last before a time, and the oldest beyond ``most``; and older audit entries.

        Returns:
            How many letters went.
        """
        ...

    def audit(self, *, letter: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """Return what was done, the latest first; with one letter alone where its id is given."""
        ...
