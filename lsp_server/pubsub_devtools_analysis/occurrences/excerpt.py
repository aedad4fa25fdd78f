"""The tree of those statements of a file that touch some lines.

To parse is most of the work, and most statements of a file say nothing of events. Facts tell where the statements of a
module and of its classes stand, so that the others are left blank; lines and columns stay what they are.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.syntax.parsing import Parsed, parse_any

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from pubsub_devtools_analysis.facts import FileFacts


def excerpt(lines: Sequence[str], facts: FileFacts, wanted: Sequence[int]) -> ast.Module | None:
    """The tree, or nothing where the statements cannot be read by themselves.

    Args:
        lines: the whole text.
        facts: what extraction found in it.
        wanted: the lines that are of interest, sorted.
    """
    if facts.dropped:
        return None
    kept = [""] * len(lines)
    for first, last in _kept(facts, 0, wanted):
        kept[first - 1 : last] = lines[first - 1 : last]
    parsed = parse_any("\n".join(kept))
    return parsed.tree if isinstance(parsed, Parsed) else None


def _kept(facts: FileFacts, scope: int, wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The statements to keep; of a class its head, its first statement and those that are wanted."""
    for first, last, inner in facts.scopes[scope].body:
        if not _touches(wanted, first, last):
            continue
        body = facts.scopes[inner].body if inner >= 0 else []
        if not body or body[0][0] <= first:
            yield first, last
        else:
            yield first, body[0][1]
            yield from _kept(facts, inner, wanted)


def _touches(wanted: Sequence[int], first: int, last: int) -> bool:
    place = bisect_left(wanted, first)
    return place < len(wanted) and wanted[place] <= last
