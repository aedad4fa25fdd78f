"""The call hierarchy along the flow of events, and events among the symbols of a workspace and of a document."""

from __future__ import annotations

from typing import Any

from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor

FLOW = """
    from pyee import EventEmitter

    bus = EventEmitter()

    def order() -> None:
        bus.emit("order.placed", 3)

    @bus.on("order.placed")
    def bill(total: int) -> None:
    #   ^^^^ bill
        bus.emit("order.billed", total)
    #             ^^^^^^^^^^^^ billed

    @bus.on("order.billed")
    def pack(total: int) -> None:
        print(total)
"""


def prepared(editor: Editor) -> dict[str, Any]:
    (item,) = editor.ask("textDocument/prepareCallHierarchy", editor.at_cursor())
    found: dict[str, Any] = item
    return found


def steps(editor: Editor, item: dict[str, Any], way: str) -> list[dict[str, Any]]:
    found = editor.ask(f"callHierarchy/{way}Calls", {"item": item})
    return [each["to" if way == "outgoing" else "from"] for each in found]


def test_from_a_handler_to_what_it_publishes_and_on_to_its_handlers(edit: Edit) -> None:
    editor = edit({"app.py": FLOW.replace("def bill", "def $0bill")})
    bill = prepared(editor)
    assert bill["name"] == "bill"
    (billed,) = steps(editor, bill, "outgoing")
    assert billed["name"] == "order.billed"
    assert [each["name"] for each in steps(editor, billed, "outgoing")] == ["pack"]


def test_back_from_an_event_to_the_function_that_starts_it_all(edit: Edit) -> None:
    editor = edit({"app.py": FLOW.replace('order.billed", total', '$0order.billed", total')})
    (bill,) = steps(editor, prepared(editor), "incoming")
    (placed,) = steps(editor, bill, "incoming")
    (order,) = steps(editor, placed, "incoming")
    assert [each["name"] for each in (bill, placed, order)] == ["bill", "order.placed", "order"]
    assert steps(editor, order, "incoming") == []


def test_a_step_tells_where_it_is_taken(edit: Edit) -> None:
    editor = edit({"app.py": FLOW.replace("def bill", "def $0bill")})
    ((call),) = editor.ask("callHierarchy/outgoingCalls", {"item": prepared(editor)})
    (span,) = call["fromRanges"]
    place = ("app.py", span["start"]["line"], span["start"]["character"], span["end"]["character"])
    assert [place] == editor.marked("billed")


def test_an_event_that_is_gone_has_no_calls(edit: Edit) -> None:
    editor = edit({"app.py": FLOW.replace('order.billed", total', '$0order.billed", total')})
    item = prepared(editor) | {"data": {"kind": "event", "id": "pyee:nothing"}}
    assert editor.ask("callHierarchy/incomingCalls", {"item": item}) is None


def test_workspace_symbols_are_events_found_by_some_letters(edit: Edit) -> None:
    editor = edit({"app.py": FLOW})
    found = editor.ask("workspace/symbol", {"query": "orbi"})
    assert [(each["name"], each["containerName"]) for each in found] == [
        ("order.billed", "1 publisher · 1 handler")
    ]
    assert editor.ask("workspace/symbol", {"query": "zebra"}) == []


def test_document_symbols_are_events_and_handlers_alone(edit: Edit) -> None:
    editor = edit({"app.py": FLOW})
    found = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": editor.uri("app.py")}})
    assert [(each["name"], each["detail"]) for each in found] == [
        ("order.placed", "published in order"),
        ("bill", "handles order.placed"),
        ("order.billed", "published in bill"),
        ("pack", "handles order.billed"),
    ]


def test_semantic_tokens_are_the_names_of_events(edit: Edit) -> None:
    editor = edit({"app.py": FLOW})
    data = editor.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": editor.uri("app.py")}})[
        "data"
    ]
    tokens = [data[start : start + 5] for start in range(0, len(data), 5)]
    lengths = [length for _, _, length, _, _ in tokens]
    assert lengths == [len("order.placed")] * 2 + [len("order.billed")] * 2
    assert tokens[0][:2] == [5, len('    bus.emit("')]


def test_configuration_links_to_the_event_that_it_names(edit: Edit) -> None:
    editor = edit({"app.py": FLOW, "routes.toml": '[topics]\nbilling = "order.billed"\n'})
    document = {"textDocument": {"uri": editor.uri("routes.toml")}}
    (link,) = editor.ask("textDocument/documentLink", document)
    line = next(
        number for number, text in enumerate(editor.marks["app.py"].text.split("\n"), 1) if "pack" in text
    )
    assert link["target"] == f"{editor.uri('app.py')}#L{line},5"
    assert link["range"]["start"] == {"line": 1, "character": len('billing = "')}
    code = {"textDocument": {"uri": editor.uri("app.py")}}
    assert editor.ask("textDocument/documentLink", code) is None


def test_references_name_the_configuration_too(edit: Edit) -> None:
    files = {"app.py": FLOW.replace('order.billed", total', '$0order.billed", total')}
    editor = edit({**files, "routes.toml": '[topics]\nbilling = "order.billed"\n'})
    found = editor.ask("textDocument/references", editor.at_cursor(context={"includeDeclaration": True}))
    assert [editor.place(each)[0] for each in found].count("routes.toml") == 1
