"""Completion in an editor: what is offered, what takes its place, and what is told of it when it is selected."""

from __future__ import annotations

from typing import Any

from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor

EVENTS = """
    from pubsub_devtools import BaseEvent

    class OrderPlaced(BaseEvent):
        total: int
        customer: str

    class OrderPaid(BaseEvent):
        total: int
"""
DESK = """
    from events import OrderPlaced
    from pubsub_devtools import EventBus

    bus = EventBus()

    def place() -> None:
        bus.publish(OrderPlaced(total=1, customer="x"))
"""


def offered(editor: Editor) -> list[dict[str, Any]]:
    answer = editor.ask("textDocument/completion", editor.at_cursor())
    return [] if answer is None else list(answer["items"])


def test_a_class_is_offered_with_its_import(edit: Edit) -> None:
    editor = edit(
        {
            "events.py": EVENTS,
            "desk.py": DESK,
            "till.py": "import os\n\ndef pay(bus):\n    bus.publish(OrderPa$0)\n",
        }
    )
    item = next(each for each in offered(editor) if each["label"] == "OrderPaid")
    assert item["textEdit"] == {
        "range": {"start": {"line": 3, "character": 16}, "end": {"line": 3, "character": 23}},
        "newText": "OrderPaid",
    }
    resolved = editor.ask("completionItem/resolve", item)
    assert resolved["additionalTextEdits"][0]["newText"] == "from events import OrderPaid\n"
    assert resolved["additionalTextEdits"][0]["range"]["start"]["line"] == 1
    assert "**OrderPaid**" in resolved["documentation"]["value"]


def test_fields_are_offered_in_a_line_that_was_just_typed(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK})
    last = len(editor.marks["desk.py"].text.split("\n")) - 1
    editor.link.is_held = True
    editor.edit("desk.py", (last, 0), (last, 0), "\n\nbus.publish(OrderPlaced(total=2, ")
    params = {"textDocument": {"uri": editor.uri("desk.py")}, "position": {"line": last + 2, "character": 33}}
    items = editor.ask("textDocument/completion", params)["items"]
    assert [item["label"] for item in items] == ["customer"]
    assert items[0]["textEdit"]["newText"] == "customer="


def test_columns_are_the_client_s(edit: Edit) -> None:
    editor = edit(
        {"events.py": EVENTS, "desk.py": DESK, "a.py": 'def f(bus):\n    "🎉"; bus.publish(Ord$0)\n'}
    )
    start = offered(editor)[0]["textEdit"]["range"]["start"]
    assert start == {"line": 1, "character": 4 + 4 + 2 + len("bus.publish(")}


def test_nothing_is_offered_where_no_event_can_stand(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK, "a.py": "print(Ord$0)\n"})
    assert editor.ask("textDocument/completion", editor.at_cursor()) is None


def test_snippets_go_without_place_holders_where_the_client_has_none(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK, "a.py": "import pubsub_devtools\n\nhand$0\n"})
    item = next(each for each in offered(editor) if each["label"] == "handler")
    assert item["textEdit"]["newText"].startswith("@event_handler(Event)\ndef on_event(event: Event)")
    assert "$" not in item["textEdit"]["newText"]


def test_an_import_goes_behind_the_last_line_where_nothing_follows(edit: Edit) -> None:
    code = "def pay(bus):\n    bus.publish(OrderPa$0)\n"
    editor = edit({"events.py": EVENTS, "desk.py": DESK, "till.py": code})
    editor.edit("till.py", (0, 0), (2, 0), "import os; bus.publish(OrderPa")
    params = {"textDocument": {"uri": editor.uri("till.py")}, "position": {"line": 0, "character": 30}}
    item = next(
        each
        for each in editor.ask("textDocument/completion", params)["items"]
        if each["label"] == "OrderPaid"
    )
    (added,) = editor.ask("completionItem/resolve", item)["additionalTextEdits"]
    assert added["newText"] == "\nfrom events import OrderPaid\n"
    assert added["range"]["start"] == {"line": 0, "character": 30}
