"""The migrations between versions of events that the code registers, and whether they lead from one to another."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.checks.context import Context

_NAME = "register_migration"


class Migrations:
    """All calls of `register_migration` in the workspace.

    One that names no event, or whose versions cannot be read, may be for any: then all versions count as connected.
    """

    def __init__(self, context: Context) -> None:
        self._steps: set[tuple[str, str]] = set()
        self.is_known = True
        for path in context.sources.paths:
            if _NAME.encode() in (context.sources.text(path) or b""):
                for call in _calls(context.tree(path)):
                    given = {k.arg: k.value for k in call.keywords if k.arg}
                    ends = [_text(given.get(name)) for name in ("from_version", "to_version")]
                    self._steps.add((ends[0], ends[1]))
                    self.is_known = self.is_known and all(ends)

    def leads(self, start: str, end: str) -> bool:
        """Whether there is a way from one version to another."""
        reached, grown = {start}, True
        while grown:
            new = {to for here, to in self._steps if here in reached} - reached
            reached |= new
            grown = bool(new)
        return not self.is_known or end in reached


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _NAME:
            yield node


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
