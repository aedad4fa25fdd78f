"""Points in time as people type them: `2h ago`, `yesterday`, `2030-01-31 14:00`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pubsub_devtools_cli.failure import Failure

_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)(?:\s+ago)?")
_UNITS = {
    "s": 1, "sec": 1, "second": 1,
    "m": 60, "min": 60, "minute": 60,
    "h": 3600, "hour": 3600,
    "d": 86_400, "day": 86_400,
    "w": 604_800, "week": 604_800,
}  # fmt: skip


def point(text: str, option: str, now: datetime) -> float:
    """Return the point in time in seconds since 1970.

    Args:
        text: `90s ago`, `15 min ago`, `2h ago`, `3 days ago`, `2w ago` (`ago` may be left out); `now`, `today`, `yesterday`; or
            an ISO date or time, in the zone of this machine unless it names one.
        option: The option it was given for, for the error.
        now: The present, with its zone.

    Raises:
        Failure: It is no point in time.
    """
    word = text.strip().lower()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    words = {"now": now, "today": today, "yesterday": today - timedelta(days=1)}
    if word in words:
        return words[word].timestamp()
    if (ago := _AGO.fullmatch(word)) and (unit := _unit(ago[2])):
        return now.timestamp() - float(ago[1]) * unit
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        hint = '"2h ago", "yesterday", 2030-01-31 or "2030-01-31 14:00"'
        raise Failure(f"{option} {text!r} is no point in time", details=(f"for instance {hint}",)) from None
    return (at if at.tzinfo else at.replace(tzinfo=now.tzinfo)).timestamp()


def ago(then: float, now: float) -> str:
    """Return how long ago something was, as people say it.

    >>> ago(0.0, 30.0), ago(0.0, 7300.0), ago(10.0, 0.0)
    ('30 s ago', '2 h ago', 'just now')
    """
    seconds = now - then
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit} ago"
    return "just now"


def moment(then: float) -> str:
    """Return a point in time as a date and time of this machine's zone."""
    return datetime.fromtimestamp(then).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _unit(word: str) -> int | None:
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
