from __future__ import annotations

import io
import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from pubsub_devtools.model import Place
from pubsub_devtools_cli.failure import Failure
from pubsub_devtools_cli.pyproject_section import append_section, appended
from tests.cli.fake_engine import BUS_TOML, PROPOSAL, Bus, Proposal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Result
    from tests.cli.fake_engine import Engine

    Cli = Callable[..., Result]

OURS = {"services": ["orders"], "dialects": [{"name": "Bus", "publish": ["shop.bus.Bus.emit"]}]}


def test_what_was_recognised_is_shown(cli: Cli, tmp_path: Path) -> None:
    out = cli("init", "--dry-run").out
    assert "celery: 12 sites" in out
    assert "Hand-written bus Bus  shop/bus.py:4: `on` stores a callable, `emit` calls it" in out
    assert "  7 likely sites will be sure, once it is configured\n" in out
    assert out.endswith(PROPOSAL.toml)
    assert list(tmp_path.iterdir()) == []


def test_yes_writes_a_new_file(cli: Cli, tmp_path: Path) -> None:
    result = cli("init", "--yes")
    assert result.code == 0
    assert result.err == "Wrote pyproject.toml. Next: see the sites, now sure, with `pubsub-tools graph`.\n"
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["pubsub-devtools"] == OURS
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


@pytest.mark.parametrize(
    "old",
    [
        "",
        '[project]\nname = "shop"\n',
        '[project]\nname = "shop"  # no newline at the end',
        "[tool.ruff]\r\nline-length = 100\r\n",
        "# only a comment\n",
        "[[tool.other]]\nx = 1\n\n\n",
        "[tool]\n",
    ],
)
def test_what_stood_there_stays_byte_for_byte(cli: Cli, tmp_path: Path, old: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(old.encode())
    assert cli("init", "--yes").code == 0
    new = path.read_bytes().decode()
    assert new.startswith(old)
    assert tomllib.loads(new)["tool"]["pubsub-devtools"] == OURS
    assert ("\r\n" in old) == ("\r\n" in new)
    assert new.count("\n") == new.count("\r\n") or "\r\n" not in old


def test_a_section_is_never_overwritten(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.pubsub-devtools]\nroots = []\n")
    result = cli("init", "--yes")
    assert result.code == 2
    assert "already has a [tool.pubsub-devtools] section" in result.err
    assert path.read_text() == "[tool.pubsub-devtools]\nroots = []\n"
    assert cli("init", "--dry-run").code == 0


@pytest.mark.parametrize("old", ["tool = {}\n", "[tool.ruff\n", "\x00"])
def test_a_file_that_cannot_be_appended_to_is_left_alone(cli: Cli, tmp_path: Path, old: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(old)
    result = cli("init", "--yes")
    assert result.code == 2
    assert path.read_text() == old


def test_a_section_that_would_change_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[project]\n")
    with pytest.raises(Failure, match="add this by hand"):
        append_section(path, "[tool.pubsub-devtools]\n\n[tool.other]\nx = 1\n")
    assert path.read_text() == "[project]\n"


def test_a_section_without_header_gets_one() -> None:
    assert appended("", 'roots = ["src"]') == '[tool.pubsub-devtools]\nroots = ["src"]\n'
    assert appended("", BUS_TOML) == BUS_TOML


def test_a_link_stays_a_link_and_rights_are_kept(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("")
    real.chmod(0o640)
    link = tmp_path / "pyproject.toml"
    link.symlink_to(real)
    append_section(link, PROPOSAL.toml)
    assert link.is_symlink()
    assert "pubsub-devtools" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_without_anyone_to_ask_nothing_is_written(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    result = cli("init")
    assert result.code == 2
    assert "add --yes to write, or --dry-run to look" in result.err
    assert list(tmp_path.iterdir()) == []


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False)])
def test_a_person_is_asked(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal(answer))
    result = cli("init")
    assert result.code == 0
    assert "Create pyproject.toml?" in result.out
    assert (tmp_path / "pyproject.toml").exists() == written


def test_json_never_asks(cli: Cli, tmp_path: Path) -> None:
    found = json.loads(cli("init", "--json").out)
    assert found["frameworks"] == {"celery": 12, "django_signal": 1}
    assert found["buses"][0]["line"] == 4
    assert found["buses"][0]["sites"] == 7
    assert found["written"] is None
    assert list(tmp_path.iterdir()) == []
    assert json.loads(cli("init", "--json", "--yes").out)["written"] == "pyproject.toml"


def test_nothing_to_configure(cli: Cli, engine: Engine, tmp_path: Path) -> None:
    engine.proposal = Proposal()
    result = cli("init", "--yes")
    assert result.code == 0
    assert (
        result.out
        == "No framework and no hand-written bus was recognised.\nNothing needs to be configured.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_stays_likely_and_what_cannot_be_configured_is_said(cli: Cli, engine: Engine) -> None:
    engine.proposal = Proposal(
        buses=(Bus("Bus", Place("bus.py", 4, 0, 30, 0), "", "", 0, 2, "`fire`: a lambda"),)
    )
    assert cli("init").out.splitlines() == [
        "Hand-written bus Bus  bus.py:4",
        "  2 sites will stay likely: what the function is called on is not known",
        "  cannot be configured: `fire`: a lambda",
    ]


def test_hostile_names_are_harmless(cli: Cli, engine: Engine) -> None:
    hostile = "\x1b[31m\u202e\n"
    place = Place(f"{hostile}.py", 4, 0, 30, 0)
    engine.proposal = Proposal(buses=(Bus(hostile, place, hostile, "", 1, 0, hostile),))
    out = cli("init", "--dry-run").out
    assert len(out.splitlines()) == 2
    assert [c for c in out if not c.isprintable() and c != "\n"] == []


def test_wrong_usage(cli: Cli) -> None:
    assert cli("init", "--yes", "--dry-run").code == 2
    assert cli("init", "nowhere").code == 3
