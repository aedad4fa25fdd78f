"""Names made fit to be drawn: nothing invisible in them, and long ones broken where a name has its joints."""

from __future__ import annotations

import re
import unicodedata

_WIDEST = 32
_JOINT = re.compile(r"(?<=[./:_\-])|(?<=[a-z0-9])(?=[A-Z])")


def clean(text: str) -> str:
    """The text with every character that XML forbids, or that a reader cannot see, replaced by one they can.

    Nothing at all is replaced too: a reader cannot see it, and Graphviz fails on a first line that is empty.

    >>> clean("a\\x00b")
    'a\ufffdb'
    """
    if not text.strip():
        return "(blank)"
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def lines(name: str, widest: int = _WIDEST) -> list[str]:
    """The name in lines of at most ``widest`` columns, broken after a separator or before a capital if it can be.

    >>> lines("billing.payments.PaymentTaken", 17)
    ['billing.payments.', 'PaymentTaken']
    """
    rows = [""]
    for part in (piece for joint in _JOINT.split(clean(name)) for piece in _pieces(joint, widest)):
        if rows[-1] and columns(rows[-1]) + columns(part) > widest:
            rows.append("")
        rows[-1] += part
    return rows


def columns(text: str) -> int:
    """How wide the text is, counted in narrow characters.

    >>> columns("ab"), columns("事件")
    (2, 4)
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pieces(part: str, widest: int) -> list[str]:
    size = widest if columns(part) == len(part) else widest // 2
    return [part[start : start + size] for start in range(0, len(part), size)]
