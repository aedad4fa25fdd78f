"""What type checkers must know of plugins and messages. Checked by mypy and pyright in `make lint`, never run."""

from __future__ import annotations

from typing import assert_type

from pubsub_devtools import BaseEvent, Envelope, EventBus
from pubsub_devtools.bus.control import Check, Control, Health, processes
from pubsub_devtools.plugins import Hooks, Plugin
from pubsub_devtools.serialization import Compression, Encoded, Limits, decode, decode_batch, encode


class Ping(BaseEvent):
    """An ordinary event."""

    number: int


class Quiet(Plugin):
    """Overrides two slots."""

    def on_event_published(self, event: BaseEvent) -> None:
        """Take the event."""

    def on_handler_executed(self, handler: str, duration: float) -> None:
        """Take seconds."""


class Wrong(Plugin):
    """Overrides a slot in another form."""

    def on_handler_executed(self, handler: str) -> None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        """Lack the duration."""


bus = EventBus(plugins=[Quiet, Quiet(), "installed"])
assert_type(bus.register_plugin(Quiet()), Plugin)
Hooks([3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]

assert_type(encode(Ping(1)), Encoded)
encode(Ping(1), compress="zstd", binding="kafka")
encode(Ping(1), compress=Compression("gzip", threshold=10), limits=Limits(size=10))
encode(Ping(1), binding="mqtt")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
encode("text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
assert_type(decode(memoryview(b""), "application/json", {"ce-id": b"1"}), tuple[BaseEvent, Envelope | None])
assert_type(decode_batch(b"", "application/json"), list[tuple[BaseEvent, Envelope | None]])
decode("text", "application/json")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def stock() -> Check:
    """Give a check."""
    return Check("stock", "ok", "")


Check("stock", "good", "")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
with Control(bus, probes=(stock,)) as control:
    assert_type(control, Control)
assert_type(processes()[0].health(), Health)
