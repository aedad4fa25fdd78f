"""Files as editors name them, and back."""

from __future__ import annotations

import os
from pathlib import Path

from pygls.uris import from_fs_path, to_fs_path


def uri_of(file: Path) -> str:
    """The URI of a file."""
    return from_fs_path(str(file)) or ""


def file_of(uri: str) -> Path | None:
    """The file that a URI means; nothing for what is no file."""
    try:
        path = to_fs_path(uri)
    except ValueError:
        return None
    return Path(os.path.normpath(path)) if path else None


def below(file: Path, root: Path) -> str | None:
    """A file's path relative to a root, with slashes; nothing where it does not lie below it."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else None
