"""Where the page of a check lies, for editors that open it from a finding: in the user's cache folder, made by the analyst."""

from __future__ import annotations

from pathlib import Path

from pubsub_devtools_analysis.cache_folder import cache_folder


def page_file(code: str) -> Path:
    """The page of a check, whether or not it exists."""
    return cache_folder() / "checks" / f"{code}.md"
