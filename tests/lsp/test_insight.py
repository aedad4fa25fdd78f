"""Hover, code lenses, inlay hints and signatures in an editor."""

from __future__ import annotations

import pytest

from pubsub_devtools_lsp.settings import Settings
from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor
from tests.lsp.test_completion import DESK, EVENTS

HANDLER = """
    from events import OrderPlaced
    from pubsub_devtools import event_handler

    @event_handler(OrderPlaced)
    def on_placed(event: OrderPlaced) -> None:
        #  ^^^^^^^^ handler
        print(event.total)
"""


def test_an_event_is_told_under_the_mouse(edit: Edit) -> None:
    editor = edit(
        {
            "events.py": EVENTS,
            "desk.py": DESK.replace("OrderPlaced(total", "Order$0Placed(total"),
            "handler.py": HANDLER,
        }
    )
    hover = editor.ask("textDocument/hover", editor.at_cursor())
    assert hover["contents"]["value"].startswith("**OrderPlaced**")
    assert f"[`on_placed`](<{editor.uri('handler.py')}#L5>)" in hover["contents"]["value"]
    assert hover["range"]["start"] == {"line": 6, "character": 16}


def test_a_handler_is_told_with_what_it_reads(edit: Edit) -> None:
    editor = edit(
        {"events.py": EVENTS, "desk.py": DESK, "handler.py": HANDLER.replace("on_placed", "on_$0placed")}
    )
    assert "Reads `total`" in editor.ask("textDocument/hover", editor.at_cursor())["contents"]["value"]


def test_elsewhere_nothing_is_told(edit: Edit) -> None:
    editor = edit(
        {"events.py": EVENTS, "desk.py": DESK.replace("def place", "def pla$0ce"), "handler.py": HANDLER}
    )
    assert editor.ask("textDocument/hover", editor.at_cursor()) is None


def test_lenses_lead_to_the_other_side(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK, "handler.py": HANDLER})
    found = editor.ask("textDocument/codeLens", {"textDocument": {"uri": editor.uri("handler.py")}})
    assert [each["command"]["title"] for each in found] == ["1 publisher", "reads total"]
    assert found[0]["range"]["start"]["line"] == editor.marked("handler")[0][1]
    assert editor.place(found[0]["command"]["arguments"][2][0])[:2] == ("desk.py", 6)


def test_a_lens_goes_along_with_the_text_above_it(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK, "handler.py": HANDLER})
    editor.link.is_held = True
    editor.edit("handler.py", (0, 0), (0, 0), "# one\n# two\n")
    found = editor.ask("textDocument/codeLens", {"textDocument": {"uri": editor.uri("handler.py")}})
    assert found[0]["range"]["start"]["line"] == editor.marked("handler")[0][1] + 2


def test_a_constant_s_event_stands_behind_it(edit: Edit) -> None:
    code = """
        import nats
        TOPIC = "weather.measured"

        async def main():
            nc = await nats.connect()
            await nc.publish(TOPIC, b"")
            #                ^^^^^ constant
    """
    editor = edit({"a.py": code})
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    hints = editor.ask(
        "textDocument/inlayHint", {"textDocument": {"uri": editor.uri("a.py")}, "range": whole}
    )
    _, line, _, end = editor.marked("constant")[0]
    assert [(each["position"], each["label"]) for each in hints] == [
        ({"line": line, "character": end}, " weather.measured")
    ]


def test_a_signature_of_the_payload(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK.replace('customer="x"', 'customer=$0"x"')})
    told = editor.ask("textDocument/signatureHelp", editor.at_cursor())
    signature = told["signatures"][0]
    assert signature["label"] == "OrderPlaced(total: int, customer: str)"
    assert told["activeParameter"] == 1
    start, end = signature["parameters"][1]["label"]
    assert signature["label"][start:end] == "customer: str"


def refreshed(editor: Editor, since: int) -> list[str]:
    """What the client was told to ask for anew."""
    return sorted(
        {each["method"] for each in editor.sent[since:] if each.get("method", "").endswith("/refresh")}
    )


@pytest.mark.parametrize("what", ["codeLens", "inlayHint", "semanticTokens"])
def test_what_is_shown_is_asked_for_anew_once_the_other_side_has_changed(edit: Edit, what: str) -> None:
    files = {"events.py": EVENTS, "desk.py": DESK, "handler.py": HANDLER}
    editor = edit(files, abilities={"workspace": {what: {"refreshSupport": True}}})
    line = editor.marked("handler")[0][1] - 1
    before = len(editor.sent)
    editor.edit("handler.py", (line, 0), (line + 1, 0), "")
    assert refreshed(editor, before) == [f"workspace/{what}/refresh"]


def test_lenses_are_asked_for_anew_when_they_are_turned_off(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS}, abilities={"workspace": {"codeLens": {"refreshSupport": True}}})
    before = len(editor.sent)
    editor.set(Settings(code_lens=False))
    assert refreshed(editor, before) == ["workspace/codeLens/refresh"]
    asked = {"textDocument": {"uri": editor.uri("events.py")}}
    assert editor.ask("textDocument/codeLens", asked) == []


def test_who_cannot_ask_anew_is_not_told_to(edit: Edit) -> None:
    editor = edit({"events.py": EVENTS, "desk.py": DESK})
    assert refreshed(editor, 0) == []
