"""Markdown that says what it is meant to say, whatever the names in it are: for hovers, pages and comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubsub_devtools_analysis.render.text import clean

_SYNTAX = re.compile(r"([\\`*_{}\[\]<>()#|~@&$])")
_SPAN = re.compile(r"`([^`]+)`")


def escaped(text: str) -> str:
    """Text in which Markdown and HTML show every character as it is, code spans kept.

    >>> escaped("`total` <b>")
    '`total` \\\\<b\\\\>'
    """
    parts = _SPAN.split(clean(text))
    return "".join(
        f"`{part}`" if index % 2 else _SYNTAX.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def code(text: str) -> str:
    """A name as a code span.

    >>> code("a`b")
    "`a'b`"
    """
    return f"`{clean(text).replace('`', chr(39))}`"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table whose cells are Markdown already; a bar in a code span would end its cell."""
    lines = [head, ["---"] * len(head), *rows]
    return [
        "| " + " | ".join(each.replace("\\|", "|").replace("|", "\\|") for each in line) + " |"
        for line in lines
    ]


def link(label: str, target: str) -> str:
    """A link; the label is Markdown already. Without a target it is the label alone."""
    return f"[{label}](<{target.replace('<', '%3C').replace('>', '%3E')}>)" if target else label
