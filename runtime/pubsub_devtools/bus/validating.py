"""What becomes of events that are not valid: plugins hear that they were dropped, and who gave them hears why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pubsub_devtools.schema.checked import compile_check
from pubsub_devtools.schema.invalid import EventInvalid
from pubsub_devtools.schema.validation import Validation

if TYPE_CHECKING:
    from pubsub_devtools.plugins.slots import Hooks
    from pubsub_devtools.schema.event import BaseEvent
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry
    from pubsub_devtools.schema.validation import Level

Check = Callable[["BaseEvent"], None]


def with_registry(validation: Validation | Level | None, registry: SchemaRegistry) -> Validation:
    """Return the validation that asks a registry besides.

    Raises:
        ValueError: The validation has a registry of its own.
    """
    if validation is None or isinstance(validation, str):
        return Validation(validation or "strict", registry=registry)
    if validation.registry not in (None, registry):
        raise ValueError(
            "EventBus(registry=) and Validation(registry=) name two registries: leave out one of them"
        )
    on_publish, on_receive = validation.on_publish, validation.on_receive
    return Validation(on_publish=on_publish, on_receive=on_receive, registry=registry)


def published(validation: Validation, cls: type[BaseEvent]) -> Check | None:
    """Return the check of events of a class that are published here, None where they are not looked at.

    A class that the registry does not know is refused event by event, until it is registered.
    """
    try:
        return validation.compiled(cls)
    except EventInvalid:

        def ask_again(event: BaseEvent) -> None:
            if (check := validation.compiled(cls)) is not None:
                check(event)

        return ask_again


def received(validation: Validation, cls: type[BaseEvent]) -> Check | None:
    """Return the check of events of a class that come from elsewhere, None where they are not looked at."""
    if validation.on_receive == "off":
        return None
    check = compile_check(cls)
    return check if validation.on_receive == "strict" else validation.logged(check)


def dropping(check: Check, hooks: Hooks) -> Check:
    """Return the check; ``on_event_dropped`` hears of what it refuses."""

    def checked(event: BaseEvent) -> None:
        try:
            check(event)
        except EventInvalid as invalid:
            if (dropped := hooks.on_event_dropped) is not None:
                dropped(event, str(invalid))
            raise

    return checked
