"""Checks a handful of files given as texts."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.checks.running import Choice
from pubsub_devtools_analysis.host import AnalysisHost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubsub_devtools.model import EventGraph, Finding


@contextmanager
def opened(texts: Mapping[str, str]) -> Iterator[AnalysisHost]:
    """These files, in a folder of their own."""
    with TemporaryDirectory() as folder:
        for path, text in texts.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        with AnalysisHost.open(Path(folder), use_cache=False) as host:
            yield host


def findings(texts: Mapping[str, str], choice: Choice | None = None) -> tuple[Finding, ...]:
    """What is found in these files."""
    with opened(texts) as host:
        choice = choice or Choice()
        found = Checking(host, choice.select, choice.ignore).update().findings
        return tuple(each for path in sorted(found) for each in found[path])


def graph(texts: Mapping[str, str]) -> EventGraph:
    """The graph of these files."""
    with opened(texts) as host:
        return host.snapshot()
