"""`ConsumerContract`: what one consumer needs of an event, kept in a file that the producer's tests verify.

The consumer writes it where its tests run; the file travels to the producer (a shared folder, a repository, an artifact),
whose tests hold today's class to it. So each side tests alone, and a change that breaks somebody is seen where it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.compatibility.consumers import Reads, judge_consumer
from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.paths import find
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.from_pydantic import model_type

__all__ = ["SUFFIX", "ConsumerContract", "consumer_contract", "read_contract"]

SUFFIX = ".contract.json"

EventT = TypeVar("EventT", bound=BaseEvent)


class ConsumerContract(msgspec.Struct, frozen=True):
    """Which fields of an event a consumer reads, and what they were when it was written."""

    consumer: str
    event: str
    version: str
    reads: tuple[str, ...]
    message: Record
    format: int = 1

    def broken_by(self, now: type[BaseEvent] | Record) -> tuple[Difference, ...]:
        """Return what the consumer would no longer find, or find changed, in events of a class.

        Args:
            now: The class, or the type of its messages.

        Example:
            >>> class Paid(BaseEvent):
            ...     total: int
            >>> class Changed(BaseEvent):
            ...     cents: int
            >>> [found.text for found in consumer_contract("billing", Paid, ["total"]).broken_by(Changed)]
            ['`total` is no longer given']
        """
        judged = judge_consumer(
            self.message, now if isinstance(now, Record) else model_type(now), Reads(self.reads)
        )
        return tuple(reason for reason in judged.reasons if reason.severity == "breaking")

    def sample(self, event: EventT) -> EventT:
        """Return an event with nothing but the fields that the consumer says it reads: a handler that reads more fails."""
        names = {path.partition(".")[0] for path in self.reads}
        given = {name: value for name, value in vars(event).items() if name in names}
        return type(event).model_construct(**given)

    def save(self, folder: str | Path) -> Path:
        """Write the contract into a folder, under the consumer's and the event's name, and return the file."""
        file = Path(folder) / f"{self.consumer}.{self.event}{SUFFIX}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        return file


def consumer_contract(consumer: str, cls: type[BaseEvent], reads: Sequence[str]) -> ConsumerContract:
    """Return what a consumer needs of an event.

    Args:
        consumer: The consumer's name.
        cls: The event as the consumer knows it.
        reads: The paths of the fields that it reads: ``"total"``, ``"customer.email"``.

    Raises:
        ValueError: The event has no such field.
    """
    about, type_ = schema_of(cls), model_type(cls)
    for path in reads:
        if find(type_, path) is None:
            known = ", ".join(field.name for field in type_.fields)
            raise ValueError(f"{about.name} has no field `{path}` that {consumer} could read: it has {known}")
    return ConsumerContract(consumer, about.name, about.version, tuple(reads), type_)


def read_contract(file: Path) -> ConsumerContract:
    """Return the contract of a file.

    Raises:
        ValueError: It is none, or one of a newer form.
    """
    try:
        found = msgspec.json.decode(file.read_bytes(), type=ConsumerContract)
    except msgspec.DecodeError as error:
        raise ValueError(f"{file} is no consumer contract: {error}") from None
    if found.format != 1:
        raise ValueError(f"{file} has format {found.format}: update pubsub-devtools to read it")
    return found
