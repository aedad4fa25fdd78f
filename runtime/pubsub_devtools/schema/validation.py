"""`Validation`: how strictly events are held to their classes when they are published and when they are received."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypeVar, cast, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import from_json, to_json

from pubsub_devtools.schema.checked import Check, compile_check
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.invalid import EventInvalid, Problem, of_validation

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry

__all__ = ["EventInvalid", "Level", "Problem", "Validation"]

EventT = TypeVar("EventT", bound=BaseEvent)
Level: TypeAlias = Literal["strict", "warn", "off"]

_log = logging.getLogger("pubsub_devtools")


class Validation:
    """What becomes of events that are not what their class says.

    ``"strict"`` refuses them with `EventInvalid`, ``"warn"`` logs the same words and lets them pass, ``"off"`` does not
    look. Each error names the event, the field and the way out.

    Args:
        level: For both sides.
        on_publish: For events that are published, where it differs.
        on_receive: For payloads that are received, where it differs.
        registry: Where given, a published class must be registered there, as it is, under its version.

    Raises:
        ValueError: There is no such level.

    Example:
        >>> class Paid(BaseEvent):
        ...     total: int
        >>> Validation("strict").receive(Paid, {"total": 3}).total
        3
        >>> Validation("strict").receive(Paid, b'{"total": "three"}')
        Traceback (most recent call last):
        ...
        pubsub_devtools.schema.invalid.EventInvalid: Paid is not valid: `total`: Input should be a valid integer, ...
    """

    def __init__(
        self,
        level: Level = "strict",
        *,
        on_publish: Level | None = None,
        on_receive: Level | None = None,
        registry: SchemaRegistry | None = None,
    ) -> None:
        self.on_publish: Level = on_publish or level
        self.on_receive: Level = on_receive or level
        self.registry = registry
        for given in (level, self.on_publish, self.on_receive):
            if given not in get_args(Level):
                raise ValueError(f"{given!r} is no level of validation: use 'strict', 'warn' or 'off'")

    def __repr__(self) -> str:
        return f"Validation(on_publish={self.on_publish!r}, on_receive={self.on_receive!r})"

    def compiled(self, cls: type[BaseEvent]) -> Check | None:
        """Return the check of a class for publishers, to be called with each event; None where nothing is checked.

        Raises:
            EventInvalid: The class is not registered as it is, and the level is strict.
        """
        if self.on_publish == "off":
            return None
        unknown = _not_registered(cls, self.registry) if self.registry else None
        check = compile_check(cls)
        if self.on_publish == "strict":
            if unknown:
                raise unknown
            return check
        if unknown:
            _log.warning("%s", unknown)
        return self.logged(check)

    @staticmethod
    def logged(check: Check) -> Check:
        """Return the check; what it refuses is logged and passes."""

        def warn(event: BaseEvent) -> None:
            try:
                check(event)
            except EventInvalid as error:
                _log.warning("%s", error)

        return warn

    def receive(self, cls: type[EventT], payload: bytes | str | Mapping[str, Any]) -> EventT:
        """Return the event that a payload is, as JSON holds it.

        Below strict, what does not fit its field is taken as it came, and a field that is missing stays missing.

        Raises:
            EventInvalid: The level is strict and the payload does not fit, or it is no JSON object at any level.
        """
        raw = payload if isinstance(payload, bytes | str) else to_json(payload)
        try:
            return cls.model_validate_json(raw)
        except ValidationError as error:
            wrong = of_validation(cls, error, received=True)
            if self.on_receive == "strict":
                raise wrong from None
        if self.on_receive == "warn":
            _log.warning("%s", wrong)
        return _as_it_came(cls, raw, wrong)


def _not_registered(cls: type[BaseEvent], registry: SchemaRegistry) -> EventInvalid | None:
    from pubsub_devtools.schema.registry.errors import RegistryError  # noqa: PLC0415 - only with a registry
    from pubsub_devtools.schema.registry.stored import is_registered  # noqa: PLC0415

    about = schema_of(cls)
    try:
        if is_registered(registry, cls):
            return None
        text = "it differs from what is registered under its version"
        way_out = f"Give {cls.__qualname__} a new version and register it"
    except RegistryError as error:
        text, way_out = str(error), f"Register it: registry.register({cls.__qualname__})"
    return EventInvalid(about.name, about.version, [Problem("", text)], way_out)


def _as_it_came(cls: type[EventT], raw: bytes | str, wrong: EventInvalid) -> EventT:
    try:
        given = from_json(raw)
    except ValueError:
        raise wrong from None
    if not isinstance(given, dict):
        raise wrong
    values = cast("dict[str, Any]", given)
    fields = {
        name: _taken(name, info, values)
        for name, info in cls.model_fields.items()
        if _key(name, info, values)
    }
    return cls.model_construct(**fields)


def _key(name: str, info: FieldInfo, values: Mapping[str, Any]) -> str | None:
    """Return the name under which a payload gives a field."""
    return next((key for key in (info.alias, name) if key and key in values), None)


def _taken(name: str, info: FieldInfo, values: Mapping[str, Any]) -> Any:
    value = values[_key(name, info, values) or name]
    form: Any = Annotated  # its arguments are known at run time alone
    reader: TypeAdapter[Any] = TypeAdapter(form[info.annotation, info])
    try:
        return reader.validate_json(to_json(value))
    except ValidationError:
        return value
