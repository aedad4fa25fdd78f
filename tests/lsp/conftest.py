"""What the server's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lsp.editor import Editor

Edit = Callable[..., Editor]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def edit(tmp_path: Path) -> Iterator[Edit]:
    """Opens an editor on some files: ``edit({"app.py": "..."})``."""
    editors: list[Editor] = []

    def make(files: dict[str, str], **more: object) -> Editor:
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        editors.append(Editor(root, files, **more))  # type: ignore[arg-type]
        return editors[-1]

    yield make
    for editor in editors:
        editor.server.close()
