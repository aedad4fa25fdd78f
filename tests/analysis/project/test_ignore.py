"""Our reading of ignore files is git's: compared with git itself on random trees, and case by case for the words of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pubsub_devtools_analysis.git_files import git_files
from pubsub_devtools_analysis.ignore import Globs, Patterns
from pubsub_devtools_analysis.walk import walk

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

NAMES = st.sampled_from(["a", "b", "ab", "foo", "foo.d", "[x]", "a b", "é"])
FILES = st.sampled_from(["a.py", "b.py", "ab.py", "foo.py", ".x.py", "c d.py", "!n.py", "#h.py"])
PATHS = st.builds(lambda folders, name: "/".join([*folders, name]), st.lists(NAMES, max_size=3), FILES)
PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "ab",
            "foo",
            "foo.d",
            "*",
            "?",
            "**",
            "*.py",
            "a*",
            "*b*",
            "[ab]",
            "[!a]*",
            "[a-c].py",
            "\\*",
        ),
        *("a b", "é", "\\[x\\]", "[[:alpha:]]*", ".*", "a.py", "f*.py", "f**y", "[]a]*", "[", "a\\"),
    ]
)
PATTERN = st.builds(
    lambda sign, lead, pieces, tail, spaces: sign + lead + "/".join(pieces) + tail + spaces,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(PIECES, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
    st.sampled_from(["", "", "", " ", "\r"]),
)
IGNORE_FILE = st.lists(st.one_of(PATTERN, st.just("# a comment"), st.just("")), max_size=5).map("\n".join)


@pytest.fixture(scope="module")
def repository():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        yield Path(folder).resolve()


@needs_git
@settings(max_examples=250, deadline=None)
@given(
    paths=st.sets(PATHS, min_size=1, max_size=12),
    ignore=st.dictionaries(st.lists(NAMES, max_size=2).map("/".join), IGNORE_FILE, max_size=3),
)
@example(paths={"foo/a.py", "foo/b.py", "b.py"}, ignore={"": "*\n!foo/\n!a.py"})
@example(paths={"a/foo/b.py", "foo/b.py"}, ignore={"": "a/**/b.py", "a": "!b.py"})
def test_walk_finds_what_git_finds(repository, paths, ignore):
    _fill(repository, paths, ignore)
    from_git = git_files(repository)
    assert sorted(walk(repository).paths) == sorted(from_git.paths if from_git else [])


@needs_git
@settings(max_examples=50, deadline=None)
@given(
    paths=st.sets(PATHS.map("a/b/".__add__), min_size=1, max_size=8),
    ignore=st.dictionaries(st.sampled_from(["", "a", "a/b", "a/b/foo"]), IGNORE_FILE, max_size=3),
)
def test_a_folder_of_a_repository_obeys_the_ignore_files_above_it(repository, paths, ignore):
    _fill(repository, paths, ignore)
    from_git = git_files(repository / "a" / "b")
    if from_git:  # else the repository shows nothing of the folder, and all in it is read
        assert sorted(walk(repository / "a" / "b").paths) == sorted(from_git.paths)


def _fill(repository: Path, paths, ignore):
    for entry in repository.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for path in paths:
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_bytes(b"")
    for folder, text in ignore.items():
        (repository / folder).mkdir(parents=True, exist_ok=True)
        (repository / folder / ".gitignore").write_bytes(text.encode())


@pytest.mark.parametrize(
    ("globs", "covered", "not_covered"),
    [
        (["src/"], ["src/a.py", "x/src/b/a.py"], ["src.py", "src"]),
        (["/src/"], ["src/a.py"], ["x/src/a.py"]),
        (["*_pb2.py"], ["a_pb2.py", "x/y_pb2.py"], ["a_pb2.pyi"]),
        (["a/*.py"], ["a/x.py"], ["a/b/x.py", "b/a/x.py"]),
        (["a/**/*.py"], ["a/x.py", "a/b/c/x.py"], ["b/a/x.py"]),
        (["a", "!a/kept.py"], ["a/kept.py"], []),
        (["a/*", "!a/kept.py"], ["a/x.py"], ["a/kept.py"]),
        (["# no pattern", "", "/"], [], ["a.py", "# no pattern"]),
    ],
)
def test_globs_of_the_settings_cover_folders_with_all_below(globs, covered, not_covered):
    patterns = Globs(globs)
    assert [path for path in covered if not patterns.cover(path)] == []
    assert [path for path in not_covered if patterns.cover(path)] == []


def test_no_pattern_takes_exponential_time():
    assert Patterns(["a*" * 60 + "b"]).leaves_out("a" * 250, is_folder=False) is None


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_any_text_is_a_pattern(pattern, path):
    Patterns([pattern]).leaves_out(path, is_folder=False)
