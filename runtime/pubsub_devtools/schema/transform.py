"""One step of a migration: a user's function, called with what its annotation asks for, its result as a plain payload."""

from __future__ import annotations

import copy
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

import msgspec
from pydantic_core import from_json, to_json

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.migration_error import MigrationError

__all__ = ["Payload", "Step", "Transform", "json_payload", "taken_class"]

Payload: TypeAlias = dict[str, Any]
"""An event's fields as JSON holds them: texts for dates, lists for sets."""

Transform: TypeAlias = Callable[[Any], Mapping[str, Any] | BaseEvent]


class Step(msgspec.Struct, frozen=True):
    """A registered transform. ``takes`` is the event class that its parameter is annotated with; None takes the payload."""

    event: str
    from_version: str
    to_version: str
    transform: Callable[[Any], object]
    takes: type[BaseEvent] | None

    def run(self, payload: Payload, event: str) -> Payload:
        """Return the payload of the next version. What was given stays as it was, whatever the transform does to its own.

        Raises:
            MigrationError: The transform failed, or returned neither a mapping nor an event of the next version.
        """
        try:
            given = (
                copy.deepcopy(payload)
                if self.takes is None
                else self.takes.model_validate_json(to_json(payload))
            )
            result = self.transform(given)
        except Exception as error:
            raise self.failed(event, f"failed: {type(error).__name__}: {error}") from error
        if isinstance(result, BaseEvent):
            return self._dumped(result, event)
        if not isinstance(result, Mapping):
            raise self.failed(event, f"returned {result!r}: it must return the new payload, or an event")
        return json_payload(cast("Mapping[str, Any]", result))

    def _dumped(self, result: BaseEvent, event: str) -> Payload:
        schema = schema_of(type(result))
        if schema.version != self.to_version:
            raise self.failed(event, f"returned {schema.name} {schema.version or 'without a version'}")
        return json_payload(result)

    def failed(self, event: str, what: str) -> MigrationError:
        """Return the error that says what this step did."""
        name = getattr(self.transform, "__qualname__", repr(self.transform))
        text = f"the migration of {event} {arrow(self.from_version, self.to_version)} ({name}) {what}"
        return MigrationError(text, event, self.from_version, self.to_version)


def arrow(*versions: str) -> str:
    """Return versions as a way: ``1.0.0 → 2.0.0``."""
    return " → ".join(version or "(no version)" for version in versions)


def json_payload(event: BaseEvent | Mapping[str, Any]) -> Payload:
    """Return the fields of an event or a mapping as JSON holds them.

    Raises:
        pydantic_core.PydanticSerializationError: JSON cannot carry a value.
    """
    text = event.model_dump_json() if isinstance(event, BaseEvent) else to_json(dict(event))
    return cast("Payload", from_json(text))


def taken_class(transform: Callable[[Any], object], event: str, from_version: str) -> type[BaseEvent] | None:
    """Return the event class that a transform takes, or None where it takes the payload.

    Raises:
        TypeError: It cannot be called with one argument, or takes an event of another name or version.
    """
    try:
        parameters = list(inspect.signature(transform).parameters.values())
    except ValueError:
        return None  # written in C, as `dict` is: it gets the payload
    if not parameters:
        raise TypeError(
            f"the migration of {event} from {from_version} takes no argument: it gets the payload"
        )
    hint = _hint(transform, parameters[0])
    if not (isinstance(hint, type) and issubclass(hint, BaseEvent)) or hint is BaseEvent:
        return None
    schema = schema_of(hint)
    if schema.version != from_version or event not in ("", schema.name):
        raise TypeError(
            f"the migration of {event or schema.name} from {from_version} takes {hint.__qualname__}, "
            f"which is {schema.name} {schema.version}"
        )
    return hint


def _hint(transform: Callable[[Any], object], parameter: inspect.Parameter) -> object:
    try:
        return typing.get_type_hints(transform).get(parameter.name)
    except (NameError, TypeError):
        return parameter.annotation  # a name that does not exist at run time, or no function
