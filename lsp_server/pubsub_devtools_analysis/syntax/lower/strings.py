"""String literals: decoded, joined where they stand side by side, formatted ones taken apart.

The positions inside an f-string are those of Python 3.12 and later. Python 3.11 gives most inner nodes the
position of the whole literal; nothing can be learned from that, so it is not imitated.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import libcst as cst

from ..limits import parse
from .dispatch import Table, expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .cursor import Cursor

_ESCAPE_OR_QUOTE = re.compile(r'\\.|"', re.DOTALL)
_LITERAL = re.compile(r"([a-zA-Z]*)('''|\"\"\"|'|\")(.*)\2\Z", re.DOTALL)


def _simple(to: Cursor, node: cst.SimpleString, _: object = None) -> ast.expr:
    """A plain literal, text or bytes."""
    to.token(node.value)
    return _constant(node.value)


def _formatted(to: Cursor, node: cst.FormattedString, _: object) -> ast.expr:
    """An f-string."""
    return ast.JoinedStr(values=_merged(_pieces(to, node)))


def _templated(to: Cursor, node: Any, _: object) -> ast.expr:
    """A t-string (PEP 750); a Python without the class gets the f-string of the same parts."""
    to.note_newer("a template string")
    pieces = _pieces(to, node)
    kind = getattr(ast, "TemplateStr", ast.JoinedStr)
    return _made(kind, pieces)


def _concatenated(to: Cursor, node: cst.ConcatenatedString, _: object) -> ast.expr:
    """Literals side by side are one value; one formatted literal makes all of them formatted."""
    parts = list(_side_by_side(node))
    if all(isinstance(part, cst.SimpleString) for part in parts):
        constants = [_simple(to, part) for part in parts if isinstance(part, cst.SimpleString)]
        return _joined([constant for constant in constants if isinstance(constant, ast.Constant)])
    pieces = [piece for part in parts for piece in _pieces(to, part)]
    template = any(type(part).__name__ == "TemplatedString" for part in parts)
    kind = getattr(ast, "TemplateStr", ast.JoinedStr) if template else ast.JoinedStr
    return _made(kind, pieces)


def _made(kind: Any, pieces: Iterable[ast.expr]) -> ast.expr:
    made: ast.expr = kind(values=_merged(pieces))
    return made


def _side_by_side(node: cst.BaseExpression) -> Iterable[cst.BaseExpression]:
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    yield node


def _joined(constants: Sequence[ast.Constant]) -> ast.Constant:
    """One constant with the value of all; it has the kind of the first."""
    text = [constant.value for constant in constants if isinstance(constant.value, str)]
    data = [constant.value for constant in constants if isinstance(constant.value, bytes)]
    return ast.Constant(value=b"".join(data) if data else "".join(text), kind=constants[0].kind)


def _constant(token: str) -> ast.Constant:
    return ast.Constant(value=_value(token), kind="u" if token[0] in "uU" else None)


def _value(token: str) -> str | bytes:
    match = _LITERAL.match(token)
    assert match is not None
    prefix, _, body = match.groups()
    if "\\" in body and "r" not in prefix.lower():
        tree = parse(token)
        if isinstance(tree, ast.Module) and isinstance(tree.body[0], ast.Expr):
            value: str | bytes = ast.literal_eval(tree.body[0].value)
            return value
    return body.encode("utf-8", "replace") if "b" in prefix.lower() else body


def _pieces(to: Cursor, node: Any) -> list[ast.expr]:
    start = to.next()
    if isinstance(node, cst.SimpleString):
        return [to.place(_simple(to, node), start)]
    to.literal(node.start)
    inside = _parts(to, node.parts, node.start)
    to.literal(node.end)
    return inside


def _parts(to: Cursor, parts: Iterable[Any], opening: str) -> list[ast.expr]:
    made: list[ast.expr] = []
    for part in parts:
        start = to.at
        if hasattr(part, "expression"):
            made.extend(_field(to, part, opening))
        else:
            to.literal(part.value)
            made.append(to.place(ast.Constant(value=_text(part.value, opening)), start))
    return made


def _text(text: str, opening: str) -> str:
    """The literal text of an f-string, whose braces are doubled."""
    text = text.replace("{{", "{").replace("}}", "}")
    if "\\" not in text or "r" in opening.lower():
        return text
    quoted = _ESCAPE_OR_QUOTE.sub(lambda match: '\\"' if match[0] == '"' else match[0], text)
    value = _value(f'"""{quoted}"""')
    return value if isinstance(value, str) else text


def _field(to: Cursor, node: Any, opening: str) -> Iterable[ast.expr]:
    """`{value = !r:spec}`: with an equal sign the source text comes before the value."""
    start = to.at
    to.literal("{")
    inner = to.at
    made = ast.FormattedValue(value=expression(to, node.expression), conversion=-1, format_spec=None)
    source = to.slice(inner, to.next())
    if node.equal is not None:
        to.token("=")
        to.next()
        yield to.place(ast.Constant(value=to.slice(inner, to.at)), inner, to.at)
        made.conversion = ord("r") if node.format_spec is None else -1
    _note_newer_field(to, to.slice(inner, to.next()), opening)
    if node.conversion is not None:
        to.token("!", node.conversion)
        made.conversion = ord(node.conversion)
    if node.format_spec is not None:
        made.format_spec = _spec(to, node.format_spec, opening)
    to.token("}")
    yield to.place(_as_interpolation(made, source) if "t" in opening.lower() else made, start)


def _spec(to: Cursor, parts: Iterable[Any], opening: str) -> ast.JoinedStr:
    start = to.next()
    to.token(":")
    values = _merged(_parts(to, parts, opening.lower().replace("t", "f")))
    return to.place(ast.JoinedStr(values=values), start)


def _as_interpolation(value: ast.FormattedValue, source: str) -> ast.expr:
    kind = getattr(ast, "Interpolation", None)
    if kind is None:
        return value
    fields = {
        "value": value.value,
        "str": source,
        "conversion": value.conversion,
        "format_spec": value.format_spec,
    }
    made: ast.expr = kind(**fields)
    return made


def _note_newer_field(to: Cursor, source: str, opening: str) -> None:
    """PEP 701: what an expression in an f-string could not hold before Python 3.12."""
    quote = opening.lstrip("fFrRtT")
    if quote in source or "\\" in source or "#" in source or (len(quote) == 1 and "\n" in source):
        to.note_newer("quotes, backslashes, comments or line ends within an f-string's braces")


def _merged(pieces: Iterable[ast.expr]) -> list[ast.expr]:
    """Neighbouring constants as one, empty ones left out."""
    made: list[ast.expr] = []
    run: list[ast.Constant] = []
    for piece in pieces:
        if isinstance(piece, ast.Constant):
            run.append(piece)
            continue
        made.extend(_run(run))
        run = []
        made.append(piece)
    return [*made, *_run(run)]


def _run(constants: Sequence[ast.Constant]) -> Iterable[ast.expr]:
    """The constant that a run of them makes: from the start of the first to the end of the last."""
    if not any(constant.value for constant in constants):
        return
    first, last = constants[0], constants[-1]
    made = _joined(constants)
    made.lineno, made.col_offset = first.lineno, first.col_offset
    made.end_lineno, made.end_col_offset = last.end_lineno, last.end_col_offset
    yield made


STRINGS: Table = {
    cst.SimpleString: _simple,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: _formatted,
}
if hasattr(cst, "TemplatedString"):  # older releases of libcst lack it
    STRINGS[cst.TemplatedString] = _templated
