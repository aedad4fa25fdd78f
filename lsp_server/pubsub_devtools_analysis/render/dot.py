"""A view as Graphviz source. The graphviz package quotes; nothing here runs a layout.

Node names are ``n0``, ``n1``, ... in the order of the view, since DOT reads a colon in a name as a port.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pubsub_devtools_analysis.render.text import clean, columns, lines
from pubsub_devtools_analysis.render.theme import FONT, LIGHT

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.view import Edge, Node, View

graphviz: Any = import_module("graphviz")  # untyped

_SHAPES = {"event": "hexagon", "function": "box", "service": "folder"}
_MARGINS = {"event": "0.02,0.03", "function": "0.22,0.10", "service": "0.24,0.14"}
"""A hexagon is larger than its text by itself."""
_ARROWS = {"publishes": "normal", "handles": "normal", "reaches": "empty", "calls": "vee"}


def dot(view: View) -> str:
    """The DOT source of a view: left to right, functions boxed by service, likely claims dashed."""
    names = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
    graph = graphviz.Digraph(
        "events", graph_attr=_graph_style(view), node_attr=_NODE_STYLE, edge_attr=_EDGE_STYLE
    )
    for node in view.nodes:
        if not _grouped(view, node):
            graph.node(names[node.id], _label(node), _attributes=_node_style(node))
    for number, group in enumerate(sorted({node.group for node in view.nodes if _grouped(view, node)})):
        members = [node for node in view.nodes if node.group == group and _grouped(view, node)]
        graph.subgraph(_cluster(f"cluster{number}", group, members, names))
    for edge in view.edges:
        graph.edge(
            names[edge.source],
            names[edge.target],
            _plain(edge.label) if edge.label else None,
            _attributes=_edge_style(edge),
        )
    return str(graph.source)


_NODE_STYLE = {"fontname": FONT, "fontsize": "13", "penwidth": "1.2"}
_EDGE_STYLE = {
    "fontname": FONT,
    "fontsize": "11",
    "color": LIGHT.edge,
    "fontcolor": LIGHT.edge,
    "arrowsize": "0.8",
    "penwidth": "1.2",
}


def _graph_style(view: View) -> dict[str, str]:
    certainties = {node.certainty for node in view.nodes} | {edge.certainty for edge in view.edges}
    legend = ["Dashed: likely, not certain."] if certainties - {"sure"} else []
    heading = "\\l".join(_plain(text) for text in (view.title, *view.notes, *legend))
    return {
        "rankdir": "LR",
        "bgcolor": LIGHT.background,
        "fontname": FONT,
        "fontsize": "14",
        "fontcolor": LIGHT.group.text,
        "label": _text(f"{heading}\\l"),
        "labelloc": "t",
        "labeljust": "l",
        "nodesep": "0.22",
        "ranksep": "0.7",
        "pad": "0.3",
    }


def _grouped(view: View, node: Node) -> bool:
    return view.level == "functions" and node.kind == "function"


def _cluster(name: str, group: str, members: list[Node], names: dict[str, str]) -> Any:
    paint = LIGHT.group
    box = graphviz.Digraph(name)
    box.attr(
        label=_plain(group),
        style="rounded,filled",
        fillcolor=paint.fill,
        color=paint.line,
        fontcolor=paint.text,
        fontsize="12",
        margin="12",
    )
    for node in members:
        box.node(names[node.id], _label(node), _attributes=_node_style(node))
    return box


def _node_style(node: Node) -> dict[str, str]:
    sure = node.certainty == "sure"
    paint = LIGHT.paint(node.kind, sure=sure)
    rounded = "rounded," if node.kind == "function" else ""
    return {
        "shape": _SHAPES[node.kind],
        "margin": _MARGINS[node.kind],
        "style": f"{rounded}filled" if sure else f"{rounded}filled,dashed",
        "penwidth": "5" if node.kind == "event" and sure else "1.3",
        "width": f"{_least_width(node):.2f}",
        "fillcolor": paint.fill,
        "color": paint.line,
        "fontcolor": paint.text,
        "class": f"{node.kind} {node.certainty}",
    }


def _edge_style(edge: Edge) -> dict[str, str]:
    return {
        "arrowhead": _ARROWS[edge.kind],
        "style": "solid" if edge.certainty == "sure" else "dashed",
        "class": f"{edge.kind} {edge.certainty}",
    }


def _least_width(node: Node) -> float:
    """Inches that wide characters need: the layout has no font to measure and takes them for narrow ones."""
    wide = [row for row in _rows(node) if columns(row) > len(row)]
    return max((columns(row) * 0.1 + 0.4 for row in wide), default=0.75)


def _rows(node: Node) -> list[str]:
    return [*lines(node.label), *lines(node.detail, widest=44)]


def _label(node: Node) -> str:
    return _text("\\n".join(_plain(row) for row in _rows(node)))


def _plain(text: str) -> str:
    """Text that DOT shows letter for letter: no escapes, no entities, no HTML."""
    return _text(graphviz.escape(clean(text).replace("&", "&amp;")))


def _text(label: str) -> str:
    """A label that the graphviz package never takes for HTML, even when it begins with ``<`` and ends with ``>``."""
    literal: str = graphviz.nohtml(label)
    return literal
