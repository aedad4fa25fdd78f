"""Where things are while the analysis is behind: unsaved edits, all encodings, notebooks, texts that are no files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubsub_devtools.model import Place
from pubsub_devtools_lsp.look import Look
from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor

APP = """
    from pubsub_devtools import BaseEvent, event_bus, event_handler

    class OrderPlaced(BaseEvent):
        total: int

    @event_handler(OrderPlaced)
    def on_placed(event: OrderPlaced) -> None:
        print(event.total)

    def place() -> None:
        event_bus.publish(Order$0Placed(total=1))
    #                     ^^^^^^^^^^^ published
"""


def look(editor: Editor, path: str, line: int, character: int) -> Look | None:
    from lsprotocol import types

    return editor.server.look(editor.uri(path), types.Position(line, character))


def test_a_look_finds_what_stands_at_the_cursor(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    found = look(editor, "app.py", *editor.marks["app.py"].cursor)  # type: ignore[misc]
    assert found is not None
    assert found.occurrence is not None
    assert found.occurrence.events
    assert found.range(found.occurrence).start.character == editor.marked("published")[0][2]  # type: ignore[union-attr]


def test_what_is_known_moves_with_edits_that_the_analysis_has_not_seen(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    line, character = editor.marks["app.py"].cursor  # type: ignore[misc]
    editor.link.is_held = True
    editor.edit("app.py", (0, 0), (0, 0), "import os\nimport sys\n")
    found = look(editor, "app.py", line + 2, character)
    assert found is not None
    assert found.occurrence is not None
    shown = found.range(found.occurrence)
    assert shown is not None
    assert shown.start.line == line + 2
    editor.link.is_held = False
    editor.link.work()
    again = look(editor, "app.py", line + 2, character)
    assert again is not None
    assert again.occurrence is not None
    assert not again.document.drift
    assert again.occurrence.line == line + 3


def test_what_is_known_of_a_text_that_was_closed_moves_to_the_one_that_is_opened_after_it(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    line, character = editor.marks["app.py"].cursor  # type: ignore[misc]
    editor.edit("app.py", (0, 0), (0, 0), "import os\nimport sys\n" * 9)
    editor.link.is_held = True
    editor.edit("app.py", (0, 0), (0, 0), "import re\n")
    editor.close("app.py")
    editor.open("app.py")
    found = look(editor, "app.py", line, character)
    assert found is not None
    assert found.occurrence is not None
    shown = found.range(found.occurrence)
    assert shown is not None
    assert shown.start.line == line
    editor.link.is_held = False
    editor.link.work()
    again = look(editor, "app.py", line, character)
    assert again is not None
    assert again.occurrence is not None
    assert again.occurrence.line == line + 1
    assert not again.document.drift


def test_no_place_behind_the_end_of_a_text_is_told(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    place = Place("app.py", 500, 0, 500, 5)
    assert editor.session.stretch(place) is None


def test_nothing_is_known_of_text_that_was_just_typed(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    line, _ = editor.marks["app.py"].cursor  # type: ignore[misc]
    editor.link.is_held = True
    editor.edit("app.py", (line, 0), (line, 0), "    event_bus.publish(Other)\n")
    found = look(editor, "app.py", line, 24)
    assert found is not None
    assert found.analysed is None
    assert found.occurrence is None
    assert found.line == "    event_bus.publish(Other)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_are_in_the_units_that_were_agreed_on(edit: Edit, encoding: str) -> None:
    line = 'def place() -> None:\n    "\U0001f600é"; event_bus.publish(OrderPlaced(total=1))\n'
    editor = edit(
        {"app.py": APP, "other.py": "from app import OrderPlaced, event_bus\n" + line}, encoding=encoding
    )
    assert editor.capabilities["capabilities"]["positionEncoding"] == encoding
    text = line.split("\n")[1]
    before = text[: text.index("OrderPlaced") + 2]
    units = {"utf-8": len(before.encode()), "utf-16": len(before) + 1, "utf-32": len(before)}[encoding]
    found = look(editor, "other.py", 2, units)
    assert found is not None
    assert found.occurrence is not None
    assert found.range(found.occurrence).start.character == units - 2  # type: ignore[union-attr]
    editor.close("other.py")
    assert found.range(found.occurrence).start.character == units - 2  # type: ignore[union-attr]


def test_python_that_was_never_saved_is_analysed(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    text = "from app import OrderPlaced, event_bus\n\ndef f():\n    event_bus.publish(OrderPlaced(total=2))\n"
    document = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": text}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    from lsprotocol import types

    found = editor.server.look("untitled:Untitled-1", types.Position(3, 24))
    assert found is not None
    assert found.occurrence is not None
    at = found.range(found.occurrence)
    assert at is not None
    assert editor.session.stretch(_place(found)).uri == "untitled:Untitled-1"  # type: ignore[union-attr]
    editor.tell("textDocument/didClose", {"textDocument": {"uri": "untitled:Untitled-1"}})
    assert "Untitled-1.py" not in editor.session.snapshot.occurrences


def test_other_languages_and_other_folders_are_none_of_ours(edit: Edit, tmp_path: Path) -> None:
    editor = edit({"app.py": APP})
    from lsprotocol import types

    for uri, language in (("untitled:Notes", "markdown"), ((tmp_path / "elsewhere.py").as_uri(), "python")):
        document = {"uri": uri, "languageId": language, "version": 1, "text": "OrderPlaced"}
        editor.tell("textDocument/didOpen", {"textDocument": document})
        assert editor.server.look(uri, types.Position(0, 3)) is None


def test_the_cells_of_a_notebook_are_one_file(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    uri = editor.uri("try.ipynb")
    cells = [
        ("%matplotlib inline\nfrom app import OrderPlaced, event_bus", "python", 2),
        ("# Words about OrderPlaced", "markdown", 1),
        ("!ls\nevent_bus.publish(OrderPlaced(total=3))", "python", 2),
    ]
    editor.tell("notebookDocument/didOpen", _notebook(uri, cells))
    from lsprotocol import types

    found = editor.server.look(f"{uri}#2", types.Position(1, 20))
    assert found is not None
    assert found.occurrence is not None
    stretch = editor.session.stretch(_place(found))
    assert stretch is not None
    assert (stretch.uri, stretch.start) == (f"{uri}#2", (1, 18))
    editor.tell(
        "notebookDocument/didChange",
        {
            "notebookDocument": {"uri": uri, "version": 2},
            "change": {
                "cells": {
                    "structure": {"array": {"start": 1, "deleteCount": 1}, "didClose": [{"uri": f"{uri}#1"}]}
                }
            },
        },
    )
    editor.tell(
        "notebookDocument/didChange",
        {
            "notebookDocument": {"uri": uri, "version": 3},
            "change": {
                "cells": {
                    "textContent": [
                        {
                            "document": {"uri": f"{uri}#2", "version": 2},
                            "changes": [{"range": _span((0, 0), (1, 0)), "text": ""}],
                        }
                    ]
                }
            },
        },
    )
    again = editor.server.look(f"{uri}#2", types.Position(0, 20))
    assert again is not None
    assert again.occurrence is not None
    editor.tell("notebookDocument/didClose", {"notebookDocument": {"uri": uri}, "cellTextDocuments": []})
    assert editor.server.look(f"{uri}#2", types.Position(0, 20)) is None


def test_a_document_belongs_to_the_innermost_folder(edit: Edit) -> None:
    editor = edit(
        {"app.py": APP, "inner/pyproject.toml": "", "inner/more.py": "from app import OrderPlaced\n"}
    )
    inner = editor.root / "inner"
    editor.add_root(inner)
    home = editor.server.documents.home(editor.uri("inner/more.py"))
    assert home is not None
    assert (home.session.root, home.path) == (inner, "more.py")
    assert "inner/more.py" not in editor.session.open


def test_a_file_that_is_closed_counts_as_it_lies_on_the_disk(edit: Edit) -> None:
    editor = edit({"app.py": APP})
    known = editor.session.snapshot.occurrences["app.py"]
    editor.edit("app.py", (0, 0), (len(editor.marks["app.py"].text.split("\n")), 0), "")
    assert "app.py" not in editor.session.snapshot.occurrences
    editor.close("app.py")
    assert editor.session.snapshot.occurrences["app.py"] == known


def _place(found: Look):  # type: ignore[no-untyped-def]
    from pubsub_devtools_lsp.look import place_of

    assert found.occurrence is not None
    return place_of(found.occurrence, found.path)


def _span(start: tuple[int, int], end: tuple[int, int]) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }


def _notebook(uri: str, cells: list[tuple[str, str, int]]) -> dict[str, object]:
    return {
        "notebookDocument": {
            "uri": uri,
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [{"kind": kind, "document": f"{uri}#{at}"} for at, (_, _, kind) in enumerate(cells)],
        },
        "cellTextDocuments": [
            {"uri": f"{uri}#{at}", "languageId": language, "version": 1, "text": text}
            for at, (text, language, _) in enumerate(cells)
        ],
    }
