"""The findings of a root, kept up to date: those that `pubsub-tools check` tells and its baseline does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.checks.baseline import Baseline, BaselineError, parse, parted
from pubsub_devtools_analysis.checks.pages import page
from pubsub_devtools_analysis.checks.registry import BY_CODE
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_lsp.analyst.messages import Begin
from pubsub_devtools_lsp.pages import page_file


class Findings:
    """The findings of an open root."""

    def __init__(self, host: AnalysisHost, begun: Begin) -> None:
        self._host = host
        config = Path(begun.root, begun.config_file) if begun.config_file else None
        self._checking = Checking(host, begun.select, begun.ignore, config)
        self._written: set[str] = set()

    def update(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings as they are now, by file."""
        found, baseline = self._checking.update().findings, self._baseline()
        if baseline is not None:
            found = _by_file(parted(tuple(chain.from_iterable(found.values())), baseline)[0])
        for code in {each.code for told in found.values() for each in told}:
            self._write_page(code)
        return {path: told for path, told in found.items() if told}

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


def _by_file(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for each in findings:
        found[each.place.path] = (*found.get(each.place.path, ()), each)
    return found
