"""Whether two names may be one that was misspelt. Strict: most names that look alike are two names."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Literal

Nearness = Literal["same", "typo", "loose"]
"""`same`: but for separators and capitals. `typo`: one slip. `loose`: a slip that may be meant, such as a plural."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_SHORTEST = 5


def nearness(a: str, b: str) -> Nearness | None:
    """How close two different names are; nothing for names that differ by more than a slip.

    >>> nearness("order.created", "orderCreated"), nearness("orders.craeted", "orders.created")
    ('same', 'typo')
    >>> nearness("order.items", "order.item"), nearness("orders.v1", "orders.v2")
    ('loose', None)
    """
    ours, theirs = words(a), words(b)
    if "".join(ours) == "".join(theirs):
        return "same"
    differing = [(x, y) for x, y in zip_longest(ours, theirs, fillvalue="") if x != y]
    if len(differing) != 1 or len(ours) != len(theirs):
        return None
    ((x, y),) = differing
    if min(len(x), len(y)) < _SHORTEST or not (x.isalpha() and y.isalpha()) or not one_slip(x, y):
        return None
    return "loose" if x[1:] == y[1:] or x[1:] == y or y[1:] == x or _stem(x) == _stem(y) else "typo"


def _stem(word: str) -> str:
    """A word without its ending: `item` and `items`, `update` and `updated` are two words each."""
    return re.sub(r"(e?[sdr]|e)$", "", word)


def words(name: str) -> list[str]:
    """The words of a name, small.

    >>> words("shop.OrderPlaced_v2")
    ['shop', 'order', 'placed', 'v', '2']
    """
    return [word.lower() for word in _WORD.findall(name)]


def one_slip(a: str, b: str) -> bool:
    """Whether one letter left out, put in, exchanged or swapped with its neighbour makes the one the other.

    >>> one_slip("created", "craeted"), one_slip("created", "create"), one_slip("created", "deleted")
    (True, True, False)
    """
    if len(a) > len(b):
        a, b = b, a
    start = 0
    while start < len(a) and a[start] == b[start]:
        start += 1
    if len(a) < len(b):
        return len(b) - len(a) == 1 and a[start:] == b[start + 1 :]
    rest, other = a[start:], b[start:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:] and len(rest) > 1)
