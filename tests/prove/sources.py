"""Real Python files to draw from: the standard library and the packages of the running Python, and given folders.

`PROVE_SOURCES` names more folders (separated as in PATH): other Pythons, checkouts.
"""

from __future__ import annotations

import os
import sysconfig
from functools import cache
from pathlib import Path


@cache
def real_files(folders: tuple[str, ...] = (), largest: int = 200_000) -> tuple[Path, ...]:
    """All Python files of `folders`, or of the default ones, in a stable order; none of them is run."""
    roots = [Path(folder) for folder in folders] or _default_folders()
    found = (
        path
        for root in roots
        for path in root.rglob("*.py")
        if "site-packages" not in path.relative_to(root).parts
    )
    return tuple(sorted({path for path in found if path.is_file() and path.stat().st_size <= largest}))


def _default_folders() -> list[Path]:
    paths = sysconfig.get_paths()
    extra = [Path(folder) for folder in os.environ.get("PROVE_SOURCES", "").split(os.pathsep) if folder]
    return [Path(paths["stdlib"]), Path(paths["purelib"]), *extra]
