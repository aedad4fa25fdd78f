"""What a publisher must give: the fields of the event's schema, or the parameters of the function that it calls.

A taker is only named where it is sure what it takes: one function under no decorator that may change its parameters, or
a class that nothing but its fields makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools.model.field_type import Record, RecordField, Unknown
from pubsub_devtools.schema.from_annotations import annotation_type
from pubsub_devtools_analysis.checks.balance import VARIABLES
from pubsub_devtools_analysis.checks.names import dotted
from pubsub_devtools_analysis.checks.wrapping import hands_on
from pubsub_devtools_analysis.facts import Attr, CallRef, Lit, Name
from pubsub_devtools_analysis.queries.tasks import TASKS
from pubsub_devtools_analysis.schemas import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Place, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, FileFacts, Param, Scope

_SENDING = frozenset(
    {
        "delay",
        "apply_async",
        "send_task",
        "delay_on_commit",
        "apply_async_on_commit",
        "send",
        "send_with_options",
    }
    | {"kiq", "enqueue_job", "send_robust", "asend", "asend_robust"}
)
"""Methods whose arguments are all that the function gets. Signatures (`task.s(1)`) may be given more by a chain."""

_DECLARING = frozenset({"task", "shared_task", "actor", "receiver", "connect", "connect_via"})
_NEUTRAL = frozenset({"staticmethod", "django.db.transaction.atomic", "typing.override"})
_OWN = {"django_signal": ("sender", "signal"), "arq": ("ctx",)}


class Taker(NamedTuple):
    """Who takes a payload, in words and where, and what it takes."""

    record: Record
    words: str
    place: Place


def takers(context: Context, site: Site) -> Iterator[Taker]:
    """Those that take what a publisher gives: all that they require is known, and all that they take unless it is open."""
    event = context.fields.events.get(site.event)
    if event is None or event.pattern:
        return
    found = _functions(context, site) if event.transport in TASKS | VARIABLES else _schemas(context, site)
    yield from found


def _schemas(context: Context, site: Site) -> Iterator[Taker]:
    """The schema that the publisher names; the event's, where there is one alone."""
    declared = [s for s in context.fields.events[site.event].schemas if not s.inferred]
    named = [s for s in declared if s.symbol == site.schema] or (declared if len(declared) == 1 else [])
    for schema in named:
        is_closed = isinstance(schema.type, Record) and not schema.type.open
        is_file = not schema.place.path.endswith(".py")
        if isinstance(schema.type, Record) and (is_closed or is_file) and not schema.type.positional:
            yield Taker(schema.type, f"`{schema.type.name}`", schema.place)


def _functions(context: Context, site: Site) -> Iterator[Taker]:
    """The task that is sent, or each receiver of a signal."""
    call = context.call(site.place)
    is_entry = site.reason == "table"
    if site.evidence or not (is_entry or (call is not None and call.name in _SENDING)):
        return
    transport = context.fields.events[site.event].transport
    handlers = [s for s in context.index.sites_of(site.event, "handle") if not s.in_tests]
    if transport in TASKS and len(handlers) != 1:
        return
    for handler in handlers:
        function = context.function(handler)
        if handler.certainty == "sure" and not handler.evidence and function is not None:
            facts, index = function
            scope = facts.scopes[index]
            if _is_plain(context, handler.place.path, facts, scope) and not _hears_one_sender(
                context, handler, facts, scope
            ):
                record = _record(facts, scope, _OWN.get(transport, ()), is_signal=transport in VARIABLES)
                yield Taker(record, f"`{scope.name}`", handler.place)


def _record(facts: FileFacts, scope: Scope, own: tuple[str, ...], *, is_signal: bool) -> Record:
    """The parameters that a publisher gives."""
    params = list(scope.params)
    in_class = facts.scopes[scope.parent].kind == "class"
    is_static = any(_name(facts, d.value) == "staticmethod" for d in scope.decorators)
    takes_object = (in_class and not is_static) or _is_bound(facts, scope)
    if takes_object or (not is_signal and params and params[0].name in ("self", "ctx")):
        params = params[1:]
    if is_signal and "sender" not in own:
        params = params[1:]  # blinker gives the sender by position
    fields = tuple(_field(facts, p) for p in params if p.kind in ("p", "k") and p.name not in own)
    is_open = any(p.kind == "**" for p in params)
    return Record(scope.name, fields, "allow" if is_open else "forbid")


def _field(facts: FileFacts, param: Param) -> RecordField:
    """A parameter; one without a default may still be filled in by the framework, where its annotation says so."""
    text = "" if param.annotation is None else written(facts, param.annotation)
    is_injected = any(word in text for word in ("Depends", "Context"))
    type_ = annotation_type(text) if text else Unknown()
    return RecordField(
        param.name, type_, param.default is None and not is_injected, param.default is not None
    )


def _is_bound(facts: FileFacts, scope: Scope) -> bool:
    return any(
        isinstance(d.value, CallRef)
        and dict(facts.calls[d.value.index].keywords).get("bind") == Lit(value=True)
        for d in scope.decorators
    )


def _is_plain(context: Context, path: str, facts: FileFacts, scope: Scope) -> bool:
    """Whether nothing stands before the function that may change its parameters: a decorator, a base of tasks."""
    return all(_keeps_parameters(context, path, facts, scope, d.value) for d in scope.decorators)


def _keeps_parameters(context: Context, path: str, facts: FileFacts, scope: Scope, value: AnyExpr) -> bool:
    inner = facts.calls[value.index].func if isinstance(value, CallRef) else value
    given = dict(facts.calls[value.index].keywords) if isinstance(value, CallRef) else {}
    if given.keys() & {"base", "typing", "**"}:
        return False
    if _name(facts, inner) in _DECLARING or dotted(facts, scope.parent, inner) in _NEUTRAL:
        return True
    return hands_on(context, path, facts, inner)


def _hears_one_sender(context: Context, handler: Site, facts: FileFacts, scope: Scope) -> bool:
    """Whether a receiver is only called for a sender of its choice, who may give other arguments."""
    calls = [facts.calls[d.value.index] for d in scope.decorators if isinstance(d.value, CallRef)]
    found = context.call(handler.registered) if handler.registered is not None else None
    calls += [] if found is None else [found]
    return any(call.name == "connect_via" or "sender" in dict(call.keywords) for call in calls)


def _name(facts: FileFacts, expr: AnyExpr) -> str:
    match expr:
        case CallRef(index=index):
            return facts.calls[index].name
        case Attr(name=name) | Name(id=name):
            return name
        case _:
            return ""
