"""`pubsub-tools check` as a user runs it: outputs, exit codes, baseline, changed files, settings, bad input."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import jsonschema
import pytest

from pubsub_devtools_cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

LOST = """\
from pubsub_devtools import BaseEvent, event_bus


class {name}(BaseEvent):
    id: str


event_bus.publish({name}(id="7"))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one finding, and the current folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "app.py").write_text(LOST.format(name="Lost"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def check(project, capsys):
    def invoke(*args):
        code = run(["check", *map(str, args)])
        out, err = capsys.readouterr()
        return code, out, err

    return invoke


def git(folder, *args):
    name = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *name, *args], cwd=folder, check=True, capture_output=True)


def test_text_shows_line_caret_and_other_side(check):
    code, out, err = check()
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == "warning[PSD002]: `Lost` is published, but nobody handles it"
    assert lines[1] == " --> app.py:8:1"
    assert lines[3] == '8 | event_bus.publish(Lost(id="7"))'
    assert lines[4] == "  | " + "^" * 31
    assert lines[5] == "  = declared here: app.py:4:1"
    assert lines[-1] == "Found 1 warning."
    assert "sites seen" in err


def test_paths_lead_there_from_where_the_reader_is(check, project):
    (project / "src").mkdir()
    (project / "app.py").rename(project / "src" / "app.py")
    assert " --> src/app.py:8:1" in check("src")[1]
    assert "file=src/app.py," in check("src", "--format", "github")[1]
    assert '"uri": "src/app.py"' in check("src", "--format", "sarif")[1]
    assert check("src/app.py", "--format", "github")[1].count("src/app.py") == 2


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github", "junit"])
def test_each_format_to_a_file(check, project, format):
    code, out, err = check("--format", format, "--output", "out.txt")
    assert (code, out) == (1, "")
    assert "Wrote out.txt" in err
    assert "PSD002" in (project / "out.txt").read_text()


def test_json_is_the_documented_form(check, request):
    schema = json.loads((request.config.rootpath / "docs/reference/findings.schema.json").read_text("utf-8"))
    code, out, _ = check("--json")
    document = json.loads(out)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert (code, document["format"], document["findings"][0]["event"]) == (1, 1, "pubsub_devtools:Lost")


@pytest.mark.parametrize(("least", "expected"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
def test_fail_on(check, least, expected):
    code, out, _ = check("--fail-on", least)
    assert code == expected
    assert "PSD002" in out


def test_select_and_ignore(check):
    assert check("--select", "PSD01,psd003")[:2] == (0, "No findings.\n")
    assert check("--ignore", "PSD002")[0] == 0
    assert check("--select", "PSD0", "--ignore", "PSD001", "--ignore", "PSD003")[0] == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--select", "PSD900"], "no check 'PSD900'"),
        (["--ignore", "PSDOO2"], "no check 'PSDOO2'"),
        (["--explain", "PSD0"], "no check 'PSD0'"),
        (["--explain", ""], "no check ''"),
        (["--json", "--format", "text"], "exclude each other"),
        (["--fail-on", "sometimes"], "sometimes"),
        (["--write-baseline"], "--write-baseline needs to know where"),
        (["--baseline", "none.json"], "there is no baseline none.json"),
    ],
)
def test_wrong_usage(check, args, words):
    code, out, err = check(*args)
    assert (code, out) == (2, "")
    assert words in err


def test_what_cannot_be_read(check):
    assert check("nowhere")[0] == 3
    code, _, err = check("--changed-since", "main")
    assert code == 3
    assert "--changed-since main: " in err


def test_explain_prints_the_page(check, request):
    page = (request.config.rootpath / "docs/reference/checks/PSD015.md").read_text("utf-8")
    assert check("--explain", "psd015")[:2] == (0, page)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('ignore = ["PSD900"]', '"PSD900" is no check'),
        ('ignore = "PSD002"', "must be an array of strings"),
        ('ignore = ["nothing"]', '"nothing" is no code of a check'),
        ('severity.PSD002 = "loud"', 'cannot be "loud"; it is one of error, warning, info, hint, off'),
        ('severity.PSD999 = "off"', '"PSD999" is no check'),
        ('per-file-ignores."a/" = ["PSD999"]', '"PSD999" is no check'),
        ("selekt = []", 'is no setting; did you mean "select"?'),
    ],
)
def test_wrong_settings_are_told_with_their_line(check, project, settings, words):
    (project / "pyproject.toml").write_text(f"[tool.pubsub-devtools.checks]\n{settings}\n")
    code, _, err = check()
    assert code == 2
    assert words in err
    assert "pyproject.toml:2: tool.pubsub-devtools.checks" in err


def test_baseline(check, project):
    (project / "pyproject.toml").write_text('[tool.pubsub-devtools]\nbaseline = "old.json"\n')
    code, _, err = check()
    assert code == 2
    assert "write it with --write-baseline" in err
    assert check("--write-baseline")[0] == 0
    code, out, err = check()
    assert (code, out) == (0, "No findings.\n")
    assert "1 more in the baseline." in err

    (project / "new.py").write_text(LOST.format(name="Gone"))
    code, out, _ = check()
    assert code == 1
    assert "`Gone`" in out
    assert "`Lost`" not in out

    (project / "app.py").unlink()
    assert "1 entry of the baseline is found no more" in check()[2]
    err = check("--write-baseline")[2]
    assert "Dropped 1 that is found no more; kept 0." in err
    assert "1 new finding is not in it" in err
    assert json.loads((project / "old.json").read_text())["findings"] == []
    (project / "old.json").write_text("{")
    code, _, err = check()
    assert code == 2
    assert "is no baseline" in err


def test_a_part_of_a_project_knows_the_findings_of_the_whole(check, project):
    (project / "src").mkdir()
    (project / "app.py").rename(project / "src" / "app.py")
    (project / ".git").mkdir()
    (project / "pyproject.toml").write_text('[tool.pubsub-devtools]\nbaseline = "old.json"\n')
    check("--write-baseline")
    assert check("src")[0] == 0


def test_changed_since(check, project):
    (project / "other.py").write_text(LOST.format(name="Gone"))
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "one")
    assert check("--changed-since", "HEAD")[:2] == (0, "No findings.\n")
    (project / "other.py").write_text("# moved\n" + LOST.format(name="Gone"))
    code, out, _ = check("--changed-since", "HEAD")
    assert code == 1
    assert "`Gone`" in out
    assert "`Lost`" not in out
    (project / "third.py").write_text(LOST.format(name="New"))
    assert "Found 2 warnings." in check("--changed-since", "main")[1]
    assert check("--changed-since", "--output=x")[0] == 3
    assert check("--changed-since", "no-such-branch")[0] == 3


def test_the_other_side_counts_as_changed(check, project):
    (project / "app.py").write_text("from events import Lost, event_bus\n\nevent_bus.publish(Lost(id='7'))\n")
    head = LOST.format(name="Lost").partition("\n\n\nevent_bus")[0]
    (project / "events.py").write_text(head + "\n")
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "one")
    (project / "events.py").write_text(head + "\n    more: str\n")
    code, out, _ = check("--changed-since", "HEAD")
    assert code == 1
    assert "--> app.py:3:1" in out


def test_changes_of_a_branch_are_those_since_it_left(check, project):
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "one")
    git(project, "checkout", "-b", "mine")
    git(project, "checkout", "main")
    (project / "app.py").write_text("# theirs\n" + LOST.format(name="Lost"))
    git(project, "commit", "-am", "theirs")
    git(project, "checkout", "mine")
    assert check("--changed-since", "main")[0] == 0


def test_a_part_of_a_repository(check, project):
    (project / "src").mkdir()
    (project / "src" / "app.py").write_text(LOST.format(name="Gone"))
    git(project, "init")
    git(project, "add", "app.py")
    git(project, "commit", "-m", "one")
    code, out, _ = check("src", "--changed-since", "HEAD")
    assert code == 1
    assert "`Gone`" in out


def test_hostile_names_are_harmless(check, project):
    nasty = "\\x1b[2J[red]\\u202e\\n::error::x"
    (project / "app.py").write_text(
        "import nats\n\n\nasync def on(msg): ...\n\n\nasync def main():\n    nc = await nats.connect()\n"
        f'    await nc.subscribe("{nasty}.created", cb=on)\n    await nc.publish("{nasty}.craeted")\n'
    )
    for format in ("text", "github", "junit"):
        code, out, _ = check("--format", format)
        assert code == 1
        assert all(c.isprintable() or c == "\n" for c in out)
    lines = check("--format", "github")[1].splitlines()
    assert len(lines) == 1
