"""What is given and what is read, changed on one side alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pubsub_devtools.model import Site
from pubsub_devtools.model.field_type import Record, RecordField, Scalar
from pubsub_devtools_analysis.checks.takers import Taker, takers
from tests.bench.seeding.ground import Ground, Seed
from tests.bench.seeding.text import Edit, Span

_BY_POSITION = {"delay", "send", "kiq"}
_WRONG = {"str": "5", "int": '"many"', "float": '"cheap"', "bool": '"perhaps"', "datetime": '"soon"[:0]'}
_LOOKING = {"hasattr", "getattr", "isinstance", "issubclass", "suppress", "vars", "asdict"}
_PARAMETERS = {"celery", "dramatiq", "taskiq", "arq"}
"""Their handlers read parameters, not keys."""

Argument = ast.keyword | ast.expr


def missing_fields(ground: Ground) -> Iterator[Seed]:
    """PSD004: an argument that is required is left out."""
    for site, taker, call in _taken(ground):
        required = {f.name for f in taker.record.fields if f.required}
        for name, argument in _arguments(site, taker, call):
            is_last = argument is ([*call.args, *call.keywords] or [None])[-1]
            if name in required and (isinstance(argument, ast.keyword) or is_last):
                edit = Edit(_with_comma(ground, site.place.path, call, argument), "")
                what = f"`{name}` is left out for {taker.words}"
                yield from ground.seed("PSD004", site.place.path, site.place.line, what, [edit])
                break


def unknown_fields(ground: Ground) -> Iterator[Seed]:
    """PSD005: an argument is misspelt, or given though nobody takes it."""
    for site, taker, call in _taken(ground):
        known = {name for f in taker.record.fields for name in (f.name, *f.aliases)}
        keywords = [k for k in call.keywords if k.arg in known]
        if taker.record.open or (not keywords and not (call.args and site.reason == "table")):
            continue
        if keywords:
            span = ground.span(site.place.path, keywords[-1])
            edit = Edit(
                (span[0], span[1], span[0], span[1] + len(keywords[-1].arg or "")), f"{keywords[-1].arg}_"
            )
        else:
            end = ground.span(site.place.path, call.args[-1])[2:]
            edit = Edit((*end, *end), ", on_behalf_of=None")
        what = f"{edit.new} is no field of {taker.words}"
        yield from ground.seed("PSD005", site.place.path, site.place.line, what, [edit])


def ill_typed_fields(ground: Ground) -> Iterator[Seed]:
    """PSD006: an argument becomes a literal that its field cannot be."""
    for site, taker, call in _taken(ground):
        types = {f.name: _scalar(f) for f in taker.record.fields}
        for name, argument in _arguments(site, taker, call):
            wrong = _WRONG.get(types.get(name, ""))
            if wrong is not None:
                value = argument.value if isinstance(argument, ast.keyword) else argument
                edit = Edit(ground.span(site.place.path, value), wrong)
                what = f"`{name}` of {taker.words} is {types[name]} and given {wrong}"
                yield from ground.seed("PSD006", site.place.path, site.place.line, what, [edit])
                break


def undeclared_reads(ground: Ground) -> Iterator[Seed]:
    """PSD007: a handler reads a field under a name that its schema does not have."""
    for site in ground.context.with_fields(ground.handlers()):
        schemas = [s for s in ground.context.fields.events[site.event].schemas if not s.inferred]
        closed = [s for s in schemas if isinstance(s.type, Record) and not s.type.open]
        if schemas and len(closed) == len(schemas):
            names = {name for s in schemas for name in (*s.members, *(f.name for f in s.fields))}
            yield from _misread(ground, "PSD007", site, names)


def unpublished_reads(ground: Ground) -> Iterator[Seed]:
    """PSD008: a handler takes a key out of its message that no publisher puts in."""
    for site in ground.context.with_fields(ground.handlers()):
        event = ground.context.index.events[site.event]
        reached = [reach.site for reach in ground.context.index.publishers(site.event)]
        publishers = list(ground.context.with_fields(reached))
        declared = [s for s in ground.context.fields.events[site.event].schemas if not s.inferred]
        is_known = all(p.keys and not p.open and p.certainty == "sure" for p in publishers)
        if publishers and is_known and not declared and event.transport not in _PARAMETERS:
            names = {use.name.partition(".")[0] for p in publishers for use in p.keys}
            yield from _misread(ground, "PSD008", site, names)


def _misread(ground: Ground, code: str, site: Site, names: set[str]) -> Iterator[Seed]:
    """One read of a handler's own text renamed, where nothing asks or catches first."""
    function = ground.function(site)
    if function is None or _asks(function):
        return
    for use in site.reads:
        for node in _own(function) if use.name in names and use.place.path == site.place.path else ():
            edit = _renamed(ground, site.place.path, node, use.name, use.place.line, code)
            if edit is not None:
                what = f"`{site.symbol}` reads {edit.new}"
                yield from ground.seed(code, site.place.path, use.place.line, what, [edit])
                return


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, but for what stands in f-strings: before Python 3.12 that had no true places."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.JoinedStr):
            yield from _own(child)


def _renamed(ground: Ground, path: str, node: ast.AST, name: str, line: int, code: str) -> Edit | None:
    if isinstance(node, ast.Attribute) and (node.attr, node.end_lineno) == (name, line) and code == "PSD007":
        _, _, last, end = ground.span(path, node)
        is_read = isinstance(node.ctx, ast.Load)
        return Edit((last, end, last, end), "_value") if is_read else None
    is_key = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    if not (isinstance(node, ast.Subscript) and is_key and isinstance(node.ctx, ast.Load)):
        return None
    if (getattr(node.slice, "value", None), node.lineno) == (name, line):
        return Edit(ground.span(path, node.slice), f'"{name}_value"')
    return None


def _asks(function: ast.AST) -> bool:
    """Whether a function looks what its message has, or catches what happens when it lacks something."""
    for node in ast.walk(function):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Match | ast.Try) or name in _LOOKING:
            return True
    return False


def _taken(ground: Ground) -> Iterator[tuple[Site, Taker, ast.Call]]:
    """Publishers that show all that they give, with who takes it and the call in which it is given."""
    for site in ground.context.with_fields(ground.publishers()):
        call = ground.call(site.place)
        for taker in takers(ground.context, site) if call is not None and not site.open else ():
            made = _making(call, taker.record.name) if call is not None else None
            if made is not None:
                yield site, taker, made


def _making(call: ast.Call, name: str) -> ast.Call | None:
    """The call in which the fields stand: that of the event's class inside, else the publish itself."""
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and node is not call and _called(node) == name:
            return node
    return call if _called(call) in _BY_POSITION else None


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _arguments(site: Site, taker: Taker, call: ast.Call) -> Iterator[tuple[str, Argument]]:
    """The arguments with the fields that they stand for."""
    order = [f.name for f in taker.record.fields]
    is_signal = site.dialect in ("django_signal", "blinker")
    if not is_signal and not any(isinstance(a, ast.Starred) for a in call.args):
        yield from zip(order, call.args, strict=False)
    yield from ((k.arg, k) for k in call.keywords if k.arg)


def _scalar(field: RecordField) -> str:
    return field.type.name if isinstance(field.type, Scalar) else ""


def _with_comma(ground: Ground, path: str, call: ast.Call, argument: Argument) -> Span:
    """An argument and the comma before it, or after it where it is the first."""
    both = sorted((ground.span(path, each) for each in (*call.args, *call.keywords)), key=lambda s: s)
    own = ground.span(path, argument)
    index = both.index(own)
    if index:
        return (*both[index - 1][2:], *own[2:])
    return (*own[:2], *both[1][:2]) if len(both) > 1 else own
