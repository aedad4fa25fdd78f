"""A view as SVG that can be read in light and dark, by eye and by screen reader.

The layout is Graphviz compiled to WebAssembly, pinned, so that the same graph gives the same bytes on every machine;
an installed ``dot`` is used only where asked. Either runs in a process that is killed when it takes too long. What
comes back is dressed: a title and description, readable names on every part, and colours that follow the reader's
light or dark preference.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import escape
from typing import TYPE_CHECKING, Literal

from pubsub_devtools_analysis.render.dot import dot
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_analysis.render.theme import DARK, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubsub_devtools_analysis.queries.view import View

Engine = Literal["wasm", "dot"]

TIMEOUT = 30.0
MAX_SOURCE = 1_000_000
_NARROWER = "narrow it with --event, --service or --depth, or use --format html"


def svg(view: View, *, engine: Engine = "wasm", timeout: float = TIMEOUT) -> str:
    """The picture of a view. Raises RenderError when it is too large, takes too long or cannot be laid out."""
    return _dressed(lay_out(dot(view), engine=engine, timeout=timeout), view)


def lay_out(source: str, *, engine: Engine = "wasm", timeout: float = TIMEOUT) -> str:
    """The SVG that Graphviz makes of a DOT source, undressed."""
    if len(source) > MAX_SOURCE:
        raise RenderError(
            f"the picture is too large to lay out ({len(source):,} characters of DOT): {_NARROWER}"
        )
    command = _command(engine)
    try:
        done = subprocess.run(
            command, input=source.encode(), capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise RenderError(f"the layout took over {timeout:g} s and was stopped: {_NARROWER}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise RenderError(f"Graphviz could not lay out the picture: {reason[-1]}")
    return done.stdout.decode().replace("\r\n", "\n")


def _command(engine: Engine) -> Sequence[str]:
    if engine == "wasm":  # -P: a module in the current directory must never be imported instead of ours
        return [sys.executable, "-P", "-m", "pubsub_devtools_analysis.render.layout"]
    installed = shutil.which("dot")
    if installed is None:
        raise RenderError("no `dot` is installed: install Graphviz, or leave out --engine dot")
    return [installed, "-Tsvg"]


def _dressed(picture: str, view: View) -> str:
    start = picture.index("<svg")
    opening, _, body = picture[start:].partition(">")
    names = {f"n{number}": f"{clean(node.label)} ({node.kind})" for number, node in enumerate(view.nodes)}
    body = re.sub(r"<!--.*?-->\n", "", body, flags=re.DOTALL)
    body = re.sub(r"<title>(.*?)</title>", lambda found: _title(found[1], names, view.title), body)
    body = re.sub(
        r"(<g id=\"node\d+\".*?</g>)", lambda found: _small_details(found[1]), body, flags=re.DOTALL
    )
    opening = f'{opening} role="img" aria-labelledby="title desc" stroke-linejoin="round"'
    title = f'<title id="title">{escape(clean(view.title))}</title>'
    desc = f'<desc id="desc">{escape(clean(view.summary))}</desc>'
    return f"{opening}>\n{title}\n{desc}\n<style>{_style(DARK)}</style>{body}"


def _title(raw: str, names: dict[str, str], whole: str) -> str:
    """Names that a person can read instead of n0 and n0->n1; they show on hover too."""
    ends = re.split(r"&#45;&gt;|-&gt;", raw)
    if all(end in names for end in ends):
        return f"<title>{escape(' → '.join(names[end] for end in ends))}</title>"
    return f"<title>{escape(clean(whole))}</title>" if raw == "events" else ""


def _small_details(node: str) -> str:
    """The last line of a node is its detail: smaller, so that the name stands out."""
    head, found, last = node.rpartition('font-size="13.00"')
    return f'{head}font-size="10.50"{last}' if found and 'font-size="13.00"' in head else node


def _style(theme: Theme) -> str:
    """The dark colours; the light ones are attributes, so that viewers without CSS show them."""
    rules = [
        f".graph > polygon {{ fill: {theme.background}; }}",
        f".graph > text {{ fill: {theme.group.text}; }}",
    ]
    for selector, paint in (
        (".event", theme.event),
        (".event:not(.sure)", theme.likely_event),
        (".function", theme.function),
        (".service", theme.service),
    ):
        rules.append(
            f"{selector} :is(path, polygon, polyline) {{ fill: {paint.fill}; stroke: {paint.line}; }}"
        )
        rules.append(f"{selector} text {{ fill: {paint.text}; }}")
    rules.append(f".cluster path {{ fill: {theme.group.fill}; stroke: {theme.group.line}; }}")
    rules.append(f".cluster text {{ fill: {theme.group.text}; }}")
    rules.append(
        f".edge :is(path, polygon) {{ stroke: {theme.edge}; }} .edge :is(polygon, text) {{ fill: {theme.edge}; }}"
    )
    inside = "\n".join(f"  {rule}" for rule in rules)
    return f"\n@media (prefers-color-scheme: dark) {{\n{inside}\n}}\n"
