"""Going from an event's place to others: one marker test for each feature."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor

EVENTS = """
    from pubsub_devtools import BaseEvent

    class OrderPlaced(BaseEvent):
    #     ^^^^^^^^^^^ event
        order_id: str
        total: int
    #   ^^^^^ field
"""
PUBLISHER = """
    from pubsub_devtools import event_bus

    from events import OrderPlaced

    def place(number: str) -> None:
        event_bus.publish(OrderPlaced(order_id=number, total=3))
    #                     ^^^^^^^^^^^ publisher
    #                                                  ^^^^^ given
"""
HANDLERS = """
    from pubsub_devtools import event_handler

    from events import OrderPlaced

    @event_handler(OrderPlaced)
    def on_order(event: OrderPlaced) -> None:
    #   ^^^^^^^^ handler
        print(event.total)
    #               ^^^^^ read
"""


def cursor(text: str, before: str) -> str:
    """A file with the cursor in front of some text."""
    assert text.count(before) == 1, before
    return text.replace(before, "$0" + before)


def asked(editor: Editor, method: str, **more: Any) -> list[tuple[str, int, int, int]]:
    found = editor.ask(f"textDocument/{method}", editor.at_cursor(**more))
    return sorted(editor.place(each) for each in found or ())


def shop(edit: Edit, before: str, **files: str) -> Editor:
    """The shop above, with the cursor in front of some text that stands once in one of its files."""
    texts = {"events.py": EVENTS, "orders.py": PUBLISHER, "mail.py": HANDLERS, **files}
    return edit({path: cursor(text, before) if before in text else text for path, text in texts.items()})


def test_definition_of_a_class_is_the_class_and_nothing_besides(edit: Edit) -> None:
    editor = shop(edit, "OrderPlaced(order_id")
    assert asked(editor, "definition") == editor.marked("event")


def test_definition_of_the_publishing_method_are_the_handlers(edit: Edit) -> None:
    editor = shop(edit, "publish(")
    assert asked(editor, "definition") == editor.marked("handler")


def test_definition_of_a_field_is_the_schemas_field(edit: Edit) -> None:
    editor = shop(edit, "total=3")
    assert asked(editor, "definition") == editor.marked("field")


def test_definition_of_a_read_field_too(edit: Edit) -> None:
    editor = shop(edit, "total)")
    assert asked(editor, "definition") == editor.marked("field")


@pytest.mark.parametrize("before", ["publish(", "OrderPlaced(order_id"])
def test_implementation_are_all_handlers(edit: Edit, before: str) -> None:
    editor = shop(edit, before)
    assert asked(editor, "implementation") == editor.marked("handler")


def test_type_definition_is_the_schema(edit: Edit) -> None:
    editor = shop(edit, "on_order")
    assert asked(editor, "typeDefinition") == editor.marked("event")


def test_references_are_publishers_handlers_and_declarations(edit: Edit) -> None:
    editor = shop(edit, "OrderPlaced(order_id")
    found = asked(editor, "references", context={"includeDeclaration": True})
    assert found == sorted(editor.marked("event") + editor.marked("publisher") + editor.marked("handler"))


def test_references_without_the_declaration(edit: Edit) -> None:
    editor = shop(edit, "OrderPlaced(order_id")
    found = asked(editor, "references", context={"includeDeclaration": False})
    assert found == sorted(editor.marked("publisher") + editor.marked("handler"))


def test_references_of_a_field_are_its_writers_and_readers(edit: Edit) -> None:
    editor = shop(edit, "total: int")
    found = asked(editor, "references", context={"includeDeclaration": False})
    assert found == sorted(editor.marked("given") + editor.marked("read"))


def test_no_answer_where_there_is_no_event(edit: Edit) -> None:
    editor = shop(edit, "number: str")
    for method in ("definition", "implementation", "typeDefinition", "documentHighlight"):
        assert editor.ask(f"textDocument/{method}", editor.at_cursor()) is None


TOPICS = """
    import redis

    client = redis.Redis()

    def place() -> None:
        client.publish("orders.placed", "{}")
    #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ call

    def listen() -> None:
        hub = client.pubsub()
        hub.subscribe(**{"orders.placed": on_placed})

    def on_placed(message: dict) -> None:
    #   ^^^^^^^^^ handler
        print(message)
"""


def test_a_name_that_nothing_declares_leads_to_its_handlers(edit: Edit) -> None:
    editor = edit({"app.py": cursor(TOPICS, 'orders.placed", "{}"')})
    assert asked(editor, "definition") == editor.marked("handler")


WORKER = """
    from faststream.redis import RedisBroker

    broker = RedisBroker()

    @broker.subscriber("orders")
    async def on_order(body: str) -> None:
    #         ^^^^^^^^ handler
        print(body)

    async def place() -> None:
        await broker.publish("{}", "orders")
"""
STAND_IN = """
    from faststream.redis import RedisBroker

    broker = RedisBroker()
    orders = broker.publisher(channel="orders")
    #                                  ^^^^^^ stand_in
"""


def test_what_a_test_declares_is_where_tests_alone_lead_to(edit: Edit) -> None:
    files = {"app.py": WORKER.replace('"{}", "', '"{}", "$0'), "tests/test_orders.py": STAND_IN}
    editor = edit(files)
    assert asked(editor, "definition") == editor.marked("handler")


def test_broken_code_elsewhere_in_the_file_costs_nothing(edit: Edit) -> None:
    broken = TOPICS.replace("    def place() -> None:", "    class Half(:\n\n    def place() -> None:")
    editor = edit({"app.py": cursor(broken, 'orders.placed", "{}"')})
    assert asked(editor, "definition") == editor.marked("handler")


TASKS = """
    from celery import shared_task

    @shared_task
    def send_receipt(order_id: str) -> None:
    #   ^^^^^^^^^^^^ task
        print(order_id)

    def pay(order_id: str) -> None:
        send_receipt.delay(order_id)
    #   ^^^^^^^^^^^^ sent
"""


@pytest.mark.parametrize("before", ["send_receipt.delay", "delay("])
def test_a_task_is_its_function(edit: Edit, before: str) -> None:
    editor = edit({"tasks.py": cursor(TASKS, before)})
    assert asked(editor, "definition") == editor.marked("task")


def test_highlights_are_all_names_of_the_event_in_the_file(edit: Edit) -> None:
    editor = edit({"tasks.py": cursor(TASKS, "send_receipt.delay")})
    found = editor.ask("textDocument/documentHighlight", editor.at_cursor())
    lines = [each["range"]["start"]["line"] for each in found]
    assert lines == [line for _, line, *_ in editor.marked("task") + editor.marked("sent")]


def test_links_lead_from_the_whole_name(edit: Edit) -> None:
    editor = edit({"app.py": cursor(TOPICS, 'orders.placed", "{}"')})
    definition = editor.server.client_capabilities.text_document
    assert definition is not None
    definition.definition = types.DefinitionClientCapabilities(link_support=True)
    (link,) = editor.ask("textDocument/definition", editor.at_cursor())
    span = link["originSelectionRange"]
    assert span["end"]["character"] - span["start"]["character"] == len("orders.placed")


def pieces(editor: Editor, token: str) -> list[list[Any]]:
    told = [each["params"] for each in editor.sent if each.get("method") == "$/progress"]
    return [each["value"] for each in told if each["token"] == token]


def test_many_references_come_in_pieces_for_who_wants_them_so(edit: Edit) -> None:
    calls = "".join(f"    bus.emit('tick', {number})\n" for number in range(250))
    code = f"from pyee import EventEmitter\nbus = EventEmitter()\n\ndef run() -> None:\n{calls}"
    editor = edit({"app.py": code.replace("'tick', 7)", "'ti$0ck', 7)")})
    at = editor.at_cursor(context={"includeDeclaration": False})
    whole = editor.ask("textDocument/references", at)
    assert editor.ask("textDocument/references", {**at, "partialResultToken": "more"}) == []
    found = pieces(editor, "more")
    assert [len(each) for each in found] == [100, 100, 50]
    assert [place for piece in found for place in piece] == whole


def test_symbols_of_the_workspace_come_in_pieces_too(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": PUBLISHER, "handlers.py": HANDLERS})
    whole = editor.ask("workspace/symbol", {"query": "order"})
    assert editor.ask("workspace/symbol", {"query": "order", "partialResultToken": "more"}) == []
    assert [each["name"] for each in whole] == ["OrderPlaced"]
    assert pieces(editor, "more") == [whole]


def test_no_piece_is_sent_of_nothing(edit: Edit) -> None:
    editor = shop(edit, "number: str")
    asked = editor.at_cursor(context={"includeDeclaration": True}, partialResultToken="more")
    assert editor.ask("textDocument/references", asked) is None
    assert pieces(editor, "more") == []
