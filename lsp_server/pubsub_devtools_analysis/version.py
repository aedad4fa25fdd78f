"""What the cache calls this version of the analysis: it changes whenever any of its code or tables does."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pubsub_devtools_analysis.facts import EXTRACTOR_VERSION


@cache
def code_version() -> str:
    """A name for the code that runs, the interpreter's grammar included. An edited checkout is another version."""
    state = blake2b(digest_size=12)
    state.update(f"{EXTRACTOR_VERSION} {sys.version_info[:2]} {_distribution()}".encode())
    folder = Path(__file__).parent
    for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.toml"))):
        about = file.stat()
        state.update(f"{file.relative_to(folder).as_posix()} {about.st_size} {about.st_mtime_ns}".encode())
    return state.hexdigest()


def _distribution() -> str:
    try:
        return version("pubsub-devtools")
    except PackageNotFoundError:
        return "?"
