"""How tasks are written: what a workspace tells its framework, and what single tasks and publishers say instead.

Celery writes JSON unless `task_serializer` says otherwise, Dramatiq unless an encoder is set. A setting whose value only
running could tell counts as any.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.facts import CallRef, Lit
from pubsub_devtools_analysis.layout import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call

_SETTING = re.compile(rb"(?i)task_serializer")
_TAUGHT = {
    "celery": re.compile(
        rb"\bregister_type\b|kombu\.utils\.json import .*\bJSONEncoder\b|\bregister\(\s*[\"']json[\"']"
    ),
    "dramatiq": re.compile(rb"\bset_encoder\b"),
}
"""By framework: what teaches it to write more than JSON has."""

_BASES = re.compile(rb"(?m)^[ \t]+serializer\s*=\s*[\"'](?!json)")
"""A base class of tasks that chooses for all of them."""


def writes_json(context: Context, site: Site) -> bool:
    """Whether a task is plainly written as JSON, and as nobody has extended it."""
    if context.speaks_of(_TAUGHT[site.dialect]):
        return False
    if site.dialect != "celery":
        return True
    if context.speaks_of(_BASES):
        return False
    own = [value for value in _own(context, site) if value is not None]
    return all(value == "json" for value in own or _told(context))


def _told(context: Context) -> frozenset[str]:
    """The values that `task_serializer` is set to, by whatever way and prefix; `?` for one that cannot be told."""
    none: frozenset[str] = frozenset()
    return context.memo.get(("serializers", "workspace", ""), partial(_in_workspace, context), none)


def _in_workspace(context: Context) -> frozenset[str]:
    none: frozenset[str] = frozenset()
    return frozenset(
        value
        for path in context.holding.files(_SETTING)
        if not is_test(path)
        for value in context.memo.get(("serializers", path, ""), partial(_in_file, context, path), none)
    )


def _in_file(context: Context, path: str) -> frozenset[str]:
    return frozenset(_settings(context.tree(path)))


def _own(context: Context, site: Site) -> Iterator[str | None]:
    """What the publisher says of itself, and the tasks that it sends."""
    call = context.call(site.place)
    if call is not None:
        yield _said(call)
    for handler in context.index.sites_of(site.event, "handle"):
        function = context.function(handler)
        for decorator in function[0].scopes[function[1]].decorators if function is not None else ():
            if function is not None and isinstance(decorator.value, CallRef):
                yield _said(function[0].calls[decorator.value.index])


def _said(call: Call) -> str | None:
    """The serializer that a call names: nothing where it names none."""
    given = dict(call.keywords)
    if "serializer" not in given and "**" not in given:
        return None
    value = given.get("serializer")
    return value.value if isinstance(value, Lit) and isinstance(value.value, str) else "?"


def _settings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for name, value in _pairs(node):
            if name.lower().endswith("task_serializer"):
                yield _value(value)


def _pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What a node binds: assignments to names, attributes and keys, keyword arguments, entries of dicts."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((_name(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield _name(target), value
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            yield from ((_name(k), v) for k, v in zip(keys, values, strict=True) if k is not None)
        case _:
            return


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return ""


def _value(node: ast.expr) -> str:
    """A setting's value: also where an environment may say otherwise, and the code names the default alone."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(args=[_, ast.Constant(value=str(text))]):
            return text
        case ast.Call(keywords=keywords):
            defaults = [k.value for k in keywords if k.arg == "default"]
            return _value(defaults[0]) if defaults else "?"
        case _:
            return "?"
