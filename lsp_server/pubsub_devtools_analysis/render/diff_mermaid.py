"""A small picture of what changed: the events, and their publishers and handlers that came, went or are concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.render.mermaid import escaped
from pubsub_devtools_analysis.render.text import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model.diff import Change, Diff, EventChange, Reason

MOST_EVENTS = 12
"""More make no picture that anybody reads; the gravest come first."""

_PAINTS = {
    "gained": "fill:#dcfce7,stroke:#15803d,color:#14532d",
    "lost": "fill:#fee2e2,stroke:#b91c1c,color:#7f1d1d,stroke-dasharray:5 3",
    "changed": "fill:#fef9c3,stroke:#a16207,color:#713f12",
    "broken": "fill:#fecaca,stroke:#b91c1c,color:#7f1d1d,stroke-width:3px",
    "same": "fill:#f1f5f9,stroke:#64748b,color:#1e293b",
}
_EDGES: dict[Change, str] = {"lost": "-.->", "gained": "==>"}


def diff_mermaid(diff: Diff) -> str:
    """The Mermaid source: publishers left of an event, handlers right of it; nothing where no event changed."""
    if not diff.events:
        return ""
    rows = ["flowchart LR", "  accTitle: What changed", f"  accDescr: Verdict {diff.verdict}"]
    for number, event in enumerate(diff.events[:MOST_EVENTS]):
        rows += [f"  {row}" for row in _event(f"e{number}", event)]
    rows += [f"  classDef {name} {paint}" for name, paint in _PAINTS.items()]
    return "\n".join(rows) + "\n"


def _event(name: str, event: EventChange) -> Iterator[str]:
    label = f"{event.was.partition(':')[2]} → {event.name}" if event.was else event.name
    marks = {"gained": "+", "lost": "-"}
    detail = ", ".join(f"{marks.get(field.change, '~')}{field.name}" for field in event.fields)
    kind = "changed" if event.change == "renamed" else event.change
    yield f'{name}{{{{"{_label(label, detail)}"}}}}:::{kind}'
    shown: set[tuple[str, str, str]] = set()
    for number, site in enumerate(event.sites):
        key = (site.kind, site.symbol, site.place.path)
        if site.kind != "declare" and key not in shown:
            shown.add(key)
            arrow = _EDGES.get(site.change, "-->")
            label = _label(site.symbol, site.place.path)
            yield from _function(
                f"{name}s{number}", name, label, site.change, arrow, gives=site.kind == "publish"
            )
    for number, reason in enumerate(event.reasons):
        gives = reason.concerns == "producer"
        path = reason.place.path if reason.place is not None else ""
        key = ("publish" if gives else "handle", reason.symbol, path)
        if reason.symbol and key not in shown:
            shown.add(key)
            label = _label(reason.symbol, path)
            yield from _function(f"{name}r{number}", name, label, _paint(reason), "-->", gives=gives)


def _paint(reason: Reason) -> str:
    return {"breaking": "broken", "risky": "changed"}.get(reason.verdict, "same")


def _function(node: str, event: str, label: str, paint: str, arrow: str, *, gives: bool) -> Iterator[str]:
    yield f'{node}("{label}"):::{paint}'
    yield f"{node} {arrow} {event}" if gives else f"{event} {arrow} {node}"


def _label(*texts: str) -> str:
    return "<br/>".join(escaped(row) for text in texts if text for row in lines(text))
