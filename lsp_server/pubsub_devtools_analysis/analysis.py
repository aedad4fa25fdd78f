"""The two questions that commands ask of a folder: what is its event graph, and what should be configured for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pubsub_devtools.model import EventGraph, Place
from pubsub_devtools_analysis.host import AnalysisHost, quiet


class Bus(msgspec.Struct, frozen=True):
    """A hand-written bus that was recognised by its shape, and the table that would configure it."""

    name: str
    place: Place
    why: str
    toml: str


class Proposal(msgspec.Struct, frozen=True):
    """What was recognised: frameworks with their number of sites, hand-written buses, and settings to write."""

    frameworks: tuple[tuple[str, int], ...] = ()
    buses: tuple[Bus, ...] = ()
    toml: str = ""


def analyze(
    root: Path,
    *,
    config: Path | None = None,
    exclude: tuple[str, ...] = (),
    use_cache: bool = True,
    fields: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> EventGraph:
    """The event graph of a folder.

    Args:
        root: a folder, or one Python file.
        config: settings to use instead of those that are found.
        exclude: globs of files to leave out besides.
        use_cache: whether facts of earlier runs may be used and kept.
        fields: whether handlers tell what they read.
        progress: told what is being done, how much is done, and of how much.

    Raises:
        ProjectError: the root cannot be read as a whole.
        ConfigError: its settings cannot be used.
    """
    opened = AnalysisHost.open(
        root, config_file=config, exclude=exclude, use_cache=use_cache, progress=progress or quiet
    )
    with opened as host:
        return host.with_fields() if fields else host.snapshot()


def propose(root: Path) -> Proposal:
    """What is recognised in a folder, and the settings that would make it sure.

    Raises:
        ProjectError: the root cannot be read as a whole.
        ConfigError: its settings cannot be used.
    """
    host = AnalysisHost.open(root)
    counts: dict[str, int] = {}
    for site in host.snapshot().sites:
        counts[site.dialect] = counts.get(site.dialect, 0) + 1
    frameworks = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return Proposal(tuple(frameworks))
