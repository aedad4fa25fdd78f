"""Messages that are sent at the wrong time, twice, or in a form that cannot be written."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pubsub_devtools.model import Site
from tests.bench.seeding.ground import Ground, Seed
from tests.bench.seeding.text import Edit, before_line, top_of

_TASKS = ("celery", "dramatiq")
_METHODS = {"delay", "apply_async", "send"}
_UNWRITABLE = ("{1, 2}", "lambda: None", 'open("/etc/hostname")', "(row for row in [])")


def before_commit(ground: Ground) -> Iterator[Seed]:
    """PSD015: a task is sent within a transaction that begins just around it."""
    for site in ground.publishers(*_TASKS):
        path, statement = site.place.path, ground.statement(site.place)
        uses_django = "from django" in (ground.text(path) or "")
        if (
            not uses_django
            or statement is None
            or not _is_sent(ground, site)
            or not _is_in_function(ground, path, statement)
        ):
            continue
        indent, end = ground.indent(path, statement.lineno), statement.end_lineno or statement.lineno
        lines = ground.lines(path, statement.lineno, end).splitlines(keepends=True)
        head = f"{indent}with transaction.atomic():\n"
        edits = [
            before_line(top_of(ground.tree(path)), "from django.db import transaction\n"),
            Edit((statement.lineno, 0, end + 1, 0), head + "".join(f"    {line}" for line in lines)),
        ]
        what = f"`{site.symbol}` sends in a transaction"
        yield from ground.seed("PSD015", path, 0, what, edits, after=statement.lineno + 2)


def unwritable(ground: Ground) -> Iterator[Seed]:
    """PSD017: an argument of a task becomes the object itself, a set, a function, a file or a generator."""
    for number, site in enumerate(ground.publishers(*_TASKS)):
        call = ground.call(site.place)
        if call is None or not call.args or not _is_sent(ground, site):
            continue
        if isinstance(call.args[0], ast.Starred) or ground.chooses_serializer:
            continue
        wrong = _object(ground, site, call.args[0]) or _UNWRITABLE[number % len(_UNWRITABLE)]
        edit = Edit(ground.span(site.place.path, call.args[0]), wrong)
        yield from ground.seed("PSD017", site.place.path, call.args[0].lineno, f"{wrong} is sent", [edit])


def _object(ground: Ground, site: Site, argument: ast.expr) -> str:
    """The object of which an argument is the key, where it was just fetched: `order` for `order.pk`."""
    if not (isinstance(argument, ast.Attribute) and argument.attr in ("pk", "id")):
        return ""
    path = ast.unparse(argument.value)
    for node in ast.walk(ground.tree(site.place.path)):
        is_it = isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [path]
        if isinstance(node, ast.Assign) and is_it and 0 < site.place.line - node.lineno < 15:
            made = ast.unparse(node.value)
            return path if ".objects.get(" in made or ".objects.create(" in made else ""
    return ""


def sent_again(ground: Ground) -> Iterator[Seed]:
    """PSD018: a task that sends another is retried for what comes after it."""
    index = ground.context.index
    for site in ground.handlers("celery"):
        function = ground.function(site)
        own = [index.sites[f.publisher] for f in index.flows_from(site.id) if not f.hops]
        sent = [p for p in own if p.event != site.event and p.certainty == "sure" and not p.evidence]
        held = [p for p in sent if index.events[p.event].delivery == "at-least-once"]
        statement = ground.statement(held[0].place) if len(held) == 1 else None
        if function is None or statement is None or len(function.decorator_list) != 1:
            continue
        path, decorator = site.place.path, function.decorator_list[0]
        if held[0].place.path != path or "retr" in ast.unparse(decorator) or _is_caught(function, statement):
            continue
        after = (statement.end_lineno or statement.lineno) + 1
        follows = before_line(after, ground.indent(path, statement.lineno) + "report_progress()\n")
        edits = [follows, _retrying(ground, path, decorator)]
        what = f"`{site.symbol}` sends before it reports"
        yield from ground.seed("PSD018", path, held[0].place.line, what, edits)


def _is_caught(function: ast.AST, statement: ast.stmt) -> bool:
    """Whether what fails beside a statement is caught, so that nothing is retried for it."""
    return any(isinstance(n, ast.Try) and statement in ast.walk(n) for n in ast.walk(function))


def _retrying(ground: Ground, path: str, decorator: ast.expr) -> Edit:
    line, column, end, last = ground.span(path, decorator)
    if not isinstance(decorator, ast.Call):
        return Edit((end, last, end, last), "(autoretry_for=(OSError,))")
    column = ground.span(path, decorator.func)[3]
    line = ground.span(path, decorator.func)[2]
    rest = ", " if decorator.args or decorator.keywords else ""
    first = [*decorator.args, *decorator.keywords]
    place = ground.span(path, first[-1])[2:] if first else (line, column + 1)
    return Edit((*place, *place), f"{rest}autoretry_for=(OSError,)")


def idle_comments(ground: Ground) -> Iterator[Seed]:
    """PSD100: a comment ignores what is not there."""
    silent = {(each.place.path, each.place.line) for each in ground.found()}
    for site in ground.publishers():
        path, line = site.place.path, site.place.line
        statement = ground.statement(site.place)
        is_line = statement is not None and statement.lineno == statement.end_lineno == line
        text = ground.lines(path, line, line).rstrip("\n")
        if is_line and "#" not in text and (path, line) not in silent:
            edit = Edit((line, len(text), line, len(text)), "  # pubsub: ignore[PSD015]")
            yield from ground.seed("PSD100", path, line, "PSD015 is ignored where it is not", [edit])


def _is_sent(ground: Ground, site: Site) -> bool:
    call = ground.call(site.place)
    is_method = call is not None and isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
    return is_method and not site.evidence


def _is_in_function(ground: Ground, path: str, statement: ast.stmt) -> bool:
    functions = (n for n in ast.walk(ground.tree(path)) if isinstance(n, ast.FunctionDef))
    return any(statement in ast.walk(each) for each in functions)
