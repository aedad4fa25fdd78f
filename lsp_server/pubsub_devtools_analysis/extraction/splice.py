"""The facts of an edited text from those before the edit: only the statements around the edit are read again.

What stood in their lines goes, what is read now is added at the end of the tables, and what comes after moves by some
lines. No index changes its meaning, so no expression is touched; a scope or call that is gone leaves an empty place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pubsub_devtools_analysis.extraction.moving import Moving
from pubsub_devtools_analysis.extraction.region import Region, change, read, regions
from pubsub_devtools_analysis.extraction.statements import Statements
from pubsub_devtools_analysis.extraction.summary import by_name, summary
from pubsub_devtools_analysis.extraction.texts import doc_of
from pubsub_devtools_analysis.facts import (
    FileFacts,
    Scope,
)

MOST_EMPTY = 2_000
"""Empty places that are left before a file is read whole again."""

_WHOLE = ("__all__", "__future__")


class Edited(NamedTuple):
    """A text in editing: its lines, its facts, and which scopes and calls there are, in the order of the text."""

    lines: list[str]
    facts: FileFacts
    scopes: Sequence[int]
    calls: Sequence[int]


def edited(lines: list[str], facts: FileFacts) -> Edited:
    """A text and its facts as they were read whole."""
    return Edited(lines, facts, range(len(facts.scopes)), range(len(facts.calls)))


def splice(before: Edited, lines: list[str]) -> Edited | None:
    """The facts of the edited text; nothing where it is to be read whole.

    Args:
        before: the text before the edit, which could be read without trouble.
        lines: the lines of the text after it, without their ends.
    """
    facts = before.facts
    empty = len(facts.scopes) + len(facts.calls) - len(before.scopes) - len(before.calls)
    if facts.problems or facts.dropped or empty > MOST_EMPTY:
        return None
    edit = change(before.lines, lines)
    for region in regions(facts, edit, len(before.lines)):
        nodes = read(region, facts, before.lines, lines, edit.moved)
        if nodes is not None:
            whole = (_outward(_old(region, before)), _outward(nodes))
            is_sound = whole[0] is not None and whole[0] == whole[1] and _fills(region, facts, nodes)
            return _Splice(before, lines, region, edit.moved).made(nodes) if is_sound else None
    return None


def _old(region: Region, before: Edited) -> list[ast.stmt]:
    """The old statements of a region, where they may import something; else none."""
    lines = before.lines[region.first - 1 : region.last]
    if not any("import" in line or "__all__" in line for line in lines):
        return []
    return read(region, before.facts, before.lines, before.lines, 0) or []


def _outward(nodes: list[ast.stmt]) -> list[str] | None:
    """What statements say of the file as a whole, its imports; nothing where they say what it exports."""
    found: list[str] = []
    for node in (each for top in nodes for each in ast.walk(top)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(ast.dump(node))
        if (isinstance(node, ast.Name) and node.id in _WHOLE) or getattr(node, "module", "") in _WHOLE:
            return None
    return found


def _fills(region: Region, facts: FileFacts, nodes: list[ast.stmt]) -> bool:
    """Whether what is kept and what was read say all of the scope: where it ends, its docstring, what it returns."""
    scope = facts.scopes[region.scope]
    loses_end = not nodes and region.scope > 0 and region.stop >= len(scope.body)
    loses_doc = not nodes and region.start == 0 < region.stop
    return not (loses_end or loses_doc or scope.returns)


class _Splice(Moving):
    """One splice under way."""

    def __init__(self, before: Edited, lines: list[str], region: Region, moved: int) -> None:
        super().__init__(region, moved)
        self.before = before
        self.old = before.facts
        self.lines = lines
        self.chain = [region.scope]
        while self.chain[-1] > 0:
            self.chain.append(self.old.scopes[self.chain[-1]].parent)

    def made(self, nodes: list[ast.stmt]) -> Edited:
        """The text with its new facts."""
        work = self.work()
        body = work.statements(nodes)
        for index in self.chain:
            self.close(work.scopes[index], self.old.scopes[index])
        self.lay_out(work.scopes, body, work.span(nodes[-1])[2:] if nodes else (0, 0))
        if self.region.start == 0 and nodes:
            work.scopes[self.region.scope].doc = doc_of(nodes)
        scopes, calls = self.scope_order(len(work.scopes)), self.call_order(len(work.calls))
        table = _keyed(work.scopes, scopes)
        facts = msgspec.structs.replace(
            self.old,
            scopes=table,
            calls=work.calls,
            stores=self.table(self.old.stores, work.stores),
            cases=self.table(self.old.cases, work.cases),
            loops=self.table(self.old.loops, work.loops),
            displays=work.displays,
            blocks=work.blocks,
            called=by_name(work.calls, calls),
            summary=summary(table, work.calls),
        )
        return Edited(self.lines, facts, scopes, calls)

    def work(self) -> Statements:
        """A visitor that stands in the region's scope, with all that stays around it."""
        text = self.lines[self.region.first - 1 : self.region.last + self.moved]
        work = Statements(None if all(map(str.isascii, text)) else self.lines)
        work.scopes = [self.scope(i, each) for i, each in enumerate(self.old.scopes)]
        work.calls = [self.call(each) for each in self.old.calls]
        work.displays = [self.display(each) for each in self.old.displays]
        work.blocks = list(self.old.blocks)
        work.scope = self.region.scope
        work.block = max(self.old.scopes[self.region.scope].block, 0)
        return work

    # -- what is kept

    def scope(self, index: int, scope: Scope) -> Scope:
        """A scope that stays, at its new place and, where it is around the region, with what it binds before it."""
        first = scope.span[0]
        if index in self.chain:
            return msgspec.structs.replace(
                scope, names=self.before_region(scope.names), attrs=self.before_region(scope.attrs)
            )
        if self.is_gone(first):
            return _gone(index)
        if not self.moved or first < self.region.first:
            return scope
        return self.further(scope)

    def close(self, scope: Scope, old: Scope) -> None:
        """Add what a scope around the region binds after it, and move its end."""
        self.after_region(scope.names, old.names)
        self.after_region(scope.attrs, old.attrs)
        if scope.kind != "module":
            scope.span = (*scope.span[:2], self.line(scope.span[2]), scope.span[3])
        scope.body = [(self.line(first), self.line(last), inner) for first, last, inner in scope.body]

    def lay_out(self, scopes: list[Scope], body: list[tuple[int, int, int]], end: tuple[int, int]) -> None:
        """Put the region's statements among those of its scope, and end the classes around it where they end now."""
        region = self.region
        scope = scopes[region.scope]
        is_last = region.stop >= len(scope.body)
        scope.body = [*scope.body[: region.start], *body, *scope.body[region.stop :]]
        for index in self.chain[:-1]:
            inner = scopes[index]
            if is_last:
                inner.span = (*inner.span[:2], *end)
            around = scopes[inner.parent].body
            place = next(i for i, each in enumerate(around) if each[2] == index)
            around[place] = (around[place][0], inner.span[2], index)
            is_last = is_last and place == len(around) - 1

    # -- what there is now

    def scope_order(self, end: int) -> list[int]:
        """The scopes in the order of the text."""
        chain, line = set(self.chain), {i: self.old.scopes[i].span[0] for i in self.before.scopes}
        head = [i for i in self.before.scopes if i in chain or line[i] < self.region.first]
        tail = [i for i in self.before.scopes if i not in chain and line[i] > self.region.last]
        return [*head, *range(len(self.old.scopes), end), *tail]

    def call_order(self, end: int) -> list[int]:
        """The calls in the order of the text."""
        calls = self.old.calls
        head = [i for i in self.before.calls if calls[i].span[0] < self.region.first]
        tail = [i for i in self.before.calls if calls[i].span[0] > self.region.last]
        return [*head, *range(len(calls), end), *tail]


def _gone(index: int) -> Scope:
    """The empty place of a scope that is no longer there."""
    key = f"#gone{index}"
    return Scope("comp", "", "", key, 0, (1, 0, 1, 0), 0, False, (), (), (), (), [], None, "", {}, {}, [], [])


def _keyed(scopes: list[Scope], order: Iterable[int]) -> list[Scope]:
    """The scopes with keys that count those of one name in the order of the text."""
    counts: dict[str, int] = {}
    for index in order:
        scope = scopes[index]
        count = counts[scope.qualname] = counts.get(scope.qualname, 0) + 1
        key = scope.qualname if count == 1 else f"{scope.qualname}#{count}"
        if key != scope.key:
            scopes[index] = msgspec.structs.replace(scope, key=key)
    return scopes
