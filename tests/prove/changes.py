"""Random changes of a tree of Python files, as editors, merges and mistakes make them.

A change is what each path that it touches holds afterwards; nothing for one that is gone.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import edits

Files = dict[str, bytes]
Change = dict[str, bytes | None]

_WORD = re.compile(rb"[A-Za-z_]\w{2,}")
_GARBAGE = (
    b"def (",
    b"'''",
    b"x = [",
    b"\0",
    b"\r",
    b"\xff\xfe",
    b"@",
    b"import",
    b"    if",
    b"\xef\xbb\xbf",
    b"class",
)
_SETTINGS = (
    b'service = "one"\n',
    b'exclude = ["a*/"]\n',
    b'include = ["*s*"]\n',
    b'roots = ["."]\nexternal = ["*order*"]\n',
    b'services = { one = ["*a*"], two = ["*"] }\n',
    b'[[tool.pubsub-devtools.dialects]]\nname = "ours"\nimports = ["celery", "engine"]\n',
)


def draw(chance: random.Random, files: Files, pool: list[bytes]) -> tuple[str, Change]:
    """The name of a kind, and a change of that kind; `pool` holds contents for new files."""
    while True:
        kind = chance.choice(KINDS)
        change = kind(chance, files, pool)
        is_change = any(files.get(path) != content for path, content in change.items())
        if is_change and _is_possible({**files, **change}):
            return kind.__name__, change


def _is_possible(after: Change) -> bool:
    """Whether no file would be a folder of another."""
    there = {path for path, content in after.items() if content is not None}
    return there.isdisjoint(folder[:-1] for folder in _folders(there))


def apply(root: Path, files: Files, change: Change) -> None:
    """Have the change on disk and in `files`: what goes, goes first."""
    for path in [path for path, content in change.items() if content is None]:
        if files.pop(path, None) is not None:
            (root / path).unlink()
            _drop_empty(root, (root / path).parent)
    for path, content in change.items():
        if content is not None:
            write(root, path, content)
            files[path] = content


def write(root: Path, path: str, content: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def _drop_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def sources(files: Files) -> list[str]:
    return sorted(path for path in files if path.endswith(".py"))


# -- one file


def edited(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A sound edit: a statement more, a line more at the top, another string."""
    path = chance.choice(sources(files) or [""])
    kind = chance.choice(sorted(edits.KINDS))
    after = edits.KINDS[kind](files[path], chance.randrange(1000), chance) if path else None
    return {path: after} if after is not None else {}


def broken(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """An edit that somebody is in the middle of."""
    path, content = _any_file(chance, files)
    at = chance.randrange(len(content) + 1)
    tail = content[at:] if chance.random() < 0.7 else b""
    return {path: content[:at] + chance.choice(_GARBAGE) + tail} if path else {}


def emptied(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    path, _content = _any_file(chance, files)
    return {path: b""} if path else {}


def taken_apart(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A statement less, one twice, or one at another place."""
    path, content = _any_file(chance, files)
    lines = content.splitlines(keepends=True)
    spans = _statements(content)
    if not spans:
        return {}
    first, last = chance.choice(spans)
    statement = lines[first - 1 : last]
    rest = lines[: first - 1] + lines[last:]
    place = chance.choice([None, 0, len(rest), first - 1 + len(statement)])
    if place is not None:
        rest[place:place] = statement
    return {path: b"".join(rest)}


def moved_statement(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A statement goes from one file to the end of another."""
    path, content = _any_file(chance, files)
    other, end = _any_file(chance, files)
    spans = _statements(content)
    if not spans or other == path:
        return {}
    first, last = chance.choice(spans)
    lines = content.splitlines(keepends=True)
    return {
        path: b"".join(lines[: first - 1] + lines[last:]),
        other: end + b"\n" + b"".join(lines[first - 1 : last]),
    }


def renamed_word(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A word is another one, in one file or in all."""
    path, content = _any_file(chance, files)
    words = _WORD.findall(content)
    if not words:
        return {}
    old, new = chance.choice(words), chance.choice([chance.choice(words), b"other", b"publish", b"Event"])
    pattern = re.compile(rb"\b" + old + rb"\b")
    where = chance.choice([[path], sources(files)])
    return {each: pattern.sub(new, files[each]) for each in where if pattern.search(files[each])}


def replaced(chance: random.Random, files: Files, pool: list[bytes]) -> Change:
    """Another content altogether, such as the one that was there at the start."""
    path, _content = _any_file(chance, files)
    return {path: chance.choice(pool)} if path else {}


# -- files


def new_file(chance: random.Random, files: Files, pool: list[bytes]) -> Change:
    folder = chance.choice(_folders(files))
    name = chance.choice(["new", "tasks", "events", "settings", "app", "__init__", "conftest", "setup"])
    return {_free(files, f"{folder}{name}.py"): chance.choice(pool)}


def deleted(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    path, _content = _any_file(chance, files)
    return {path: None} if path and len(files) > 3 else {}


def moved(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A file has another name or folder, its importers notwithstanding."""
    path, content = _any_file(chance, files)
    name = path.rpartition("/")[2]
    target = chance.choice([f"{chance.choice(_folders(files))}{name}", path.removesuffix(".py") + "_.py"])
    return {path: None, target: content} if path and target not in files else {}


def moved_folder(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    folder = chance.choice(_folders(files))
    inside = [path for path in files if folder and path.startswith(folder)]
    target = folder[:-1] + chance.choice(["_", "-old", "/src", "/tests"]) + "/"
    moves = {path: target + path.removeprefix(folder) for path in inside}
    if not moves.keys().isdisjoint(moves.values()) or not files.keys().isdisjoint(moves.values()):
        return {}
    return dict.fromkeys(moves, None) | {new: files[old] for old, new in moves.items()}


def swapped(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """Two files hold what the other held."""
    (one, first), (two, second) = _any_file(chance, files), _any_file(chance, files)
    return {one: second, two: first} if one != two else {}


def file_to_folder(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A module becomes a package, by its usual name or by one that only looks like a file's."""
    path, content = _any_file(chance, files)
    folder = path if chance.random() < 0.2 else path.removesuffix(".py")
    inner = f"{folder}/__init__.py"
    if not path or path.endswith("/__init__.py") or inner in files:
        return {}
    return {path: None, inner: content, f"{folder}/more.py": content}


def folder_to_file(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A package becomes a module; what else lies in it is gone."""
    folder = chance.choice(_folders(files))
    content = files.get(f"{folder}__init__.py")
    target = folder[:-1].removesuffix(".py") + ".py"
    gone = [path for path in files if folder and path.startswith(folder)]
    if content is None or not folder or target in files or len(gone) > len(files) // 2:
        return {}
    return {**dict.fromkeys(gone, None), target: content}


def package_mark(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A folder is a package from now on, or not any more."""
    path = f"{chance.choice(_folders(files))}__init__.py"
    return {path: None if path in files else b""}


# -- what is said about files


def marker(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """A folder is a project of its own, or not any more."""
    path = chance.choice(_folders(files)) + chance.choice(["setup.cfg", "setup.py"])
    return {path: None if path in files else b""}


def ignored(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    """Other ignore rules; the files stay."""
    path = f"{chance.choice(['', *_folders(files)])}.gitignore"
    lines = [
        chance.choice(["", "!", ""]) + chance.choice(_patterns(files)) for _ in range(chance.randrange(1, 3))
    ]
    return {path: None if path in files and chance.random() < 0.6 else "\n".join(lines).encode()}


def settings(chance: random.Random, files: Files, _: list[bytes]) -> Change:
    text = b"[tool.pubsub-devtools]\n" + chance.choice(_SETTINGS)
    return {"pyproject.toml": None if "pyproject.toml" in files and chance.random() < 0.4 else text}


def _patterns(files: Files) -> list[str]:
    paths = sources(files)
    return [*paths, *(path.rpartition("/")[2] for path in paths), *_folders(files)[1:], "*_*", "t*.py"]


def _any_file(chance: random.Random, files: Files) -> tuple[str, bytes]:
    path = chance.choice(sources(files) or [""])
    return path, files.get(path, b"")


def _folders(files: Iterable[str]) -> list[str]:
    """All folders with a slash at the end, the root as nothing."""
    found = {""}
    for path in files:
        folder = path.rpartition("/")[0]
        while folder:
            found.add(folder + "/")
            folder = folder.rpartition("/")[0]
    return sorted(found)


def _free(files: Files, path: str) -> str:
    while path in files:
        path = path.removesuffix(".py") + "2.py"
    return path


def _statements(content: bytes) -> list[tuple[int, int]]:
    """First and last lines of the statements that stand in a module or a class."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return []
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    return [
        (
            min([each.lineno, *(d.lineno for d in getattr(each, "decorator_list", ()))]),
            each.end_lineno or each.lineno,
        )
        for body in bodies
        for each in body
    ]


KINDS: list[Callable[[random.Random, Files, list[bytes]], Change]] = [
    *(edited, broken, replaced, taken_apart, moved_statement, renamed_word) * 3,
    *(new_file, deleted, moved, swapped, package_mark) * 2,
    *(emptied, moved_folder, file_to_folder, folder_to_file, marker, ignored, settings),
]
