"""A view as a Mermaid flowchart, for places that draw Mermaid themselves: READMEs, pull requests, wikis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.render.text import clean, lines
from pubsub_devtools_analysis.render.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.queries.view import Edge, Node, View

_SHAPES = {"event": ('{{"', '"}}'), "function": ('("', '")'), "service": ('[["', '"]]')}
_ENTITIES = {ord(char): f"#{ord(char)};" for char in '#"<>&`\\;{}|%$'}
"""Written as entities, characters that Mermaid, Markdown or HTML would read as syntax are shown as they are."""


def mermaid(view: View) -> str:
    """The Mermaid source of a view: left to right, functions boxed by service, likely claims dashed."""
    names = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
    rows = ["flowchart LR", f"  accTitle: {plain(view.title)}", f"  accDescr: {plain(view.summary)}"]
    rows += [f"  {_node(names, node)}" for node in view.nodes if not _grouped(view, node)]
    rows += _groups(view, names)
    rows += [f"  {_edge(names, edge)}" for edge in view.edges]
    rows += _classes()
    return "\n".join(rows) + "\n"


def escaped(text: str) -> str:
    """Text that Mermaid shows letter for letter inside quotes.

    >>> escaped('say "hi"')
    'say #34;hi#34;'
    """
    return clean(text).translate(_ENTITIES)


def plain(text: str) -> str:
    """Text for the few places where Mermaid reads no entities: what it would read as syntax becomes a space."""
    return " ".join(clean(text).translate(dict.fromkeys(_ENTITIES, " ")).split())


def _grouped(view: View, node: Node) -> bool:
    return view.level == "functions" and node.kind == "function"


def _groups(view: View, names: dict[str, str]) -> Iterator[str]:
    groups = sorted({node.group for node in view.nodes if _grouped(view, node)})
    for number, group in enumerate(groups):
        yield f'  subgraph g{number}["{escaped(group)}"]'
        for node in view.nodes:
            if _grouped(view, node) and node.group == group:
                yield f"    {_node(names, node)}"
        yield "  end"
        yield f"  style g{number} fill:{LIGHT.group.fill},stroke:{LIGHT.group.line},color:{LIGHT.group.text}"


def _node(names: dict[str, str], node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    label = "<br/>".join(escaped(row) for row in (*lines(node.label), *lines(node.detail, widest=44)))
    likely = "" if node.certainty == "sure" else "Likely"
    return f"{names[node.id]}{opening}{label}{closing}:::{node.kind}{likely}"


def _edge(names: dict[str, str], edge: Edge) -> str:
    arrow = "-->" if edge.certainty == "sure" else "-.->"
    label = f'|"{escaped(edge.label)}"|' if edge.label else ""
    return f"{names[edge.source]} {arrow}{label} {names[edge.target]}"


def _classes() -> Iterator[str]:
    for kind in ("event", "function", "service"):
        for suffix, sure in (("", True), ("Likely", False)):
            paint = LIGHT.paint(kind, sure=sure)
            dashes = "" if sure else ",stroke-dasharray:5 3"
            yield f"  classDef {kind}{suffix} fill:{paint.fill},stroke:{paint.line},color:{paint.text}{dashes}"
