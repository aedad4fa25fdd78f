"""The two questions that commands ask of a folder: what is its event graph, and what should be configured for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from pubsub_devtools.model import EventGraph
from pubsub_devtools_analysis.dialect import HANDWRITTEN
from pubsub_devtools_analysis.host import AnalysisHost, quiet
from pubsub_devtools_analysis.proposing import Bus, recognised_buses

__all__ = ["Bus", "Proposal", "analyze", "propose"]


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
        fields: whether handlers tell what they read, and publishers what they give.
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
    with AnalysisHost.open(root) as host:
        graph = host.snapshot()
        buses = recognised_buses(graph, host.recognised()) if _has_likely(graph) else []
    counts = Counter(site.dialect for site in graph.sites)
    frameworks = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return Proposal(tuple(frameworks), tuple(buses), "\n".join(bus.toml for bus in buses if bus.toml))


def _has_likely(graph: EventGraph) -> bool:
    """Whether a hand-written bus was recognised; what that was by need not be worked out again where none was."""
    return any(site.dialect == HANDWRITTEN and site.certainty == "likely" for site in graph.sites)
