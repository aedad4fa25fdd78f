"""The findings of a root, kept up to date: those that `pubsub-tools check` tells and its baseline does not know."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.checks.baseline import Baseline, BaselineError, parse, parted
from pubsub_devtools_analysis.checks.context import Context
from pubsub_devtools_analysis.checks.pages import page
from pubsub_devtools_analysis.checks.registry import BY_CODE
from pubsub_devtools_analysis.checks.running import Choice, run
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_lsp.analyst.messages import Begin
from pubsub_devtools_lsp.pages import page_file


class Findings:
    """The findings of an open root."""

    def __init__(self, host: AnalysisHost, begun: Begin) -> None:
        self._host = host
        self._begun = begun
        self._written: set[str] = set()

    def update(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings as they are now, by file."""
        settings = self._host.settings
        choice = Choice(
            self._begun.select or settings.checks.select, (*settings.checks.ignore, *self._begun.ignore)
        )
        context = Context(self._host.snapshot(), self._host.sources(), self._host.with_fields)
        found: dict[str, list[Finding]] = {}
        for each in self._new(run(context, choice, settings.checks)):
            found.setdefault(each.place.path, []).append(each)
            self._write_page(each.code)
        return {path: tuple(each) for path, each in found.items()}

    def _new(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        baseline = self._baseline()
        return findings if baseline is None else parted(findings, baseline)[0]

    def _baseline(self) -> Baseline | None:
        """The baseline, where there is one that can be read: `pubsub-tools check` tells what is wrong with another."""
        name = self._host.settings.baseline
        if not name:
            return None
        try:
            return parse((self._host.root / name).read_bytes())
        except (OSError, BaselineError):
            return None

    def _write_page(self, code: str) -> None:
        """Have the page of a check where editors find it. One that cannot be written is not offered."""
        if code in self._written:
            return
        self._written.add(code)
        file, data = page_file(code), page(BY_CODE[code]).encode()
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or file.read_bytes() != data:
                file.write_bytes(data)
