"""Adding our section to a pyproject.toml without touching a byte of what stands there.

The new text is appended, the whole is parsed again, and only when the old content is unchanged in it is the file
replaced, in one step.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from pubsub_devtools_cli.failure import UNREADABLE, Failure

SECTION = "pubsub-devtools"
HEADER = f"[tool.{SECTION}]"
_HEADERS = (f"[tool.{SECTION}", f"[[tool.{SECTION}")


def check_free(path: Path) -> None:
    """Refuse a file that has the section already, or that is no TOML."""
    if SECTION in _tools(_parsed(_read(path), path)):
        raise Failure(
            f"{path} already has a {HEADER} section: change it there (--dry-run shows what would be proposed)"
        )


def append_section(path: Path, section: str) -> None:
    """Append ``section`` to the file at ``path``, or create the file with it."""
    check_free(path)
    old = _read(path)
    new = appended(old, section)
    before, after = _parsed(old, path), _parsed(new, path)
    _tools(after).pop(SECTION, None)
    if "tool" not in before and not after.get("tool"):
        after.pop("tool", None)
    if before != after:
        raise Failure(f"cannot append to {path} without changing it: add this by hand\n{section}")
    _replace(path, new)


def appended(old: str, section: str) -> str:
    """The old text, one empty line, the section; with the line ends that the old text has."""
    newline = "\r\n" if "\r\n" in old else "\n"
    body = section.strip("\n") if section.lstrip().startswith(_HEADERS) else f"{HEADER}\n{section.strip()}"
    gap = "" if not old.strip() else newline if old.endswith("\n") else newline * 2
    return f"{old}{gap}{newline.join(body.splitlines())}{newline}"


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        raise Failure(f"cannot read {path}: {error}", UNREADABLE) from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{path} is no valid TOML: {error}") from None


def _tools(document: dict[str, Any]) -> dict[str, Any]:
    tools: dict[str, Any] = document.get("tool", {})
    return tools


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename, so that a kill leaves the old or the new text; a link stays a link."""
    target = path.resolve()
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".pyproject-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(temporary).replace(target)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror or error}") from None
