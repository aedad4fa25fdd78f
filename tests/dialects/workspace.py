"""Analyses a handful of files held in memory, so that a sample or a test can say in a line what must be found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.declared import declared
from pubsub_devtools_analysis.dialect import shipped
from pubsub_devtools_analysis.extract import extract
from pubsub_devtools_analysis.graph import Assembly
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.link import Linker
from pubsub_devtools_analysis.modules import Modules
from pubsub_devtools_analysis.select import Imports, calls_pattern, method_words
from pubsub_devtools_analysis.shapes import CANDIDATE
from pubsub_devtools_analysis.syntax.read import read
from pubsub_devtools_analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.dialect import Dialect
    from pubsub_devtools_analysis.facts import FileFacts


def sites(files: Mapping[str, str], own: Iterable[Dialect] = ()) -> list[Site]:
    """The named sites of these files. The dialects in force are those that are imported, and those given."""
    data = {path: text.encode() for path, text in files.items()}
    imports = Imports((*shipped(), *own))
    imported = {path: imports.found(each) for path, each in data.items()}
    active = set[str]().union(*imported.values())
    known = Known([d for d in (*shipped(), *own) if d.name in active or d in own])
    words = calls_pattern(method_words(known))
    chosen = {path for path, each in data.items() if imported[path] or (words and words.search(each))}
    candidates = {path for path, each in data.items() if CANDIDATE.search(each)}

    def load(path: str) -> FileFacts | None:
        if path not in data:
            return None
        reading = read(data[path])
        troubles = tuple((t.line, t.code, t.message) for t in reading.problems)
        return extract(reading.tree, reading.text, troubles, reading.dropped)

    workspace = Workspace(Modules(data), load)
    linker = Linker(workspace, known)

    def more(names: set[str]) -> list[str]:
        calls = calls_pattern(names)
        return [p for p, each in data.items() if p not in linker.files and calls and calls.search(each)]

    for path in sorted(chosen):
        workspace.facts(path)
    linker.seed(candidates)
    linker.run(chosen | candidates, more)
    linker.collected(more)
    drafts = linker.drafts()
    found, _, _ = Assembly(workspace, known, lambda _: "").sites([*drafts, *declared(linker.finder, drafts)])
    return found
