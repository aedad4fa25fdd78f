"""Findings in the editor."""

from __future__ import annotations

from tests.lsp.conftest import Edit

NOBODY_HEARS = """
    from pubsub_devtools import BaseEvent, event_bus, event_handler

    class OrderPlaced(BaseEvent):
        total: int

    class OrderLost(BaseEvent):
        total: int

    @event_handler(OrderLost)
    def on_lost(event: OrderLost) -> None:
        print(event.total)

    def place() -> None:
        event_bus.publish(OrderPlaced(total=1))
    #   ^ here
"""


def test_a_finding_stands_where_the_publisher_is(edit: Edit) -> None:
    editor = edit({"app.py": NOBODY_HEARS})
    shown = {each["code"]: each for each in editor.diagnostics("app.py")}
    assert shown["PSD002"]["range"]["start"]["line"] == editor.marked("here")[0][1]
