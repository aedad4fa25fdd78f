"""What goes wrong between an event and its bytes. Every decoder raises these and nothing else, whatever it is given."""

from __future__ import annotations

from pubsub_devtools.schema.known import UnknownEventError

__all__ = [
    "DecodingError",
    "EncodingError",
    "InvalidPayloadError",
    "LimitExceededError",
    "SerializationError",
    "UnknownMessageError",
]


class SerializationError(ValueError):
    """An event cannot be written or read. The message names the event as far as it is known."""


class EncodingError(SerializationError):
    """An event holds what the codec or the envelope's form has no place for."""


class DecodingError(SerializationError):
    """Bytes, or what came with them, are not what they claim to be."""


class InvalidPayloadError(DecodingError):
    """A payload was read but does not fit the event's class; the cause is pydantic's ``ValidationError``."""


class LimitExceededError(DecodingError, EncodingError):
    """A message is larger or deeper than `Limits` allow; the message names the limit."""


class UnknownMessageError(DecodingError, UnknownEventError):
    """No loaded class is the event that a message says it is, and no migration leads to one."""
