"""An open host takes a new file in where discovery would have, and what says so of files is itself taken in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.project import ProjectError
from pubsub_devtools_analysis.render.json import encode

from .conftest import graph_of

TASK = "from celery import shared_task\n\n@shared_task\ndef work(): ...\n\nwork.delay()\n"


class Open:
    """A host and its folder: what a test writes is told to the host too."""

    def __init__(self, root: Path) -> None:
        self.root = root
        write(root, "first.py", TASK)
        self.host = AnalysisHost.open(root, use_cache=False)
        self.host.snapshot()

    def write(self, path: str, text: str = TASK) -> None:
        write(self.root, path, text)
        self.host.update(path, text.encode())

    def remove(self, path: str) -> None:
        (self.root / path).unlink()
        self.host.update(path, None)

    def sites(self) -> set[str]:
        """The files with sites, the graph being the cold one."""
        graph = self.host.snapshot()
        assert encode(graph) == graph_of(self.root)
        return {site.place.path for site in graph.sites}


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.fixture(params=["walk", "git"])
def opened(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """A host by our own walk, and one that asks git."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root = tmp_path / "project"
    root.mkdir()
    if request.param == "git":
        if shutil.which("git") is None:
            pytest.skip("git is not installed")
        git(root, "init", "-q")
    found = Open(root)
    yield found
    found.host.close()


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)


def test_a_new_file_counts_and_an_ignored_one_does_not(opened: Open) -> None:
    opened.write(".gitignore", "secret.py\nout/\n!kept.py\n")
    opened.write("new.py")
    opened.write("pkg/inner/new.py")
    opened.write("pkg/secret.py")
    opened.write("out/made.py")
    opened.write("out/kept.py")
    assert opened.sites() == {"first.py", "new.py", "pkg/inner/new.py"}


@pytest.mark.parametrize(
    "folder", ["node_modules", ".venv", "a/__pycache__", "build", "x/dist", "y.egg-info"]
)
def test_what_was_installed_or_built_stays_out(opened: Open, folder: str) -> None:
    opened.write(f"{folder}/new.py")
    opened.write(f"{folder}/deeper/new.py")
    assert opened.sites() == {"first.py"}


def test_a_build_folder_that_becomes_a_package_comes_in_with_all_that_it_holds(opened: Open) -> None:
    opened.write("build/new.py")
    opened.write("build/__init__.py", "")
    assert opened.sites() == {"first.py", "build/new.py"}
    opened.remove("build/__init__.py")
    assert opened.sites() == {"first.py"}


def test_an_environment_made_while_the_host_is_open_stays_out(opened: Open) -> None:
    opened.write("env/lib/new.py")
    opened.write("env/pyvenv.cfg", "")
    assert opened.sites() == {"first.py"}


@pytest.mark.parametrize("path", ["README.md", "notes.txt", "new.pyi", "new.pyc", "first.py~"])
def test_what_is_no_python_file_counts_for_nothing(opened: Open, path: str) -> None:
    opened.write(path)
    assert opened.sites() == {"first.py"}


@pytest.mark.parametrize(
    "path", ["../outside.py", "/etc/x.py", "a/../x.py", "./x.py", "", "a//x.py", "\ud800.py", "\0.py"]
)
def test_a_path_that_is_none_of_the_project_counts_for_nothing(opened: Open, path: str) -> None:
    opened.host.update(path, TASK.encode())
    opened.host.update(path, None)
    assert opened.sites() == {"first.py"}


def test_a_file_that_is_not_saved_yet_counts(opened: Open) -> None:
    opened.write(".gitignore", "ignored.py\n")
    opened.host.update("unsaved.py", TASK.encode())
    opened.host.update("new/ignored.py", TASK.encode())
    sites = {site.place.path for site in opened.host.snapshot().sites}
    assert sites == {"first.py", "unsaved.py"}


def test_a_text_that_is_not_saved_yet_survives_all_that_makes_the_host_look_again(opened: Open) -> None:
    """The first use of a framework, settings and ignore rules have everything linked anew: from the editor's text."""
    opened.write("second.py")
    opened.host.update("first.py", b"import celery\n")
    opened.host.update("first.py", b"from pyee import EventEmitter\n\nEventEmitter().emit('typed')\n")
    for path, text in (
        ("pyproject.toml", "[tool.pubsub-devtools]\nservice = 'one'\n"),
        (".gitignore", "a.py\n"),
        ("b.py", TASK),
    ):
        write(opened.root, path, text)
        opened.host.update(path, text.encode())
        events = {site.event for site in opened.host.snapshot().sites if site.place.path == "first.py"}
        assert events == {"pyee:typed"}


def test_a_folder_that_is_gone_takes_its_files_along(opened: Open) -> None:
    opened.write("pkg/one.py")
    opened.write("pkg/inner/two.py")
    opened.write("pkgs/three.py")
    shutil.rmtree(opened.root / "pkg")
    opened.host.update("pkg", None)
    assert opened.sites() == {"first.py", "pkgs/three.py"}


def test_a_folder_that_takes_a_files_place_keeps_what_lies_in_it(opened: Open) -> None:
    opened.write("one.py")
    (opened.root / "one.py").unlink()
    write(opened.root, "one.py/two.py", TASK)
    write(opened.root, "one.py/three.py", TASK)
    opened.host.update("one.py/two.py", TASK.encode())
    opened.host.update("one.py", None)
    assert opened.sites() == {"first.py", "one.py/two.py", "one.py/three.py"}


def test_ignore_files_that_come_change_and_go(opened: Open) -> None:
    opened.write("one.py")
    opened.write("pkg/two.py")
    opened.write(".gitignore", "one.py\n")
    assert opened.sites() == {"first.py", "pkg/two.py"}
    opened.write("pkg/.gitignore", "*\n")
    assert opened.sites() == {"first.py"}
    opened.write(".gitignore", "")
    assert opened.sites() == {"first.py", "one.py"}
    opened.remove("pkg/.gitignore")
    assert opened.sites() == {"first.py", "one.py", "pkg/two.py"}


def test_settings_that_come_change_and_go(opened: Open) -> None:
    opened.write("pkg/two.py")
    opened.write("pyproject.toml", "[tool.pubsub-devtools]\nexclude = ['pkg/']\n")
    opened.write("pkg/three.py")
    assert opened.sites() == {"first.py"}
    opened.write("pyproject.toml", "[tool.pubsub-devtools]\ninclude = ['pkg/']\n")
    opened.write("four.py")
    assert opened.sites() == {"pkg/two.py", "pkg/three.py"}
    opened.remove("pyproject.toml")
    assert opened.sites() == {"first.py", "four.py", "pkg/two.py", "pkg/three.py"}


def test_settings_that_cannot_be_used_leave_those_before_in_force(opened: Open) -> None:
    opened.write("pyproject.toml", "[tool.pubsub-devtools]\nexclude = ['two.py']\n")
    with pytest.raises(ConfigError, match="exclud"):
        opened.write("pyproject.toml", "[tool.pubsub-devtools]\nexclud = ['first.py']\n")
    opened.host.update("two.py", TASK.encode())
    opened.host.update("three.py", TASK.encode())
    assert {site.place.path for site in opened.host.snapshot().sites} == {"first.py", "three.py"}
    opened.remove("pyproject.toml")
    opened.write("two.py")
    opened.write("three.py")
    assert opened.sites() == {"first.py", "two.py", "three.py"}


def test_a_root_that_is_gone_is_said(opened: Open) -> None:
    shutil.rmtree(opened.root)
    with pytest.raises(ProjectError):
        opened.host.reload()
    assert len(opened.host.snapshot().sites) == 2


def test_the_settings_of_a_folder_above(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    opened = Open(tmp_path / "part")
    write(tmp_path, "pyproject.toml", "[tool.pubsub-devtools]\nexclude = ['part/first.py']\n")
    opened.host.update("../pyproject.toml", b"")
    assert opened.sites() == set()


def test_settings_in_a_file_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("[tool.pubsub-devtools]\n")
    write(tmp_path, "part/first.py", TASK)
    with AnalysisHost.open(tmp_path / "part", config_file=file, use_cache=False) as host:
        assert host.snapshot().sites
        file.write_text("[tool.pubsub-devtools]\nexclude = ['first.py']\n")
        host.update("../ours.toml", None)
        assert not host.snapshot().sites


def test_a_linked_graph_that_changes(opened: Open, tmp_path: Path) -> None:
    other = Open(tmp_path / "other")
    linked = tmp_path / "graph.json"
    linked.write_text(encode(other.host.snapshot()))
    opened.write("pyproject.toml", "[tool.pubsub-devtools]\nlinked = ['../graph.json']\n")
    assert len(opened.host.snapshot().sites) == 4
    other.write("second.py")
    linked.write_text(encode(other.host.snapshot()))
    opened.host.update("../graph.json", None)
    assert len(opened.host.snapshot().sites) == 6
    assert len(opened.host.with_fields().sites) == 6
    other.write("third.py")
    linked.write_text(encode(other.host.snapshot()))
    opened.host.update("../graph.json", None)
    assert len(opened.host.with_fields().sites) == 8
    linked.unlink()
    opened.host.update("../graph.json", None)
    with pytest.raises(ConfigError, match=r"graph\.json"):
        opened.host.snapshot()
    linked.write_text(encode(other.host.snapshot()))
    assert len(opened.host.snapshot().sites) == 8


def test_projects_and_packages_that_come_and_go(opened: Open) -> None:
    """What names modules have, and which service they belong to, hangs on files that hold no code."""
    opened.write("a/tasks.py")
    opened.write("b/use.py", "from tasks import work\n\nwork.delay()\n")
    for path in ("a/setup.cfg", "b/setup.py", "__init__.py"):
        opened.write(path, "")
        opened.sites()
    for path in ("a/setup.cfg", "__init__.py", "b/setup.py"):
        opened.remove(path)
        opened.sites()


def test_reload_takes_in_whatever_happened_and_keeps_what_editors_have_open(opened: Open) -> None:
    opened.host.update("never_saved.py", TASK.encode())
    write(opened.root, "new.py", TASK)
    write(opened.root, "pyproject.toml", "[tool.pubsub-devtools]\nservice = 'one'\n")
    (opened.root / "first.py").unlink()
    opened.host.reload()
    assert opened.sites() == {"new.py"}
    opened.host.reload({"new.py": b"", "open.py": TASK.encode()})
    assert {site.place.path for site in opened.host.snapshot().sites} == {"open.py"}


def test_what_git_alone_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of the user, files that are tracked though they are ignored, and repositories inside."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(tmp_path, "config/git/ignore", "mine.py\n")
    root = tmp_path / "project"
    write(root, ".gitignore", "tracked.py\nvendored/\n")
    for folder in ("", "inner", "vendored"):
        (root / folder).mkdir(exist_ok=True)
        git(root / folder, "init", "-q")
    write(root, "tracked.py", TASK)
    git(root, "add", "-f", "tracked.py")
    (root / "tracked.py").unlink()
    write(root, "inner/.gitignore", "secret.py\n")
    opened = Open(root)
    for path in ("mine.py", "tracked.py", "inner/new.py", "inner/secret.py", "vendored/new.py"):
        opened.write(path)
    assert opened.sites() == {"first.py", "tracked.py", "inner/new.py"}
    assert os.environ["HOME"] == str(tmp_path)


def test_a_schema_file_that_changes(opened: Open) -> None:
    def fields() -> list[str]:
        graph = opened.host.snapshot()
        return [field.name for event in graph.events for schema in event.schemas for field in schema.fields]

    settings = "[tool.pubsub-devtools]\nschemas = [{ event = 'first.work', file = 'work.json' }]\n"
    write(opened.root, "work.json", '{"type": "object", "properties": {"old": {"type": "string"}}}')
    opened.write("pyproject.toml", settings)
    assert fields() == ["old"]
    opened.write("work.json", '{"type": "object", "properties": {"new": {"type": "string"}}}')
    assert fields() == ["new"]
