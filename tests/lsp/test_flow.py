"""The flow for clients that draw it, and for those that can only open files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcInvalidParams

from pubsub_devtools_lsp.uris import file_of
from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor
from tests.lsp.test_completion import DESK, EVENTS
from tests.lsp.test_insight import HANDLER

FILES = {
    "events.py": EVENTS,
    "desk.py": DESK.replace("OrderPlaced(total", "Order$0Placed(total"),
    "handler.py": HANDLER,
}


def ask(editor: Editor, method: str, **params: Any) -> Any:
    """The answer to a request of our own, which may take its time."""

    async def wait() -> Any:
        return await editor.server.protocol.fm.features[method](params)

    return asyncio.run(wait())


def run(editor: Editor, command: str, **params: Any) -> Any:
    async def wait() -> Any:
        return await editor.server.protocol.fm.commands[command](params)

    return asyncio.run(wait())


def test_the_graph_of_a_root(edit: Edit) -> None:
    graph = ask(edit(FILES), "pubsub/graph")["graph"]
    assert [event["name"] for event in graph["events"]] == ["OrderPaid", "OrderPlaced"]


def test_the_flow_at_the_cursor(edit: Edit) -> None:
    editor = edit(FILES)
    told = ask(editor, "pubsub/flow", **editor.at_cursor())
    assert told["events"] == ["pubsub_devtools:OrderPlaced"]
    assert [event["name"] for event in told["graph"]["events"]] == ["OrderPlaced"]


@pytest.mark.parametrize("asked", [{"event": "OrderPlaced"}, {"handler": "on_placed"}])
def test_the_flow_of_an_event_and_of_a_handler(edit: Edit, asked: dict[str, str]) -> None:
    told = ask(edit(FILES), "pubsub/flow", **asked, format="mermaid")
    assert "flowchart" in told["text"]
    assert "OrderPlaced" in told["text"]


def test_a_sequence(edit: Edit) -> None:
    editor = edit(FILES)
    assert "sequenceDiagram" in ask(editor, "pubsub/sequence", **editor.at_cursor())["text"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"event": "OrderPlced"}, "did you mean OrderPlaced?"),
        ({"handler": "nobody"}, "nobody handles and publishes nothing"),
        ({"depth": "three"}, "depth"),
        ({"colour": "red"}, "colour"),
        ({"textDocument": {"uri": "file:///a.py"}, "position": {"line": 1}}, "character"),
        ({"format": "sequence"}, "a sequence is that of one event"),
        ({"root": "file:///elsewhere"}, "no open folder holds"),
    ],
)
def test_what_cannot_be_shown_is_told(edit: Edit, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(JsonRpcInvalidParams, match=words):
        ask(edit(FILES), "pubsub/flow", **asked)


def test_a_change_is_told(edit: Edit) -> None:
    editor = edit(FILES)
    before = len(editor.sent)
    editor.edit("handler.py", (5, 0), (5, 0), "    print(event.customer)\n")
    told = [each for each in editor.sent[before:] if each.get("method") == "pubsub/graphChanged"]
    assert told[-1]["params"] == {"root": editor.uri("").rstrip("/"), "complete": True}


def test_a_picture_is_written_and_its_place_is_told(edit: Edit) -> None:
    editor = edit(FILES)
    uri = run(editor, "pubsub.openFlow", **editor.at_cursor())
    file = file_of(uri)
    assert file is not None
    assert Path(file).read_text().startswith("<svg") or "<svg" in Path(file).read_text()[:400]
    shown = [each for each in editor.sent if each.get("method") == "window/showMessage"]
    assert uri in shown[-1]["params"]["message"]
