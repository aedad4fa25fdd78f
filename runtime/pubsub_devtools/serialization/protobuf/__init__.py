"""Protobuf: messages generated from event classes, or the user's own message classes."""

from pubsub_devtools.serialization.protobuf.codec import message_class, register_message

__all__ = ["message_class", "register_message"]
