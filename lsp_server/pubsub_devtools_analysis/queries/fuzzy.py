"""Names that a person may mean by some letters: these in their order, best where they begin words."""

from __future__ import annotations

_EDGES = frozenset("./:_- ")


def score(query: str, name: str) -> int:
    """How well a name fits; 0 where the letters are not all there in their order. Capitals count only as beginnings.

    The beginning of the name counts for more than that of its last part, and that for more than the beginnings of other words.

    >>> score("opl", "orders.OrderPlaced") > score("opl", "shop_plan") > 0
    True
    >>> score("ord", "orders.placed") > score("ord", "report.orders") > score("ord", "record") > 0
    True
    >>> score("xyz", "orders")
    0
    """
    if not query:
        return 1
    low, wanted = name.lower(), query.lower()
    rest = iter(low)
    if not all(letter in rest for letter in wanted):
        return 0
    points = _points(wanted, name, low, at_beginnings=True) or _points(wanted, name, low, at_beginnings=False)
    whole, last = low.startswith(wanted), low.rpartition(".")[2].startswith(wanted)
    return points + 20 * (low == wanted) + 6 * whole + 5 * last


def _points(wanted: str, name: str, low: str, *, at_beginnings: bool) -> int:
    """The points of the letters; 0 where they do not all come."""
    points, last = 0, -2
    for letter in wanted:
        place = _next(low, name, letter, last, at_beginnings=at_beginnings)
        if place < 0:
            return 0
        points += 1 + 3 * (place == last + 1) + 4 * _begins(name, place)
        last = place
    return points


def _next(low: str, name: str, letter: str, last: int, *, at_beginnings: bool) -> int:
    """The letter's next place: right after the one before, else where a word begins, else wherever it stands."""
    first = low.find(letter, max(last + 1, 0))
    if first < 0 or first == last + 1 or not at_beginnings:
        return first
    place = first
    while place >= 0 and not _begins(name, place):
        place = low.find(letter, place + 1)
    return place if place >= 0 else first


def _begins(name: str, place: int) -> bool:
    return place == 0 or name[place - 1] in _EDGES or (name[place].isupper() and name[place - 1].islower())
