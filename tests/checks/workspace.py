"""Checks a handful of files given as texts."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.context import Context
from pubsub_devtools_analysis.checks.running import Choice, run
from pubsub_devtools_analysis.host import AnalysisHost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools.model import Finding


def findings(texts: Mapping[str, str], choice: Choice | None = None) -> tuple[Finding, ...]:
    """What is found in these files, in a folder of their own."""
    with TemporaryDirectory() as folder:
        for path, text in texts.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        host = AnalysisHost.open(Path(folder), use_cache=False)
        context = Context(host.snapshot(), host.sources())
        return run(context, choice or Choice(), host.settings.checks)
