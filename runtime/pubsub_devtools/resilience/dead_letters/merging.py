"""The two decisions that every store makes alike: what becomes of a letter that is filed again, and what causes there are."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from pubsub_devtools.resilience.dead_letters.letter import UNREADABLE, Cause, DeadLetter, Tally


def merged(known: DeadLetter | None, letter: DeadLetter) -> DeadLetter:
    """Return what lies in the store once a letter was filed where ``known`` lay."""
    if known is None:
        return letter
    return replace(
        letter,
        attempts=known.attempts + letter.attempts,
        replays=max(known.replays, letter.replays),
        first_failed=min(known.first_failed, letter.first_failed),
        last_failed=max(known.last_failed, letter.last_failed),
        sequenced=known.sequenced or letter.sequenced,
    )


def causes_of(letters: Iterable[DeadLetter]) -> list[Cause]:
    """Return the causes of dead letters, the most frequent first, of equal ones the one that failed last first."""
    groups: dict[str, list[DeadLetter]] = {}
    for letter in letters:
        groups.setdefault(letter.fingerprint, []).append(letter)
    return ranked(_cause(group) for group in groups.values())


def tallied(letters: Iterable[DeadLetter]) -> list[Tally]:
    """Return how many letters there are by handler and event, sorted by these."""
    groups: dict[tuple[str, str], list[DeadLetter]] = {}
    for letter in letters:
        groups.setdefault((letter.handler, letter.event_type), []).append(letter)
    return [_tally(*group, groups[group]) for group in sorted(groups)]


def ranked(causes: Iterable[Cause]) -> list[Cause]:
    """Return causes in the order in which people should look at them."""
    return sorted(causes, key=lambda cause: (-cause.count, -cause.last_failed, cause.fingerprint))


def _tally(handler: str, event: str, group: list[DeadLetter]) -> Tally:
    parked = sum(letter.state == "parked" for letter in group)
    unreadable = sum(letter.content_type == UNREADABLE for letter in group)
    return Tally(handler, event, len(group) - parked, parked, unreadable)


def _cause(group: list[DeadLetter]) -> Cause:
    last = max(group, key=lambda letter: letter.last_failed)
    return Cause(
        last.fingerprint,
        last.error_type,
        last.message,
        len(group),
        min(letter.first_failed for letter in group),
        last.last_failed,
        tuple(sorted({letter.handler for letter in group})),
        tuple(sorted({letter.event_type for letter in group})),
        last.id,
    )
