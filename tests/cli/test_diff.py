"""`pubsub-tools diff` as a user runs it: forms, exit codes, graph files, hostile names, bad input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from pubsub_devtools.model import EventGraph
from pubsub_devtools.model.diff import Diff, EventChange, FieldChange, Reason
from pubsub_devtools.model.graph import Place
from pubsub_devtools_analysis.render.diff_markdown import diff_markdown
from pubsub_devtools_analysis.render.diff_mermaid import MOST_EVENTS, diff_mermaid
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_cli.main import run
from tests.diffing.conftest import Repository
from tests.diffing.test_fields import DICT

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/diff.schema.json").read_text())
LESS = {"app.py": DICT["app.py"].replace(', "total": 3', "")}
HOSTILE = 'a\x1b[31m`<script>alert(1)</script>\n|x|"];click'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose work tree has a breaking change, and the current folder."""
    monkeypatch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(tmp_path / "cache"))
    repository = Repository(tmp_path / "shop")
    repository.commit(DICT)
    repository.write(LESS)
    monkeypatch.chdir(repository.root)
    return repository


def test_text_names_the_consumer_its_line_and_the_field(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff"]) == 1
    out = capsys.readouterr().out
    assert "breaking: orders (kafka) changed" in out
    assert "work at worker.py:5: `total` is no longer given" in out
    assert "Verdict: breaking." in out


@pytest.mark.parametrize(
    ("fail_on", "code"), [("never", 0), ("breaking", 1), ("risky", 1), ("compatible", 1)]
)
def test_fail_on_sets_the_exit_code(project: Repository, fail_on: str, code: int) -> None:
    assert run(["diff", "HEAD", "--fail-on", fail_on]) == code


@pytest.mark.parametrize(("fail_on", "code"), [("compatible", 1), ("risky", 0), ("breaking", 0)])
def test_a_compatible_change_fails_only_where_it_is_asked_to(
    project: Repository, fail_on: str, code: int
) -> None:
    project.write({"app.py": DICT["app.py"].replace('"total": 3', '"total": 3, "tax": 1')})
    assert run(["diff", "--fail-on", fail_on]) == code


def test_json_is_valid_against_its_schema(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    project.git("commit", "--quiet", "--all", "--message", "less")
    assert run(["diff", "HEAD~1...HEAD", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["format"] == 1
    assert document["events"][0]["reasons"][0]["field"] == "total"


def test_markdown_has_the_verdict_a_picture_and_the_reasons(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "--format", "markdown", "--output", "comment.md"]) == 1
    assert capsys.readouterr().out == ""
    text = (project.root / "comment.md").read_text()
    assert text.startswith("## 🔴 Events: breaking")
    assert "```mermaid\nflowchart LR" in text
    assert "**breaking** `work` at `worker.py:5`: `total` is no longer given" in text


def test_two_graph_files(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", "--json", "--output", "new.json"]) == 0
    project.git("stash", "--quiet")
    assert run(["graph", "--json", "--output", "old.json"]) == 0
    assert run(["diff", "old.json", "new.json"]) == 1
    assert "`total` is no longer given" in capsys.readouterr().out


def test_what_cannot_be_read_ends_with_3_and_a_way_out(
    project: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / "broken.json").write_text('{"format": 99}')
    for arguments in (
        ["nosuch"],
        ["main...nosuch"],
        ["broken.json", "gone.json"],
        ["HEAD", "--path", "gone"],
    ):
        assert run(["diff", *arguments]) == 3
        error = capsys.readouterr().err
        assert error.startswith("pubsub-tools: ")
        assert error.count("\n") == 1


def test_wrong_usage_ends_with_2(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "graph.json").write_text(encode(EventGraph("shop")))
    for arguments, words in (
        (["HEAD", "main"], "HEAD..main"),
        (["graph.json"], "name the one to compare it with"),
        (["--json", "--format", "text"], "exclude each other"),
        (["--fail-on", "sometimes"], "sometimes"),
    ):
        assert run(["diff", *arguments]) == 2
        assert words in capsys.readouterr().err


def test_a_shallow_clone_is_told_what_to_do(
    project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project.commit({})
    target = str(tmp_path / "clone")
    subprocess.run(("git", "clone", "-q", "--depth=1", project.root.as_uri(), target), check=True)
    assert run(["diff", "HEAD~1...HEAD", "--path", target]) == 3
    assert "git fetch --unshallow" in capsys.readouterr().err


def hostile() -> Diff:
    """A difference in which every name is an attack."""
    place = Place(HOSTILE, 1, 0, 1, 0)
    why = Reason(
        "breaking", f"`{HOSTILE}` is no longer given", "consumer", HOSTILE, place, "head", HOSTILE, HOSTILE
    )
    event = EventChange(
        f"kafka:{HOSTILE}", HOSTILE, "kafka", "renamed", "breaking", f"kafka:{HOSTILE}",
        (FieldChange(HOSTILE, "lost", HOSTILE),), (), (why,),
    )  # fmt: skip
    return Diff("root", HOSTILE, HOSTILE, verdict="breaking", events=(event,), notes=(HOSTILE,))


def test_hostile_names_stay_text_in_markdown() -> None:
    text = diff_markdown(hostile())
    outside = "".join(part for index, part in enumerate(text.replace("\\`", "").split("`")) if index % 2 == 0)
    assert "<script>" not in outside.replace("\\<", "").replace("\\>", "")
    assert "\x1b" not in text
    assert text.count("\n### ") == 1
    picture = text.partition("```mermaid\n")[2].partition("```")[0]
    assert "<script>" not in picture
    assert '"];' not in picture


def test_hostile_names_stay_text_at_the_terminal(
    project: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(*_given: object, **_options: object) -> Diff:
        return hostile()

    monkeypatch.setattr("pubsub_devtools_cli.commands.diff.diff_revisions", asked)
    assert run(["diff"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[31m`<script>" in out


def test_the_picture_stays_small() -> None:
    many = tuple(EventChange(f"kafka:e{n}", f"e{n}", "kafka", "gained", "compatible") for n in range(40))
    picture = diff_mermaid(Diff("root", "a", "b", verdict="compatible", events=many))
    assert picture.count(":::gained") == MOST_EVENTS
