"""What is found on a disk in whatever state: nothing hangs, nothing raises, what was left out is said."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis.config import Settings
from pubsub_devtools_analysis.project import ProjectError, discover, read, source_roots

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(params=["walk", pytest.param("git", marks=needs_git)])
def root(request, tmp_path):
    """A folder that is looked at by our own walk, then the same as a repository of git."""
    folder = tmp_path / "project"
    folder.mkdir()
    if request.param == "git":
        git(folder, "init", "-q")
    return folder


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")


def found(root: Path, **settings) -> list[str]:
    return [*discover(root, Settings(**settings)).files]


def codes(root: Path) -> dict[str, str]:
    return {problem.path: problem.code for problem in discover(root, Settings()).problems}


def test_python_files_are_found_with_their_stat(root):
    write(root, "b/c.py", "a.py", "a.pyi", "notes.txt")
    project = discover(root, Settings())
    assert [*project.files] == ["a.py", "b/c.py"]
    about = (root / "a.py").stat()
    assert project.files["a.py"] == (about.st_mtime_ns, about.st_size, about.st_ino)
    assert project.problems == ()


def test_what_is_installed_built_or_cached_is_left_out(root):
    write(
        root,
        *(f"{name}/x.py" for name in ("node_modules", ".venv", "build", "a.egg-info", "lib/site-packages")),
    )
    write(root, "env/pyvenv.cfg", "env/lib/x.py", "src/dist/__init__.py", "src/dist/x.py", "a.py")
    assert found(root) == ["a.py", "src/dist/__init__.py", "src/dist/x.py"]


def test_ignore_files_are_honoured_down_the_tree(root):
    write(root, "a.py", "gen/b.py", "c/gen/d.py", "c/e.py", "c/f.py")
    (root / ".gitignore").write_text("gen/\n")
    (root / "c" / ".gitignore").write_text("!gen/\ne.py\n")
    assert found(root) == ["a.py", "c/f.py", "c/gen/d.py"]


def test_a_root_that_its_repository_ignores_was_asked_for(root):
    write(root, "out/here/a.py", "out/here/b.py")
    (root / ".gitignore").write_text("out/\n")
    (root / "out" / "here" / ".gitignore").write_text("b.py\n")
    assert found(root / "out" / "here") == ["a.py"]


def test_settings_narrow_what_is_found(root):
    write(root, "src/a.py", "src/old/b.py", "src/c_pb2.py", "tools/d.py")
    assert found(root, include=("src/",), exclude=("old/",)) == ["src/a.py", "src/c_pb2.py"]
    project = discover(root, Settings(), exclude=["*_pb2.py", "/tools"])
    assert [*project.files] == ["src/a.py", "src/old/b.py"]


def test_folders_of_projects_are_known(root):
    write(root, "pyproject.toml", "a/setup.cfg", "b/setup.py", "b/x.py")
    project = discover(root, Settings(roots=("./b/", ".")))
    assert project.projects == {"", "a", "b"}
    assert [*project.files] == ["b/setup.py", "b/x.py"]
    assert source_roots(project, Settings(roots=("./b/", "."))).configured == ("b", "")


def test_a_root_inside_a_package_knows_its_dotted_name(root):
    write(root, "pyproject.toml", "app/__init__.py", "app/api/__init__.py", "app/api/v1/__init__.py")
    assert discover(root / "app" / "api", Settings()).package == "app.api"
    assert discover(root, Settings()).package == ""


def test_a_single_file_is_a_project(root):
    write(root, "a.py", "b.py", "c.txt")
    project = discover(root / "a.py", Settings())
    assert project.root == root.resolve()
    assert [*project.files] == ["a.py"]
    with pytest.raises(ProjectError, match="neither a folder nor a Python file"):
        discover(root / "c.txt", Settings())


def test_a_root_that_is_not_there_is_an_error(root):
    with pytest.raises(ProjectError, match="there is no such folder"):
        discover(root / "nowhere", Settings())
    with pytest.raises(ProjectError):
        discover(root / "with\0nul", Settings())


@posix_only
def test_links_in_circles_and_out_of_the_root_are_said_and_not_followed(root, tmp_path):
    write(root, "pkg/a.py")
    write(tmp_path, "outside/x.py")
    (root / "pkg" / "again").symlink_to(root)
    (root / "pkg" / "out").symlink_to(tmp_path / "outside")
    (root / "pkg" / "x.py").symlink_to(tmp_path / "outside" / "x.py")
    (root / "pkg" / "b.py").symlink_to("a.py")
    (root / "pkg" / "lost.py").symlink_to("nothing.py")
    (root / "one.py").symlink_to("two.py")
    (root / "two.py").symlink_to("one.py")
    (root / "README").symlink_to("nothing.txt")
    assert found(root) == ["pkg/a.py", "pkg/b.py"]
    assert codes(root) == {
        "one.py": "link-in-circle",
        "two.py": "link-in-circle",
        "pkg/again": "link-in-circle",
        "pkg/out": "link-leaves-root",
        "pkg/x.py": "link-leaves-root",
        "pkg/lost.py": "broken-link",
    }


@posix_only
def test_pipes_and_sockets_are_never_opened(root):
    write(root, "a.py", "folder.py/b.py")
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server, _inside(root):
        server.bind("socket.py")
        assert found(root) == ["a.py", "folder.py/b.py"]
    assert _code(read(root, "pipe.py")) == "not-a-file"
    assert _code(read(root, "socket.py")) == "unreadable-file"
    assert _code(read(root, "folder.py")) in ("not-a-file", "unreadable-file")


@posix_only
def test_a_name_that_is_no_text_is_said(root):
    try:
        (root / os.fsdecode(b"\xff.py")).write_text("")
    except OSError:
        pytest.skip("the file system wants UTF-8 names")
    assert codes(root) == {"?.py": "unreadable-name"}


@pytest.mark.parametrize("kind", ["walk", pytest.param("git", marks=needs_git)])
@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_unreadable_folders_and_files_are_said(kind, unprivileged):
    folder = unprivileged
    write(folder, "open/a.py", "closed/b.py", "c.py")
    if kind == "git":
        git(folder, "init", "-q")
    (folder / "closed").chmod(0)
    (folder / "c.py").chmod(0)
    try:
        assert found(folder) == ["c.py", "open/a.py"]
        assert codes(folder) == {"closed": "unreadable-folder"}
        assert _code(read(folder, "c.py")) == "unreadable-file"
        with pytest.raises(ProjectError, match="cannot be read"):
            discover(folder / "closed", Settings())
    finally:
        (folder / "closed").chmod(0o700)


def test_reading_has_a_limit(tmp_path):
    (tmp_path / "a.py").write_bytes(b"x" * 100)
    assert read(tmp_path, "a.py", limit=100) == b"x" * 100
    assert _code(read(tmp_path, "a.py", limit=99)) == "file-too-large"
    assert _code(read(tmp_path, "gone.py")) == "unreadable-file"
    assert _code(read(tmp_path, "nul\0.py")) == "unreadable-file"


@needs_git
def test_deleted_files_are_dropped_and_new_ones_found(tmp_path):
    git(tmp_path, "init", "-q")
    write(tmp_path, "kept.py", "deleted.py", ".venv/tracked.py")
    git(tmp_path, "add", "-Af")
    git(tmp_path, "commit", "-qm", "x")
    (tmp_path / "deleted.py").unlink()
    write(tmp_path, "new.py", ".venv/new.py")
    assert found(tmp_path) == [".venv/tracked.py", "kept.py", "new.py"]


@needs_git
def test_submodules_and_repositories_inside_are_plain_folders(tmp_path):
    library, project = tmp_path / "library", tmp_path / "project"
    for folder in (library, project, project / "nested"):
        folder.mkdir()
        git(folder, "init", "-q")
        write(folder, "a.py", "b.py")
        (folder / ".gitignore").write_text("b.py\n")
    git(library, "add", "-A")
    git(library, "commit", "-qm", "x")
    git(project, "submodule", "add", "-q", str(library), "sub/module")
    git(project, "submodule", "add", "-q", str(library), "empty")
    git(project, "submodule", "--quiet", "deinit", "-f", "empty")
    assert found(project) == ["a.py", "nested/a.py", "sub/module/a.py"]


@needs_git
def test_git_runs_nothing_of_the_repository_and_heeds_no_other(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    write(tmp_path, "a.py")
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(hook))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other-index"))
    assert found(tmp_path) == ["a.py"]
    assert not (tmp_path / "ran").exists()


@needs_git
def test_without_git_installed_the_walk_finds_the_same(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    write(tmp_path, "a.py", "pkg/b.py", "pkg/c.py", "pkg/sub/d.py")
    (tmp_path / ".gitignore").write_text("b.py\n")
    (tmp_path / ".git" / "info" / "exclude").write_text("c.py\n")
    expected = found(tmp_path / "pkg")
    monkeypatch.setenv("PATH", "")
    assert found(tmp_path / "pkg") == expected == ["sub/d.py"]


def _code(result: bytes | Problem) -> str:
    assert isinstance(result, Problem)
    return result.code


@contextmanager
def _inside(folder: Path):
    """Sockets have short names only."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
