"""What is being done is shown from its beginning to its end."""

from __future__ import annotations

from typing import Any

from pubsub_devtools_lsp.analyst.messages import Doing, Refused, Shown
from tests.lsp.conftest import Edit
from tests.lsp.editor import Editor


def shown(editor: Editor) -> list[dict[str, Any]]:
    return [each["params"]["value"] for each in editor.sent if each.get("method") == "$/progress"]


def created(editor: Editor) -> dict[str, Any]:
    return next(
        each for each in reversed(editor.sent) if each.get("method") == "window/workDoneProgress/create"
    )


def says(editor: Editor, message: Doing | Shown | Refused) -> None:
    for _ in editor.session.take(message):
        pass


def test_a_bar_is_begun_moved_and_ended(edit: Edit) -> None:
    editor = edit({"app.py": "pass"}, abilities={"window": {"workDoneProgress": True}})
    says(editor, Doing("Reading", 1, 10))
    request = created(editor)
    assert shown(editor) == []
    editor.server.protocol.handle({"jsonrpc": "2.0", "id": request["id"], "result": None})
    says(editor, Doing("Reading", 5, 10))
    says(editor, Doing("Reading", 5, 10))
    says(editor, Shown("complete"))
    assert [each["kind"] for each in shown(editor)] == ["begin", "report", "end"]
    assert (shown(editor)[1]["percentage"], shown(editor)[1]["message"]) == (50, "Reading 5/10")


def test_a_bar_that_comes_too_late_is_never_begun(edit: Edit) -> None:
    editor = edit({"app.py": "pass"}, abilities={"window": {"workDoneProgress": True}})
    says(editor, Doing("Reading", 1, 10))
    says(editor, Shown("complete"))
    editor.server.protocol.handle({"jsonrpc": "2.0", "id": created(editor)["id"], "result": None})
    assert shown(editor) == []


def test_clients_without_bars_get_none(edit: Edit) -> None:
    editor = edit({"app.py": "pass"})
    says(editor, Doing("Reading", 1, 10))
    assert not any(each.get("method") == "window/workDoneProgress/create" for each in editor.sent)


def test_a_mistake_in_the_settings_is_told_once(edit: Edit) -> None:
    editor = edit({"app.py": "pass"})
    for _ in range(2):
        says(editor, Refused("pyproject.toml:1: wrong", str(editor.root / "pyproject.toml"), 1))
    assert sum(each.get("method") == "window/showMessage" for each in editor.sent) == 1
