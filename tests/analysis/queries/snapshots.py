"""Snapshots of small workspaces, and the marker `|` for a cursor in their code."""

from __future__ import annotations

from pathlib import Path

from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.occurrences import Occurrences
from pubsub_devtools_analysis.queries.snapshot import Snapshot
from pubsub_devtools_analysis.queries.words import words


def snapshot_of(root: Path) -> Snapshot:
    """All that is known of a folder."""
    with AnalysisHost.open(root, use_cache=False) as host:
        graph = host.with_fields()
        said = dict(Occurrences(host, graph).all())
        sites = {site.id: site for site in graph.sites}
        texts = {path: (root / path).read_text("utf-8") for path in said if path.endswith(".py")}
        return Snapshot(
            graph, said, {}, {path: words(text, said[path], sites) for path, text in texts.items()}
        )


def cursor(marked: str) -> tuple[str, int]:
    """The text without its `|`, and where that stood."""
    text, _, rest = marked.partition("|")
    return text + rest, len(text)
