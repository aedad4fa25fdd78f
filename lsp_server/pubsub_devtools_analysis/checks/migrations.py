"""The migrations between versions of events that the code registers, and whether they lead from one to another."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.checks.context import Context

_NAME = "register_migration"
Step = tuple[str, str]


class Migrations:
    """All calls of `register_migration` in the workspace.

    One that names no event, or whose versions cannot be read, may be for any: then all versions count as connected.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def leads(self, start: str, end: str) -> bool:
        """Whether there is a way from one version to another."""
        none: tuple[Step, ...] = ()
        steps = self._context.memo.get(("migrations", "workspace", ""), self._steps, none)
        reached, grown = {start}, True
        while grown:
            new = {to for here, to in steps if here in reached} - reached
            reached |= new
            grown = bool(new)
        return end in reached or not all(here and to for here, to in steps)

    def _steps(self) -> tuple[Step, ...]:
        memo, none = self._context.memo, tuple[Step, ...]()
        return tuple(
            step
            for path in self._context.holding.files(_NAME)
            for step in memo.get(("migrations", path, ""), partial(self._of_file, path), none)
        )

    def _of_file(self, path: str) -> tuple[Step, ...]:
        given = (
            {k.arg: k.value for k in call.keywords if k.arg} for call in _calls(self._context.tree(path))
        )
        return tuple((_text(each.get("from_version")), _text(each.get("to_version"))) for each in given)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _NAME:
            yield node


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
