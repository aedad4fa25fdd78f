"""What a serializer cannot write, where it is plain to see. Pure, on trees."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, TypeAlias

from pubsub_devtools_analysis.checks.paths import own

if TYPE_CHECKING:
    from collections.abc import Iterator

Writer: TypeAlias = Literal["celery", "dramatiq", "json"]

_NEVER = {
    "set": "a set",
    "frozenset": "a set",
    "open": "an open file",
    "threading.Lock": "a lock",
    "threading.RLock": "a lock",
    "asyncio.Lock": "a lock",
    "asyncio.Queue": "a queue",
    "object": "an object",
    "get_object_or_404": "a model instance",
}
_NOT_IN_PLAIN_JSON = {
    **dict.fromkeys(
        ("datetime.now", "datetime.utcnow", "datetime.today", "timezone.now", "datetime.fromtimestamp"),
        "a datetime",
    ),
    **dict.fromkeys(("date.today", "timezone.localdate"), "a date"),
    **dict.fromkeys(("uuid4", "uuid1", "uuid.uuid4", "uuid.uuid1"), "a UUID"),
    **dict.fromkeys(("Decimal", "decimal.Decimal"), "a Decimal"),
}
_INSTANCES = frozenset({"get", "create", "first", "last", "latest", "earliest", "get_by_natural_key"})
_QUERIES = frozenset({"all", "filter", "exclude", "order_by", "select_related", "prefetch_related"})
_OPTIONS = frozenset({"args", "kwargs"})


def unwritable(tree: ast.Module, call: ast.Call, writer: Writer) -> Iterator[tuple[ast.expr, str]]:
    """The expressions in a call that cannot be written, each in words.

    Args:
        tree: the file.
        call: the publish.
        writer: how the payload is written; with ``json`` only what stands in a `json.dumps` is.
    """
    function = _around(tree, call)
    if writer != "json":
        for node in _arguments(call):
            yield from _bad(node, function, writer)
        return
    for inner in ast.walk(call):
        if isinstance(inner, ast.Call) and _is_plain_dump(inner):
            yield from _bad(inner.args[0], function, writer)


def _is_plain_dump(call: ast.Call) -> bool:
    """Whether a call writes JSON, and does not say how to write what JSON has no form for."""
    options = {keyword.arg for keyword in call.keywords}
    return _path(call.func) == "json.dumps" and bool(call.args) and not options & {"default", "cls", None}


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """What a task gets: options of the call are not written."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    is_packed = name.startswith(("apply_async", "send_with_options"))
    if is_packed:
        yield from call.args[:2]
        yield from (k.value for k in call.keywords if k.arg in _OPTIONS)
    else:
        yield from call.args
        yield from (k.value for k in call.keywords if k.arg)


def _bad(node: ast.expr, function: ast.AST | None, writer: Writer) -> Iterator[tuple[ast.expr, str]]:
    match node:
        case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            for value in values:
                yield from _bad(value, function, writer)
        case ast.Name(id=name) if function is not None:
            assigned = _assigned(function, name)
            words = "" if assigned is None else _words(assigned, writer)
            if words:
                yield node, f"`{name}`, {words},"
        case _:
            words = _words(node, writer)
            if words:
                yield node, words


def _words(node: ast.expr, writer: Writer) -> str:
    """What a value is that cannot be written; empty for any other."""
    match node:
        case ast.Set() | ast.SetComp():
            return "a set"
        case ast.Lambda():
            return "a function"
        case ast.GeneratorExp():
            return "a generator"
        case ast.Call(func=func):
            path = _path(func)
            last = ".".join(path.split(".")[-2:])
            if writer != "celery" and last in _NOT_IN_PLAIN_JSON:
                return _NOT_IN_PLAIN_JSON[last]
            return _NEVER.get(path, "") or _of_django(func)
        case _:
            return ""


def _of_django(func: ast.expr) -> str:
    """`Order.objects.get()` and `Order.objects.filter()`, however long the way between."""
    if not isinstance(func, ast.Attribute) or not _has_manager(func.value):
        return ""
    return "a model instance" if func.attr in _INSTANCES else "a query" if func.attr in _QUERIES else ""


def _has_manager(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            return isinstance(node.value, ast.Name) and node.value.id[:1].isupper()
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr.startswith("value")
        ):
            return False  # `values_list` gives rows of plain values
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _path(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            base = _path(value)
            return f"{base}.{attr}" if base else ""
        case _:
            return ""


def _around(tree: ast.Module, call: ast.Call) -> ast.AST | None:
    """The innermost function around a call."""
    found: ast.AST | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            each is call for each in ast.walk(node)
        ):
            found = node
    return found


def _assigned(function: ast.AST, name: str) -> ast.expr | None:
    """What a variable is assigned where the function binds it once, to one name alone."""
    nodes = [node for statement in getattr(function, "body", []) for node in own(statement)]
    stores = [n for n in nodes if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)]
    values = [n.value for n in nodes if isinstance(n, ast.Assign) and _is_name(n.targets, name)]
    return values[0] if len(stores) == len(values) == 1 else None


def _is_name(targets: list[ast.expr], name: str) -> bool:
    return len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id == name
