"""What the server asks of a client that can do it, and of no other: its settings, and to be told of changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.e2e.client import Server
from tests.lsp.e2e.test_server import APP

SHOWS: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def shown(server: Server, some: bool) -> list[dict[str, Any]]:
    """The findings that are shown next, if there are to be some, or none."""
    found = server.until(
        lambda message: (
            message.get("method") == "textDocument/publishDiagnostics"
            and bool(message["params"]["diagnostics"]) is some
        )
    )
    diagnostics: list[dict[str, Any]] = found["params"]["diagnostics"]
    return diagnostics


def asked(server: Server, method: str) -> list[dict[str, Any]]:
    return [each["params"] for each in server.heard if each.get("method") == method]


def test_settings_are_asked_for_and_again_when_they_have_changed(root: Path) -> None:
    with Server() as server:
        server.settings = {"findings": {"select": ["PSD"], "severity": {"PSD": "hint"}}}
        server.greet(root, workspace={"configuration": True}, **SHOWS)
        hints = shown(server, some=True)
        assert {each["severity"] for each in hints} == {4}
        assert asked(server, "workspace/configuration") == [
            {"items": [{"scopeUri": root.as_uri(), "section": "pubsub"}]}
        ]
        server.settings = {"findings": {"scope": "off"}}
        server.send({"method": "workspace/didChangeConfiguration", "params": {"settings": None}})
        shown(server, some=False)
        assert len(asked(server, "workspace/configuration")) == 2


def test_who_cannot_be_asked_tells_what_is_set(root: Path) -> None:
    with Server() as server:
        server.greet(root, **SHOWS)
        shown(server, some=True)
        settings = {"pubsub": {"findings": {"scope": "off"}}}
        server.send({"method": "workspace/didChangeConfiguration", "params": {"settings": settings}})
        shown(server, some=False)
        assert asked(server, "workspace/configuration") == []


def test_a_client_that_can_watch_files_is_asked_to(root: Path) -> None:
    can = {"dynamicRegistration": True}
    with Server() as server:
        server.greet(root, workspace={"didChangeWatchedFiles": can, "didChangeConfiguration": can})
        server.complete()
        wanted = {
            each["method"]: each["registerOptions"]
            for params in asked(server, "client/registerCapability")
            for each in params["registrations"]
        }
        assert wanted.keys() == {"workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"}
        globs = [each["globPattern"] for each in wanted["workspace/didChangeWatchedFiles"]["watchers"]]
        assert {"**/*.py", "**/*.toml", "**/.gitignore"} <= {*globs}
        assert wanted["workspace/didChangeConfiguration"] == {"section": "pubsub"}


def test_a_client_that_cannot_is_asked_for_nothing(root: Path) -> None:
    with Server() as server:
        server.greet(root)
        server.complete()
        assert asked(server, "client/registerCapability") == []
