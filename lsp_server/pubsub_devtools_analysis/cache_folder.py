"""Where the analysis keeps what it may always make anew: the user's cache folder, by the platform's conventions."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["cache_folder"]

_NAME = "pubsub-tools"


def cache_folder() -> Path:
    """The folder, whether or not it exists. ``PUBSUB_TOOLS_CACHE_DIR`` overrides the platform's."""
    chosen = os.environ.get("PUBSUB_TOOLS_CACHE_DIR")
    if chosen:
        return Path(chosen)
    home = Path("~").expanduser()
    if sys.platform == "win32":
        return _from("LOCALAPPDATA", home / "AppData" / "Local") / _NAME / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / _NAME
    return _from("XDG_CACHE_HOME", home / ".cache") / _NAME


def _from(variable: str, default: Path) -> Path:
    """The folder that a variable names, if absolute: a relative one must be ignored, says the XDG specification."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else default
