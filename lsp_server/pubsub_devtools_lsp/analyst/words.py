"""How the files that were just looked at say things of events."""

from __future__ import annotations

from collections.abc import Mapping

from pubsub_devtools.model import EventGraph, Site
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_analysis.queries.words import Words, words
from pubsub_devtools_analysis.syntax.decode import decode


class WordsOfFiles:
    """The words of files; the sites of a graph are looked up by their ids once for each graph."""

    def __init__(self) -> None:
        self._graph: EventGraph | None = None
        self._sites: dict[str, Site] = {}
        self.known: dict[str, Words] = {}

    def of(
        self, host: AnalysisHost, graph: EventGraph, said: Mapping[str, tuple[Occurrence, ...]]
    ) -> dict[str, Words]:
        """The words of Python files, by what their texts were found to say."""
        if graph is not self._graph:
            self._graph, self._sites = graph, {site.id: site for site in graph.sites}
        text = host.sources().text
        found = {
            path: words(decode(text(path) or b"").text, each, self._sites)
            for path, each in said.items()
            if path.endswith(".py")
        }
        self.known = {
            path: each for path, each in (self.known | found).items() if path not in said or said[path]
        }
        return found
