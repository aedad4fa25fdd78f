"""Random edits of one file, as people make them: a statement more, a line more at the top, another string."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_OPENING = re.compile(rb"[rRuUbBfF]{0,2}('''|\"\"\"|'|\")")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Change = Callable[[bytes, int, random.Random], bytes | None]
"""An edited content, or nothing where the file has no place for such an edit; the number makes each edit another."""


@dataclass(frozen=True)
class Edit:
    """A file's new content."""

    kind: str
    path: str
    content: bytes


def draw(root: Path, paths: list[str], seed: int, count: int) -> list[Edit]:
    """So many edits by seed, each of a drawn file as the edits before left it. Fewer if hardly one file can be edited."""
    chance = random.Random(seed)
    contents: dict[str, bytes] = {}
    found: list[Edit] = []
    for number in range(10 * count if paths else 0):
        path, kind = chance.choice(paths), chance.choice(sorted(KINDS))
        before = contents.get(path) or (root / path).read_bytes()
        after = KINDS[kind](before, number, chance)
        if after is not None and len(found) < count:
            contents[path] = after
            found.append(Edit(kind, path, after))
    return found


def append_statement(content: bytes, number: int, chance: random.Random) -> bytes | None:
    """A statement at the end of a function."""
    tree = _parsed(content)
    nodes = ast.walk(tree) if tree is not None else ()
    places = [n for n in nodes if isinstance(n, Function) and n.body[0].lineno > n.lineno]
    if not places:
        return None
    last = chance.choice(places).body[-1]
    lines = content.splitlines(keepends=True)
    line = lines[last.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    if last.end_lineno is None or not lines[last.end_lineno - 1].endswith(b"\n"):
        return None
    lines.insert(last.end_lineno, indent + b"edited = %d\n" % number)
    return _sound(b"".join(lines))


def add_first_line(content: bytes, number: int, _: random.Random) -> bytes | None:
    """A line at the top, which moves all the others."""
    return _sound(b"# edit %d\n" % number + content)


def change_string(content: bytes, number: int, chance: random.Random) -> bytes | None:
    """Other text at the beginning of a string."""
    tree = _parsed(content)
    nodes = ast.walk(tree) if tree is not None else ()
    strings = [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    if not strings:
        return None
    node = chance.choice(strings)
    lines = content.splitlines(keepends=True)
    line = lines[node.lineno - 1]
    opening = _OPENING.match(line, node.col_offset)
    if opening is None:
        return None
    lines[node.lineno - 1] = line[: opening.end()] + b"e%d " % number + line[opening.end() :]
    return _sound(b"".join(lines))


def _parsed(content: bytes) -> ast.Module | None:
    try:
        return ast.parse(content)
    except (SyntaxError, ValueError):
        return None


def _sound(content: bytes) -> bytes | None:
    """The content, if it is still Python: broken code is what `make prove` is about."""
    return content if _parsed(content) is not None else None


KINDS: dict[str, Change] = {
    "statement": append_statement,
    "first line": add_first_line,
    "string": change_string,
}
