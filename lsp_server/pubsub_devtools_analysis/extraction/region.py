"""Where an edit lies: the statements of a module or class that must be read again, and those that need not.

An edit between two statements is read alone. Whether it belongs to the statement before it (a deeper indented line) or
after it (a decorator) shows in reading, so that there are several regions to try, the smallest first.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.syntax.limits import parse


class Region(NamedTuple):
    """Statements `start` to `stop` (exclusive) of a scope's body, which lie on the old lines `first` to `last`."""

    scope: int
    start: int
    stop: int
    first: int
    last: int


class Change(NamedTuple):
    """The old lines `first` to `last` are replaced; the lines after them move by `moved`. Nothing may be replaced."""

    first: int
    last: int
    moved: int


def change(old: Sequence[str], new: Sequence[str]) -> Change:
    """The smallest stretch of lines outside which two texts are the same."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    most -= head
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return Change(head + 1, len(old) - tail, len(new) - len(old))


def regions(facts: FileFacts, edit: Change, end: int) -> Iterator[Region]:
    """The regions that an edit may be confined to, the most likely first.

    Args:
        facts: those of the old text.
        edit: the lines that changed.
        end: the number of the old text's lines.
    """
    path = _descent(facts, edit)
    scope, start, stop = path[-1]
    yield _region(facts, edit, end, scope, start, stop)
    if start:
        yield _region(facts, edit, end, scope, start - 1, stop)
    yield _region(facts, edit, end, scope, max(start - 1, 0), stop + 1)
    for scope, start, stop in path[-2::-1]:
        yield _region(facts, edit, end, scope, start, stop)


def _descent(facts: FileFacts, edit: Change) -> list[tuple[int, int, int]]:
    """The touched statements of the module, and, as long as it is one class alone, of that class."""
    found: list[tuple[int, int, int]] = []
    scope = 0
    while True:
        body = facts.scopes[scope].body
        start = bisect_left(body, edit.first, key=lambda each: each[1])
        stop = bisect_left(body, max(edit.last, edit.first - 1) + 1, key=lambda each: each[0])
        found.append((scope, start, max(start, stop)))
        only = start if stop - start == 1 else start - 1 if stop <= start else -1
        inner = body[only][2] if 0 <= only < len(body) else -1
        if inner < 0 or edit.last > body[only][1] or edit.first < facts.scopes[inner].body[0][0]:
            return found
        scope = inner


def _region(facts: FileFacts, edit: Change, end: int, scope: int, start: int, stop: int) -> Region:
    body = facts.scopes[scope].body
    stop = min(stop, len(body))
    while 0 < start < len(body) and body[start][0] <= body[start - 1][1]:
        start -= 1  # two statements on one line
    while 0 < stop < len(body) and body[stop][0] <= body[stop - 1][1]:
        stop += 1
    first = body[start - 1][1] + 1 if start else 1 if scope == 0 else body[0][0]
    if stop < len(body):
        last = body[stop][0] - 1
    else:
        last = end if scope == 0 else max(facts.scopes[scope].span[2], edit.last)
    return Region(scope, start, stop, first, last)


def read(
    region: Region, facts: FileFacts, old: Sequence[str], new: Sequence[str], moved: int
) -> list[ast.stmt] | None:
    """The new statements of a region, with their lines in the new text; nothing where they cannot stand alone."""
    lines = new[region.first - 1 : region.last + moved]
    if all(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return []
    if region.scope == 0:
        tree = parse("\n" * (region.first - 1) + "\n".join(lines) + "\n")
        return tree.body if isinstance(tree, ast.Module) else None
    body = facts.scopes[region.scope].body
    tree = parse("\n" * (region.first - 2) + "class _:\n" + "\n".join(lines) + "\n")
    if not isinstance(tree, ast.Module) or len(tree.body) != 1 or not isinstance(tree.body[0], ast.ClassDef):
        return None
    found = tree.body[0].body
    is_level = _indent(new[found[0].lineno - 1]) == _indent(old[body[0][0] - 1])
    return found if is_level else None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
