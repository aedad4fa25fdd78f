"""Dicts of handlers by message class that are written out."""

from __future__ import annotations

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import At, Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, CallRef, FileFacts, Map, Typed
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.shapes.words import DIALECT, HANDLERS
from pubsub_devtools_analysis.values import Class, External, Function, Instance, Items, Str, Value


def registries(finder: Finder, path: str, facts: FileFacts) -> list[Draft]:
    """Dicts of handlers by message class: `{Event: [f, g]}`, `{Command: f}`, at the top of a module or class."""
    found: list[Draft] = []
    for index, scope in enumerate(facts.scopes):
        if scope.kind not in ("module", "class"):
            continue
        for name, bindings in scope.names.items():
            for binding in bindings:
                table = written_out(binding.value, facts)
                if table is not None and HANDLERS.search(name):
                    at = At(path, facts, index, binding.block, binding.line)
                    found.extend(entries(finder, at, table, scope.key))
    return found


def written_out(value: AnyExpr, facts: FileFacts) -> Map | None:
    """The dict that is written out in an assignment, annotated or not, or given to a container: `providers.Dict({})`."""
    while isinstance(value, Typed) and value.value is not None:
        value = value.value
    if isinstance(value, CallRef):
        given = facts.calls[value.index].args
        value = given[0] if len(given) == 1 else value
    return value if isinstance(value, Map) and value.keys else None


def entries(finder: Finder, at: At, table: Map, scope: str) -> list[Draft]:
    """The handlers that a dict lists; none, where an entry is anything else than an event and its handlers."""
    found: list[Draft] = []
    evaluator = finder.evaluator
    for key, value, line in zip(table.keys, table.values, at.facts.displays[table.place], strict=True):
        keys = evaluator.eval(at, key) if key is not None else ()
        names = [v for v in keys if isinstance(v, Class) or (isinstance(v, Str) and v.origin)]
        handlers = [h for h in _functions(evaluator, evaluator.eval(at, value)) if isinstance(h, Function)]
        handlers = handlers or made_later(evaluator, at, value)
        if not names or not handlers:
            return []
        for cls in names:
            text = finder.class_name(cls, EventSpec(class_="path")) if isinstance(cls, Class) else cls
            for handler in handlers:
                found.append(
                    Draft("handle", DIALECT, DIALECT, text, at.path, (line, 0, line, 0), scope, handler,
                          certainty="likely", reason="registry")
                )  # fmt: skip
    return found


def made_later(evaluator: Evaluator, at: At, value: AnyExpr, depth: int = 0) -> list[Function]:
    """The handlers of objects that a container makes: `providers.List(providers.Factory(SendMail, mailer))`."""
    call = at.facts.calls[value.index] if isinstance(value, CallRef) else None
    if call is None or depth > 2 or not _is_outside(evaluator.eval(at, call.func)):
        return []
    classes = [v for v in evaluator.eval(at, call.args[0]) if isinstance(v, Class)] if call.args else []
    made = [f for cls in classes for f in evaluator.member(cls, "__call__") or () if isinstance(f, Function)]
    inner = (made_later(evaluator, at, arg, depth + 1) for arg in call.args)
    return made or [function for functions in inner for function in functions]


def _is_outside(values: tuple[Value, ...]) -> bool:
    return any(isinstance(v, External) for v in values)


def _functions(evaluator: Evaluator, values: tuple[Value, ...]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            found.extend(v for group in value.items for v in _functions(evaluator, group))
        elif isinstance(value, Instance):
            found.extend(evaluator.member(value.cls, "__call__") or ())
        else:
            inner = getattr(value, "function", value)
            found.append(inner if isinstance(inner, Function) else value)
    return found
