"""Schemas that hold together, taken apart into alternatives: `anyOf` and `oneOf` are choices, all else narrows each."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pubsub_devtools.schema.judges.json_schema.branch import Branch
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.values import members, names, types_named
from pubsub_devtools.schema.judges.recursion import TooMuch

__all__ = ["expanded"]

MOST = 400
"""Alternatives of one schema; beyond them it is not judged."""


def expanded(nodes: Sequence[Node], start: Branch | None = None) -> list[Branch]:
    """Return the alternatives of values that meet all schemas; none where no value does.

    What cannot be told narrows nothing, so that every value that the schemas allow is in some alternative.

    Raises:
        TooMuch: There are more than can be judged.
        Unresolved: A reference leads nowhere.

    Example:
        >>> from pubsub_devtools.schema.judges.json_schema.documents import Document
        >>> schema = {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 3}], "type": ["integer", "null"]}
        >>> [sorted(branch.types) for branch in expanded([Document(schema).node])]
        [['integer']]
    """
    branches = [start or Branch()]
    for node in nodes:
        branches = [inner for branch in branches for inner in _with(branch, node)]
    return [kept for branch in branches if (kept := branch.kept()) is not None]


def _with(branch: Branch, node: Node) -> list[Branch]:
    if node.schema is False:
        return []
    if node.schema is True or node.key in branch.seen:
        return [branch]
    said = node.says
    if any(node.key == other.key for other in branch.excluded):
        return []
    branches = [branch.added(node)]
    for word in ("$ref", "$dynamicRef", "$recursiveRef"):
        if word in said:
            branches = _each(branches, node.document.followed(node, word))
    for part in node.parts("allOf"):
        branches = _each(branches, part)
    for word in ("anyOf", "oneOf"):
        if word in said:
            branches = _any(branches, node, word)
    if "not" in said:
        branches = [_without(inner, node.to(said["not"])) for inner in branches]
    if "if" in said:
        branches = _conditional(branches, node)
    return _dependent(branches, node)


def _each(branches: list[Branch], node: Node) -> list[Branch]:
    return [inner for branch in branches for inner in _with(branch, node)]


def _any(branches: list[Branch], node: Node, word: str) -> list[Branch]:
    parts = node.parts(word)
    found: list[Branch] = []
    for index, part in enumerate(parts):
        others = parts[:index] + parts[index + 1 :] if word == "oneOf" else []
        for inner in _each(branches, part):
            found.append(msgspec.structs.replace(inner, excluded=(*inner.excluded, *others)))
            if len(found) > MOST:
                raise TooMuch(f"it has more than {MOST} alternatives")
    return [kept for branch in found if (kept := branch.kept()) is not None]


def _conditional(branches: list[Branch], node: Node) -> list[Branch]:
    said = node.says
    asked = node.to(said["if"])
    yes = _each(_each(branches, asked), node.to(said.get("then", True)))
    no = _each([_without(branch, asked) for branch in branches], node.to(said.get("else", True)))
    return [*yes, *no]


def _dependent(branches: list[Branch], node: Node) -> list[Branch]:
    """Apply what depends on a property to those that require it."""
    for word in ("dependentSchemas", "dependencies", "dependentRequired"):
        for name, dependent in members(node.says.get(word)).items():
            made = (
                node.made({"required": sorted(names(dependent))})
                if isinstance(dependent, list)
                else node.to(dependent)
            )
            branches = [
                inner
                for branch in branches
                for inner in (_with(branch, made) if name in branch.required else [branch])
            ]
    return branches


def _without(branch: Branch, node: Node) -> Branch:
    """Return what is left of a branch where a schema does not hold; a schema of types alone takes these away."""
    said = node.says
    if set(said) == {"type"}:
        return msgspec.structs.replace(
            branch, types=branch.types - types_named(said["type"]), excluded=(*branch.excluded, node)
        )
    return msgspec.structs.replace(branch, excluded=(*branch.excluded, node))
