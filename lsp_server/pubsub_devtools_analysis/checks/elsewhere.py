"""Which function of another file a call runs, by the imports of its own: one step, and nothing that is guessed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.context import Context


class Function(NamedTuple):
    """A function: its file, and the scope's number in the facts of that file."""

    path: str
    number: int


def called(context: Context, path: str, name: str) -> Function | None:
    """The plain function that a call in a file runs here and now, where it stands at the top of another file.

    Nothing under a decorator, which may put it off, and nothing asynchronous, which only runs where it is awaited.

    Args:
        context: the files.
        path: the file of the call.
        name: the dotted path that it calls, by the imports of its file.
    """
    module, _, function = name.rpartition(".")
    file = _file(context, path, module) if module.strip(".") else None
    if file is None or file == path:
        return None
    number = context.memo.get(("plain", file, function), partial(_plain, context, file, function), None)
    return None if number is None else Function(file, number)


def _plain(context: Context, path: str, name: str) -> int | None:
    """The function of a name at the top of a file, where calling it runs its body at once."""
    facts = context.facts(path)
    if facts is None or len(facts.scopes[0].names.get(name, ())) != 1:
        return None
    found = [i for i, s in enumerate(facts.scopes) if (s.kind, s.parent, s.name) == ("function", 0, name)]
    is_plain = len(found) == 1 and not (facts.scopes[found[0]].decorators or facts.scopes[found[0]].is_async)
    return found[0] if is_plain else None


def _file(context: Context, path: str, module: str) -> str | None:
    """The file that a dotted name means in an importing file; leading dots go up from there."""
    name = module.lstrip(".")
    level = len(module) - len(name)
    if not level:
        found = context.modules.resolve(name, path)
    else:
        folder = path.split("/")[:-level]
        found = "/".join([*folder, *name.split(".")]) + ".py" if len(path.split("/")) >= level else None
    return None if found is None or not found.endswith(".py") else found
