"""Texts of a format: those that readers are known to check. The others are annotations, as all of them are to the specification."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

__all__ = ["FORMATS", "in_format"]

_DURATION = re.compile(r"P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def in_format(format: object, text: str) -> bool:
    """Tell whether a text has a format; of formats that are no more than annotations every text has.

    Example:
        >>> in_format("date", "2026-02-30"), in_format("uuid", "x"), in_format("colour", "x")
        (False, False, True)
    """
    check = FORMATS.get(format) if isinstance(format, str) else None
    return check is None or check(text)


def _read(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            reader(text)
        except ValueError:
            return False
        return True

    return check


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _read(date.fromisoformat),
    "date-time": _read(datetime.fromisoformat),
    "time": _read(time.fromisoformat),
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
}
