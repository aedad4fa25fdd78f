"""Handlers that are wrong as functions: called in another way, called twice, calling themselves, blocking."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pubsub_devtools.model import Site
from tests.bench.seeding.ground import Ground, Seed
from tests.bench.seeding.text import Edit, Function, before_line, first_statement, top_of

_BLOCKING = (
    ("time", "time.sleep(1)"),
    ("requests", 'requests.get("https://example.org/health", timeout=5)'),
    ("subprocess", 'subprocess.run(["sync"], check=True)'),
)
_KWARGS = re.compile(r",?\s*\*\*\w+(\s*:\s*[\w.\[\]]+)?")


def loops(ground: Ground) -> Iterator[Seed]:
    """PSD011: a handler begins with publishing what it handles."""
    for site in ground.handlers("celery", "dramatiq", "django_signal", "blinker"):
        function = ground.function(site)
        again = _again(site, function) if function is not None and not site.evidence else ""
        if function is not None and again:
            line = first_statement(function).lineno
            edit = before_line(line, ground.indent(site.place.path, line) + again + "\n")
            yield from ground.seed(
                "PSD011", site.place.path, line, f"`{site.symbol}` does {again}", [edit], after=line
            )


def _again(site: Site, function: Function) -> str:
    """The statement that publishes a handler's own event."""
    names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
    plain = [d.func if isinstance(d, ast.Call) else d for d in function.decorator_list]
    if len(plain) != 1 or names[:1] == ["self"] or isinstance(function, ast.AsyncFunctionDef):
        return ""
    if site.dialect in ("celery", "dramatiq"):
        method = "delay" if site.dialect == "celery" else "send"
        keywords = [f"{arg.arg}={arg.arg}" for arg in function.args.kwonlyargs]
        return f"{function.name}.{method}({', '.join(names + keywords)})" if function.col_offset == 0 else ""
    decorator = function.decorator_list[0]
    if site.dialect == "blinker":
        is_connect = isinstance(plain[0], ast.Attribute) and plain[0].attr == "connect"
        sender = "" if not names else names[0]
        return (
            f"{ast.unparse(plain[0].value)}.send({sender})"
            if is_connect and isinstance(plain[0], ast.Attribute)
            else ""
        )
    is_one = isinstance(decorator, ast.Call) and len(decorator.args) == 1 and not decorator.keywords
    given = decorator.args[0] if isinstance(decorator, ast.Call) and is_one else None
    is_signal = isinstance(given, ast.Name | ast.Attribute) and "sender" in names
    return f"{ast.unparse(given)}.send(sender=sender)" if given is not None and is_signal else ""


def repeated(ground: Ground) -> Iterator[Seed]:
    """PSD012: a decorated handler copied below itself, or the statement that subscribes copied."""
    for site in ground.handlers():
        path, statement = site.place.path, None
        function = ground.function(site)
        if site.registered is not None and not site.evidence and ground.is_open(site.registered.path):
            statement = ground.statement(site.registered)
        if statement is not None and site.registered is not None and _is_told(statement):
            path, end = site.registered.path, statement.end_lineno or statement.lineno
            copy = before_line(end + 1, ground.lines(path, statement.lineno, end))
            what = f"`{site.symbol}` is subscribed twice"
            yield from ground.seed("PSD012", path, statement.lineno, what, [copy], after=end + 1)
        elif function in ground.tree(path).body and function is not None and function.decorator_list:
            first = min(each.lineno for each in function.decorator_list)
            end = function.end_lineno or first
            copy = before_line(end + 1, "\n\n" + ground.lines(path, first, end))
            at = (
                site.place.line
                if site.dialect in ("django_signal", "blinker")
                else site.place.line + end + 3 - first
            )
            if site.dialect in ("django_signal", "blinker", "celery", "dramatiq"):
                yield from ground.seed(
                    "PSD012", path, at, f"`{site.symbol}` is defined twice", [copy], after=at
                )


def _is_told(statement: ast.Expr) -> bool:
    """Whether a statement is one call on names and constants alone, with its lines to itself."""
    call = statement.value
    parts = (*call.args, *(k.value for k in call.keywords)) if isinstance(call, ast.Call) else ()
    kinds = ast.Name | ast.Attribute | ast.Constant
    return bool(parts) and all(
        isinstance(n, kinds | ast.expr_context) for part in parts for n in ast.walk(part)
    )


def misfits(ground: Ground) -> Iterator[Seed]:
    """PSD013: a handler's parameters no longer fit how its framework calls it."""
    for site in ground.handlers("django_signal", "celery", "blinker", "nats", "ha_bus", "pika", "aio_pika"):
        function = ground.function(site)
        if function is None or site.evidence:
            continue
        first, last = site.place.line, function.body[0].lineno - 1
        head = ground.lines(site.place.path, first, last)
        new = _unfit(site, function, head) if last >= first else head
        if new != head:
            edit = Edit((first, 0, last + 1, 0), new)
            what = f"`{site.symbol}` takes {new.strip()}"
            yield from ground.seed("PSD013", site.place.path, first, what, [edit])


def _unfit(site: Site, function: Function, head: str) -> str:
    args = function.args
    if any(_name(d) not in ("receiver", "connect", "task", "shared_task") for d in function.decorator_list):
        return head
    if site.dialect == "django_signal":
        used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
        is_free = args.kwarg is not None and args.kwarg.arg not in used
        return _KWARGS.sub("", head, count=1) if is_free else head
    if site.dialect == "celery":
        is_bound = any("bind" in ast.unparse(d) for d in function.decorator_list)
        is_plain = function.col_offset == 0 and not is_bound and len(function.decorator_list) == 1
        return re.sub(r"\((?=\s*\w)", "(self, ", head, count=1) if is_plain and args.args else head
    if args.vararg or args.defaults or function.col_offset:
        return head
    return re.sub(r"\(\s*\w+\s*(:[^,)]*)?(?=[,)])", "(", head, count=1) if len(args.args) == 1 else head


def _name(decorator: ast.expr) -> str:
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    return inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")


def blocking(ground: Ground) -> Iterator[Seed]:
    """PSD014: an async handler sleeps, asks or runs something without letting the loop go on."""
    for number, site in enumerate(ground.handlers()):
        function = ground.function(site)
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        module, call = _BLOCKING[number % len(_BLOCKING)]
        tree = ground.tree(site.place.path)
        if module in {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }:
            continue
        line = first_statement(function).lineno
        edits = [
            before_line(top_of(tree), f"import {module}\n"),
            before_line(line, f"{ground.indent(site.place.path, line)}{call}\n"),
        ]
        yield from ground.seed(
            "PSD014", site.place.path, line, f"`{site.symbol}` calls {call}", edits, after=line + 1
        )
