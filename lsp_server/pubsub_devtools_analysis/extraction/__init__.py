"""One file's tree -> its facts. Pure: no other file is looked at, no framework is known.

Every scope, binding, call, stored attribute, `isinstance` and loop is kept in symbolic form; arithmetic, comparisons
and long texts become `Opaque`, but the calls inside them are still found. What nothing can be learnt from
(logging, `len`, ...) is left out, which halves the facts.

Visiting a tree is one object built in layers, a file a layer: tables, expressions, assignments, statements.
"""

from __future__ import annotations

import ast

from pubsub_devtools_analysis.extraction.statements import Statements
from pubsub_devtools_analysis.extraction.summary import by_name, summary
from pubsub_devtools_analysis.extraction.texts import split_lines
from pubsub_devtools_analysis.facts import FileFacts

__all__ = ["extract"]


def extract(
    tree: ast.Module,
    text: str,
    problems: tuple[tuple[int, str, str], ...] = (),
    dropped: tuple[tuple[int, int], ...] = (),
) -> FileFacts:
    """The facts of a parsed file.

    Args:
        tree: the parsed module, with positions of `text`.
        text: the file's text, for columns in code points.
        problems: what reading the file found wrong: line, code, message.
        dropped: line ranges (first, last) that reading had to give up; facts in them are not trusted.

    Returns:
        All facts, also of a file with problems.
    """
    work = Statements(None if text.isascii() else split_lines(text))
    work.module(tree)
    return FileFacts(
        scopes=work.scopes,
        calls=work.calls,
        stores=work.stores,
        cases=work.cases,
        loops=work.loops,
        displays=work.displays,
        blocks=work.blocks,
        stars=work.stars,
        exports=work.exports,
        imports=tuple(sorted(work.imports)),
        problems=problems,
        dropped=dropped,
        called=by_name(work.calls, range(len(work.calls))),
        summary=summary(work.scopes, work.calls),
    )
