"""What a handler takes: its parameters, where each of them is a field of the message (tasks, signals)."""

from __future__ import annotations

from pubsub_devtools.model import Field
from pubsub_devtools_analysis.facts import FileFacts, Param
from pubsub_devtools_analysis.fields.handlers import Handlers
from pubsub_devtools_analysis.fields.messages import own, payload
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Function


def takes(handlers: Handlers, draft: Draft) -> tuple[Field, ...] | None:
    """The parameters that a message fills; nothing where one parameter carries the whole of it."""
    message = draft.message or handlers.message(draft.dialect)
    if message.form != "parameters" or not isinstance(draft.handler, Function):
        return None
    path = draft.handler.path
    facts = handlers.workspace.facts(path)
    if facts is None:
        return None
    scope = facts.scopes[handlers.workspace.scope(path, draft.handler.key)]
    params = payload(handlers.evaluator, path, own(facts, scope), message)
    return tuple(field(facts, param) for param in params)


def field(facts: FileFacts, param: Param) -> Field:
    """A parameter as a field; one that takes any number keeps its stars."""
    stars = param.kind if param.kind in ("*", "**") else ""
    return Field(
        stars + param.name,
        "" if param.annotation is None else written(facts, param.annotation),
        required=not stars and param.default is None,
        default="" if param.default is None else written(facts, param.default),
    )
