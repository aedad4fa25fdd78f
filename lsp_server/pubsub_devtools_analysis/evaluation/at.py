"""Where an expression stands, and which bindings reach it."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import (
    Binding,
    FileFacts,
)

MOST_VALUES = 24


MOST_CALLERS = 8


LATE = 1 << 30


class At:
    """Where an expression stands: file, scope, and the block and line that decide which bindings reach it."""

    __slots__ = ("block", "facts", "line", "path", "scope")

    def __init__(self, path: str, facts: FileFacts, scope: int, block: int = -1, line: int = LATE) -> None:
        self.path = path
        self.facts = facts
        self.scope = scope
        self.block = block
        self.line = line


def reach(bindings: list[Binding], blocks: list[int], block: int, line: int) -> list[Binding]:
    """The bindings that can reach a use: from the nearest before it back to one that always runs before it."""
    found: list[Binding] = []
    for binding in reversed(bindings):
        if binding.line < line or line == LATE:
            found.append(binding)
            if block < 0 or encloses(binding.block, block, blocks):
                break
    return found or bindings


def final(bindings: list[Binding], facts: FileFacts) -> list[Binding]:
    """The bindings that stand when the scope is done: the last that always runs, and conditional ones after it."""
    if len(bindings) < 2:
        return bindings
    found: list[Binding] = []
    outermost = min(bindings, key=lambda b: depth_of(b.block, facts.blocks)).block
    for binding in reversed(bindings):
        found.append(binding)
        if binding.block == outermost:
            break
    return found


def depth_of(block: int, blocks: list[int]) -> int:
    """How deep a block is nested."""
    depth = 0
    while block > 0:
        block = blocks[block]
        depth += 1
    return depth


def encloses(outer: int, inner: int, blocks: list[int]) -> bool:
    """Whether a block is, or is around, another."""
    while inner > outer:
        inner = blocks[inner]
    return inner == outer
