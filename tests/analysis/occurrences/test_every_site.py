"""Over the shop, the miniatures and all samples of all dialects: what the graph knows stands in the text where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pubsub_devtools_analysis.dialect import shipped
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.occurrences import Occurrences
from tests.dialects.workspace import files

ROOT = Path(__file__).parents[3]
EXAMPLES = [ROOT / "examples/shop", *sorted((ROOT / "examples/miniatures").iterdir())]
SAMPLES = [
    pytest.param(sample, id=f"{dialect.name}-{number}")
    for dialect in shipped()
    for number, sample in enumerate(dialect.samples)
]
NAMES = frozenset({"string", "class", "constant", "alias", "handler"})


def opened(root: Path):
    with AnalysisHost.open(root, use_cache=False) as host:
        graph = host.with_fields()
        return graph, dict(Occurrences(host, graph).all())


def lines_of(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")


def holds_to_the_text(root: Path, table) -> None:
    """Each occurrence is an identifier, or the inside of a string; they are sorted, and none lies twice on a stretch."""
    for path, its in table.items():
        lines = lines_of(root / path)
        assert list(its) == sorted(its)
        assert len({(o.line, o.column, o.end_column) for o in its}) == len(its)
        for each in its:
            line = lines[each.line - 1]
            text = line[each.column : each.end_column]
            before, after = line[: each.column], line[each.end_column :]
            is_inside = bool(re.search(r"[\"'{}/:]$|[\"'].*$", before)) and bool(re.search(r"[\"'{]", after))
            assert text.isidentifier() or (text and is_inside), (path, each, text)


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples(sample, tmp_path):
    for path, text in files(sample.code).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    graph, table = opened(tmp_path)
    holds_to_the_text(tmp_path, table)
    says_every_site(tmp_path, graph, table)


@pytest.mark.parametrize("root", EXAMPLES, ids=lambda root: root.name)
def test_examples(root):
    graph, table = opened(root)
    holds_to_the_text(root, table)
    says_every_site(root, graph, table)


def says_every_site(root: Path, graph, table) -> None:
    """Where the text of a site holds the event's name, it is told; so is the handler's name, and the method's."""
    for site in graph.sites:
        own = {(path, each) for path, its in table.items() for each in its if site.event in each.events}
        here = {each for path, each in own if path in _paths(site)}
        name = site.event.partition(":")[2]
        text = "\n".join(lines_of(root / site.place.path)[site.place.line - 1 : _end(site)])
        if re.search(rf"[\"']{re.escape(name)}[\"']", text):
            assert any(each.form in NAMES for each in here), site.id
        if site.kind == "handle" and re.match(r"(async )?def ", text.lstrip()):
            assert any(each.form == "handler" and each.line == site.place.line for each in here), site.id
        if site.kind == "publish" and site.place.end_column and not text.lstrip().startswith("@"):
            assert any(each.form == "method" and each.role == "publish" for each in here), site.id


def _paths(site) -> set[str]:
    return {site.place.path, site.registered.path if site.registered else site.place.path}


def _end(site) -> int:
    return site.place.line if site.kind == "handle" else site.place.end_line
