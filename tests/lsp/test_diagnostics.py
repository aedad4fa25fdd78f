"""Findings in the editor: where they stand, what they carry, and when they go."""

from __future__ import annotations

from typing import Any

from pubsub_devtools_lsp.settings import Findings, Settings
from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor

APP = """
    from pubsub_devtools import BaseEvent, event_bus, event_handler

    class OrderPlaced(BaseEvent):
        total: int

    class OrderLost(BaseEvent):
        total: int

    @event_handler(OrderPlaced)
    def on_placed(event: OrderPlaced) -> None:
        print(event.total)

    @event_handler(OrderLost)
    def on_lost(event: OrderLost) -> None:
    #   ^ unheard
        print(event.total)
"""
SHOP = """
    from app import OrderPlaced, event_bus

    def place() -> None:
        event_bus.publish(OrderPlaced(totl=1))
        # ^ misspelt
"""


def of(editor: Editor, path: str) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in editor.diagnostics(path)}


def test_a_finding_stands_where_it_is_and_names_the_other_side(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    shown = of(editor, "shop.py")["PSD004"]
    assert shown["range"]["start"]["line"] == editor.marked("misspelt")[0][1]
    assert shown["source"] == "pubsub"
    assert {each["location"]["uri"] for each in shown["relatedInformation"]} == {editor.uri("app.py")}


def test_a_handler_that_nothing_reaches_is_unnecessary_and_has_a_page(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    shown = of(editor, "app.py")["PSD003"]
    assert shown["tags"] == [1]
    assert shown["codeDescription"]["href"].endswith("/checks/PSD003.md")
    assert shown["range"]["start"]["line"] == editor.marked("unheard")[0][1]


def test_findings_carry_the_version_of_the_document(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    editor.edit("app.py", (0, 0), (0, 0), "import os\n")
    told = [e["params"] for e in editor.sent if e.get("method") == "textDocument/publishDiagnostics"]
    assert [each.get("version") for each in told if each["uri"] == editor.uri("app.py")][-1] == 2


def test_findings_of_an_older_text_are_shown_on_the_lines_of_now(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    editor.link.is_held = True
    editor.edit("app.py", (0, 0), (0, 0), "import os\n\n")
    editor.server.configured(editor.session)
    assert of(editor, "app.py")["PSD003"]["range"]["start"]["line"] == editor.marked("unheard")[0][1] + 2
    line = editor.marked("unheard")[0][1] + 2
    editor.edit("app.py", (line - 1, 0), (line + 2, 0), "")
    editor.server.configured(editor.session)
    assert "PSD003" not in of(editor, "app.py")


def test_what_is_repaired_is_no_longer_shown(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    line = editor.marked("misspelt")[0][1]
    at = editor.marks["shop.py"].text.split("\n")[line].index("totl")
    editor.edit("shop.py", (line, at), (line, at + 4), "total")
    assert editor.diagnostics("shop.py") == []


def test_broken_code_shows_no_findings_that_were_not_there(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    before = {*of(editor, "app.py")}
    editor.edit("app.py", (3, 0), (3, 0), "    def (\n")
    assert {*of(editor, "app.py")} <= before


def test_only_open_files_show_findings_where_the_user_wants_it_so(edit: Edit) -> None:
    editor = edit(
        {"app.py": APP, "shop.py": SHOP}, opened=("app.py",), settings=Settings(Findings(scope="open"))
    )
    assert of(editor, "app.py")
    assert not of(editor, "shop.py")
    editor.open("shop.py")
    assert of(editor, "shop.py")
    editor.close("shop.py")
    assert not of(editor, "shop.py")


def test_files_that_are_not_open_show_findings_too(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP}, opened=())
    assert of(editor, "app.py")
    assert of(editor, "shop.py")


def test_settings_choose_severities_and_checks(edit: Edit) -> None:
    editor = edit(
        {"app.py": APP, "shop.py": SHOP},
        settings=Settings(Findings(severity={"PSD003": "hint", "PSD004": "off"})),
    )
    assert of(editor, "app.py")["PSD003"]["severity"] == 4
    assert "PSD004" not in of(editor, "shop.py")
    editor.session.configure(Settings(Findings(ignore=("PSD003",))))
    editor.server.configured(editor.session)
    assert "PSD003" not in of(editor, "app.py")
    assert "PSD004" in of(editor, "shop.py")


def test_a_file_that_is_deleted_shows_nothing(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP}, opened=())
    (editor.root / "shop.py").unlink()
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("shop.py"), "type": 3}]})
    assert editor.diagnostics("shop.py") == []


def test_the_baseline_of_the_project_is_left_out(edit: Edit) -> None:
    from pubsub_devtools_analysis.checking import check
    from pubsub_devtools_analysis.checks.baseline import encode, written

    settings = {"pyproject.toml": '[tool.pubsub-devtools]\nbaseline = "known.json"\n'}
    editor = edit({"app.py": APP, "shop.py": SHOP, **settings}, opened=())
    assert of(editor, "app.py")
    (editor.root / "known.json").write_bytes(encode(written(check(editor.root).findings, None)).encode())
    editor.session.look_again()
    assert editor.diagnostics("app.py") == []


def test_settings_that_cannot_be_used_are_told_and_shown_where_they_stand(edit: Edit) -> None:
    editor = edit({"app.py": APP, "pyproject.toml": "[tool.pubsub-devtools]\nroot = 3\n"})
    (shown,) = editor.diagnostics("pyproject.toml")
    assert shown["severity"] == 1
    assert any(each.get("method") == "window/showMessage" for each in editor.sent)
    (editor.root / "pyproject.toml").write_text("[tool.pubsub-devtools]\n")
    editor.tell(
        "workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("pyproject.toml"), "type": 2}]}
    )
    assert editor.diagnostics("pyproject.toml") == []
    assert of(editor, "app.py")


def test_a_folder_that_is_closed_shows_nothing(edit: Edit) -> None:
    editor = edit({"app.py": APP, "shop.py": SHOP})
    gone = editor.server.sessions.remove(editor.root.as_uri())
    assert gone is not None
    editor.server.documents.resettle()
    editor.server.ended(gone)
    assert editor.diagnostics("app.py") == []
    assert editor.link.is_closed
