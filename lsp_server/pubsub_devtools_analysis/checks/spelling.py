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
    >>> nearness("orders.parcels", "orders.parcel"), nearness("orders.v1", "orders.v2")
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
    return "loose" if _may_be_two(x, y) else "typo"


def shapes(name: str) -> frozenset[str]:
    """What near names share: all words as one, or all but one of them."""
    own = words(name)
    lacking = (" ".join((*own[:n], "?", *own[n + 1 :])) for n in range(len(own)))
    return frozenset(("".join(own), *lacking))


def _may_be_two(a: str, b: str) -> bool:
    """Whether two words differ in their first letter, or in an ending as of `update`, `updates` and `updated`."""
    if a[1:] in (b, b[1:]) or b[1:] == a:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < len(long):
        return long[:-1] == short and long[-1] in "sdr"
    return a[:-1] == b[:-1] and a[-1] in "sdr" and b[-1] in "sdr"


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
