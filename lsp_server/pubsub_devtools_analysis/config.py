"""Reads `[tool.pubsub-devtools]` from pyproject.toml, and says what is wrong with it in words that help.

Whatever stands in that file, or in its place, a caller gets `Settings` or a `ConfigError`.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, cast

import msgspec

from pubsub_devtools_analysis.mistakes import mistakes
from pubsub_devtools_analysis.rebase import rebase
from pubsub_devtools_analysis.settings import Settings, settings_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ConfigError", "Settings", "find", "load", "section", "settings_schema"]

SECTION = ("tool", "pubsub-devtools")
_NAME = "pyproject.toml"


class ConfigError(Exception):
    """Settings that cannot be used: in which file and line, under which key, what is wrong and what would be right."""

    def __init__(
        self, file: Path, problem: str, remedy: str = "", key: tuple[str, ...] = (), line: int = 0
    ) -> None:
        self.file, self.problem, self.remedy, self.key, self.line = file, problem, remedy, key, line
        place = f"{file}:{line}" if line else f"{file}"
        words = ": ".join(part for part in (place, ".".join(key), problem) if part)
        super().__init__(f"{words}; {remedy}" if remedy else words)


def load(root: Path, explicit: Path | None = None) -> Settings:
    """The settings for ``root``: from ``explicit``, else from the file that `find` finds, else none.

    Those of a folder above the root are rewritten to be relative to it; an explicit file elsewhere speaks of the root.
    """
    root = _folder_of(root)
    file = explicit or find(root)
    if file is None:
        return Settings()
    settings = _read(file, required=explicit is not None) or Settings()
    home = _folder_of(file)
    return rebase(settings, root.relative_to(home).parts) if root.is_relative_to(home) else settings


def find(root: Path) -> Path | None:
    """The pyproject.toml that speaks for ``root``: its own, or the nearest above it within the repository."""
    root = _folder_of(root)
    for folder in _up_to_repository(root):
        file = folder / _NAME
        if _exists(file) and _read(file, required=False) is not None:
            return file
    return None


def section(data: bytes) -> object:
    """What a pyproject.toml says to us, whether or not it can be used; nothing where it is no TOML."""
    try:
        table: Any = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return None
    for name in SECTION:
        table = cast("dict[str, Any]", table).get(name) if isinstance(table, dict) else None
    return table


def _folder_of(path: Path) -> Path:
    try:
        resolved = path.resolve()
        return resolved.parent if resolved.is_file() else resolved
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(path, f"cannot be looked at: {_reason(error)}") from None


def _up_to_repository(folder: Path) -> Iterator[Path]:
    """The folder and those above it, if a repository is around them; else the folder alone."""
    around = (folder, *folder.parents)
    top = next((number for number, each in enumerate(around) if _exists(each / ".git")), 0)
    yield from around[: top + 1]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _read(file: Path, required: bool) -> Settings | None:
    """The file's settings; None where it has no section for us. One that never names us is not even parsed."""
    text = _text(file)
    if SECTION[-1] not in text and not required:
        return None
    try:
        table: Any = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(file, f"is no valid TOML: {_reason(error)}") from None
    for name in SECTION:
        table = cast("dict[str, Any]", table).get(name) if isinstance(table, dict) else None
    if table is None and required:
        raise ConfigError(file, f"has no [{'.'.join(SECTION)}]", "write the settings under that heading")
    return None if table is None else _settings(table, file, text)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(file, f"is no valid UTF-8 (byte {error.start})", "save it as UTF-8") from None
    except IsADirectoryError:
        raise ConfigError(file, "is a folder", "a file is needed there") from None
    except FileNotFoundError:
        raise ConfigError(file, "there is no such file") from None
    except (OSError, ValueError) as error:
        raise ConfigError(file, f"cannot be read: {_reason(error)}") from None


def _settings(table: Any, file: Path, text: str) -> Settings:
    wrong = next(mistakes(table), None)
    if wrong is None:
        return msgspec.convert(table, Settings)
    key, problem, remedy = wrong
    path = (*SECTION, *key)
    raise ConfigError(file, problem, remedy, path, _line_of(path, text))


_HEADING = re.compile(r"\s*\[\[?(?P<key>[^\[\]]+)\]\]?\s*(#.*)?$")
_ENTRY = re.compile(r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _line_of(path: tuple[str, ...], text: str) -> int:
    """The line of the key, or of the innermost table around it that can be found; 0 for none."""
    wanted = [name.partition("[")[0] for name in path]
    heading: list[str] = []
    best = (0, 0)
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADING.match(line):
            heading = key = _names(match["key"])
        elif match := _ENTRY.match(line):
            key = heading + _names(match["key"])
        else:
            continue
        if key == wanted[: len(key)] and len(key) > best[0]:
            best = (len(key), number)
    return best[1] if best[0] >= len(SECTION) else 0


def _names(key: str) -> list[str]:
    return [name.strip().strip("\"'") for name in key.split(".")]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
