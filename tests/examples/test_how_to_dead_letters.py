"""The page on dead letters: its code runs, from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "runtime-dead-letters.md"


def test_the_code_of_the_page_runs(tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 5
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {"__name__": "how_to"})
    assert capsys.readouterr().out == "written o-1\n"
    assert (tmp_path / ".pubsub" / ".gitignore").exists()
