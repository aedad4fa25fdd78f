"""Which function of another file a call runs, by the imports of its own: one step, and nothing that is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.checks.names import dotted

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope


class Function(NamedTuple):
    """A function at the top of a file: the file, its facts, and the scope's number."""

    path: str
    facts: FileFacts
    number: int

    @property
    def scope(self) -> Scope:
        """The function."""
        return self.facts.scopes[self.number]


def called(context: Context, path: str, facts: FileFacts, call: Call) -> Function | None:
    """The plain function that a call runs here and now, where it stands at the top of another file.

    Nothing under a decorator, which may put it off, and nothing asynchronous, which only runs where it is awaited.
    """
    name = dotted(facts, call.scope, call.func)
    module, _, function = name.rpartition(".")
    file = _file(context, path, module) if module.strip(".") else None
    there = context.facts(file) if file is not None and file != path else None
    if file is None or there is None or len(there.scopes[0].names.get(function, ())) != 1:
        return None
    found = [
        i for i, s in enumerate(there.scopes) if s.kind == "function" and s.parent == 0 and s.name == function
    ]
    if len(found) != 1 or there.scopes[found[0]].decorators or there.scopes[found[0]].is_async:
        return None
    return Function(file, there, found[0])


def _file(context: Context, path: str, module: str) -> str | None:
    """The file that a dotted name means in an importing file; leading dots go up from there."""
    name = module.lstrip(".")
    level = len(module) - len(name)
    if not level:
        found = context.sources.resolve(name, path)
    else:
        folder = path.split("/")[:-level]
        found = "/".join([*folder, *name.split(".")]) + ".py" if len(path.split("/")) >= level else None
    return None if found is None or not found.endswith(".py") else found
