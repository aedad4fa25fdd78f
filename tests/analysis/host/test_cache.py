"""A run with a cache gives, byte for byte, what one without gives: beside another, after a kill, whatever lies there."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pubsub_devtools_analysis import cache_database
from pubsub_devtools_analysis.cache import Cache
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_analysis.version import code_version
from tests.bench import synthetic
from tests.prove import kills

from .conftest import command, graph_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that a test may change, known to the cache."""
    root = synthetic.make(tmp_path / "project", 40)
    graph_of(root, use_cache=True)
    return root


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)


def test_a_run_without_changes_is_answered_from_the_cache(project: Path) -> None:
    def never(*_: object) -> None:
        raise AssertionError("something was read")

    with AnalysisHost.open(project, progress=never) as host:
        host.snapshot()
    assert graph_of(project, use_cache=True) == graph_of(project)


def test_two_processes_at_once(tree: Path, right: str) -> None:
    """The first two write at the same time; later ones read what they left."""
    for _ in range(2):
        both = [command("graph", tree, "--json") for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=60)
            assert (process.returncode, "Traceback" in err, out) == (0, False, right)


@posix_only
def test_kills_at_random_moments() -> None:
    assert kills.prove(int(os.environ.get("PUBSUB_TEST_KILLS", "10")), seed=11).misses == []


# -- what may lie there instead


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def damaged(path: Path) -> None:
    content, chance = bytearray(path.read_bytes()), random.Random(2)
    for _ in range(300):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    path.write_bytes(content)


def of_another_format(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 7")
        connection.execute("ALTER TABLE file RENAME COLUMN digest TO other")
    connection.close()


def a_folder(path: Path) -> None:
    path.unlink()
    (path / "inner").mkdir(parents=True)


def a_link_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "harm", [truncated, random_bytes, damaged, of_another_format, a_folder, a_link_in_a_circle, empty]
)
def test_a_cache_that_is_broken(project: Path, harm: Callable[[Path], None]) -> None:
    harm(cache_database.location(project))
    for _ in range(2):
        write(project, more=f"# {harm.__name__}")
        assert graph_of(project, use_cache=True) == graph_of(project)


def test_what_another_version_kept_is_not_believed(project: Path) -> None:
    with Cache.open(project, code_version()) as cache:
        data = cache.blob("graph")
        assert data is not None
    location = cache_database.location(project)
    with sqlite3.connect(location) as connection:
        connection.execute("UPDATE blob SET data = x'90'")
        connection.execute("UPDATE fact SET data = x'90'")
    connection.close()
    assert graph_of(project, use_cache=True) == graph_of(project)


@posix_only
def test_a_folder_that_may_not_be_written(project: Path, cache_dir: Path, unprivileged: None) -> None:
    assert graph_of(project, use_cache=True) == graph_of(project)
    write(project / "app00000", service="from .tasks import notify\nnotify.delay()\n")
    cache_dir.chmod(0o500)
    assert graph_of(project, use_cache=True) == graph_of(project)


@pytest.fixture
def unprivileged(project: Path, cache_dir: Path) -> Iterator[None]:
    """An ordinary user owns what the test uses and runs it: root would see through all modes."""
    is_root = os.geteuid() == 0
    mine = [cache_dir, *cache_dir.rglob("*"), project, *project.rglob("*")]
    opened = [(each, each.stat().st_mode) for each in (*project.parents,)][:-2]
    if is_root:
        for each in mine:
            os.chown(each, 65534, 65534)
        for each, mode in opened:
            each.chmod(mode | 0o055)
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
            for each, mode in opened:
                each.chmod(mode)
        cache_dir.chmod(0o700)


@posix_only
@pytest.mark.parametrize("most", [0, 1, 5_000, 60_000])
def test_a_full_disk(project: Path, cache_dir: Path, most: int) -> None:
    """A limit on the size of files stands for a disk that is full: writing fails in the same place."""
    shutil.rmtree(cache_dir)
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    process = command("graph", project, "--json", first=limit)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err, out) == (0, False, graph_of(project))
    assert graph_of(project, use_cache=True) == graph_of(project)


# -- what a remembered content depends on


def test_settings_that_teach_another_library(tmp_path: Path) -> None:
    """What a file imports of the frameworks is kept between runs; another framework is another question."""
    write(tmp_path, app="import ourlib\n\nhub = ourlib.Hub()\nhub.request('started')\n")
    os.utime(tmp_path / "app.py", (synthetic.LONG_AGO, synthetic.LONG_AGO))
    assert "started" not in graph_of(tmp_path, use_cache=True)
    (tmp_path / "pyproject.toml").write_text(
        """
        [[tool.pubsub-devtools.dialects]]
        name = "ours"
        imports = ["ourlib"]
        types.hub.is = ["ourlib.Hub"]
        publish = [{ call = ["hub.request"], event = { argument = [0] } }]
        """
    )
    with_it = graph_of(tmp_path)
    assert "started" in with_it
    assert graph_of(tmp_path, use_cache=True) == with_it


def test_files_that_change_while_they_are_read(tmp_path: Path) -> None:
    """What was learnt of the content before must not be taken for the content after."""
    first, *names = (f"m{number}" for number in range(6))
    write(
        tmp_path,
        **dict.fromkeys([first, *names], "from celery import shared_task\n\n@shared_task\ndef work(): ...\n"),
    )
    other = "from pyee import EventEmitter\n\nemitter = EventEmitter()\nemitter.emit('started')\n"
    stages: list[str] = []

    def change(what: str, _done: int, _all: int) -> None:
        if what == "Extracting" and what not in stages:
            write(tmp_path, **dict.fromkeys(names, other))
        stages.append(what)

    with AnalysisHost.open(tmp_path, progress=change) as host:
        host.snapshot()
        for name in names:
            host.update(f"{name}.py", other.encode())
        assert encode(host.snapshot()) == graph_of(tmp_path)
    assert "Extracting" in stages
    assert graph_of(tmp_path, use_cache=True) == graph_of(tmp_path)
