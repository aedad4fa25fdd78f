"""Findings as a person reads them at a terminal: the message, the line of code with a caret, and the other side's place.

Whatever stands in a name or a line of code, the terminal gets visible characters only, and none of it is markup.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from pubsub_devtools_analysis.render.text import clean, columns
from pubsub_devtools_cli.show.words import DIM, NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pubsub_devtools.model import Finding, Place, Severity

STYLES: dict[Severity, str] = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold blue",
    "hint": "bold cyan",
}
_WIDEST = 160
"""Longer lines of code are cut around the caret."""


def findings(found: Sequence[Finding], line: Callable[[str, int], str], folder: str) -> Iterator[Text]:
    """Each finding as a block of lines, then a line that counts them.

    Args:
        found: in the order in which they are shown.
        line: the text of a line, by path and number.
        folder: what to put before each path, so that it leads there from where the reader is.
    """
    for each in found:
        yield from _finding(each, line, folder)
        yield Text()
    yield Text(counted(found), NAME if found else "")


def counted(found: Sequence[Finding]) -> str:
    """How many there are of each severity, in words.

    >>> counted([])
    'No findings.'
    """
    counts = Counter(each.severity for each in found)
    parts = [f"{counts[s]} {s}{'s' if counts[s] > 1 and s != 'info' else ''}" for s in STYLES if counts[s]]
    return f"Found {', '.join(parts)}." if parts else "No findings."


def _finding(each: Finding, line: Callable[[str, int], str], folder: str) -> Iterator[Text]:
    style = STYLES[each.severity]
    yield Text.assemble((f"{each.severity}[{each.code}]", style), (f": {clean(each.message)}", NAME))
    code = line(each.place.path, each.place.line)
    margin = " " * len(str(each.place.line))
    yield Text.assemble((f"{margin}--> ", DIM), (_where(each.place, folder), "cyan"))
    if code.strip():
        shown, caret = _excerpt(code, each.place)
        yield Text(f"{margin} |", DIM)
        yield Text.assemble((f"{each.place.line} | ", DIM), shown)
        yield Text.assemble((f"{margin} | ", DIM), (caret, style))
    for other in each.related:
        origin = f" in {clean(other.origin)}" if other.origin else ""
        where = _where(other.place, "" if other.origin else folder)
        yield Text.assemble((f"{margin} = ", DIM), f"{clean(other.message)}: ", (where, "cyan"), origin)


def _where(place: Place, folder: str) -> str:
    return clean(f"{folder}{place.path}") + f":{place.line}:{place.column + 1}"


def _excerpt(code: str, place: Place) -> tuple[str, str]:
    """The line as it can be shown, and the carets below the place. One character stays one, so both fit."""
    visible = "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in code)
    start = min(place.column, len(visible))
    end = max(min(place.end_column, len(visible)), start + 1)
    indent = len(visible) - len(visible.lstrip())
    first = max(indent - 4 if start - indent < _WIDEST else start - 20, 0)
    last = first + _WIDEST
    dots = "…" if last < len(visible) else ""
    before = " " * columns(visible[first:start])
    return visible[first:last] + dots, before + "^" * columns(visible[start : min(end, last)] or " ")
