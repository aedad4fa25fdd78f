"""Whatever lies in a folder or stands in a file is a finding of that file or fine, and the others are read as ever."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pubsub_devtools_analysis import project
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode

from .conftest import graph_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")

TASK = "from celery import shared_task\n\n@shared_task\ndef work(): ...\n\nwork.delay()\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one healthy file."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "healthy.py").write_text(TASK)
    return folder


def codes(root: Path) -> dict[str, str]:
    """The code of each file with a finding, the healthy one having been read: in this process and by workers."""
    with AnalysisHost.open(root, use_cache=False) as host:
        graph = host.snapshot()
    assert [site.kind for site in graph.sites if site.place.path == "healthy.py"] == ["handle", "publish"]
    assert encode(graph)
    return {each.path: each.code for each in graph.problems}


CONTENTS = {
    "nothing": b"",
    "NUL": b"from celery import shared_task\0\n" + TASK.encode(),
    "NULs alone": b"\0" * 10_000,
    "a byte order mark": b"\xef\xbb\xbf" + TASK.encode(),
    "a mark of UTF-16": TASK.encode("utf-16"),
    "CR line ends": TASK.replace("\n", "\r").encode(),
    "an encoding that is none": b"# coding: nonsense\n" + TASK.encode(),
    "bytes that are no text": bytes(range(256)) * 20,
    "deep nesting": b"from celery import shared_task\nx = " + b"f(" * 3000 + b")" * 3000,
    "a deep tower of blocks": b"\n".join(b" " * n + b"if celery.shared_task:" for n in range(500)),
    "a long chain": b"import celery\nx = celery" + b".shared_task" * 50_000,
    "a long sum": b"import celery\nx = " + b" + ".join([b"celery.shared_task()"] * 20_000),
    "half a surrogate": b"from celery import shared_task\nshared_task(name='\\ud800')(print)\n",
    "form feeds and escapes": b"\x0c\x1b[2J" + TASK.encode(),
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_contents(root: Path, content: bytes) -> None:
    (root / "odd.py").write_bytes(content)
    assert codes(root).keys() <= {"odd.py"}
    with AnalysisHost.open(root, use_cache=False) as host:
        host.update("odd.py", None)
        host.update("odd.py", content)
        assert encode(host.snapshot()) == graph_of(root)


@pytest.mark.parametrize(
    "content", [b"work.delay()\n" * 800_000, b"(" * 10_000_000], ids=["calls", "brackets"]
)
def test_ten_megabytes(root: Path, content: bytes) -> None:
    (root / "odd.py").write_bytes(content)
    assert codes(root).keys() <= {"odd.py"}


def test_a_file_beyond_the_limit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On disk and from an editor alike, and it is well again when it is short again."""
    monkeypatch.setattr(project, "MAX_BYTES", 1000)
    monkeypatch.setattr(project.read, "__defaults__", (1000,))
    monkeypatch.setattr(project.too_large, "__defaults__", (1000,))
    long = TASK.encode() + b"#" * 1000
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        (root / "odd.py").write_bytes(long)
        host.update("odd.py", long)
        assert codes(root) == {"odd.py": "file-too-large"}
        assert encode(host.snapshot()) == graph_of(root)
        (root / "odd.py").write_text(TASK)
        host.update("odd.py", TASK.encode())
        assert encode(host.snapshot()) == graph_of(root)


def pipe(root: Path) -> None:
    os.mkfifo(root / "x.py")


def link_to_itself(root: Path) -> None:
    (root / "x.py").symlink_to("x.py")


def link_to_nothing(root: Path) -> None:
    (root / "x.py").symlink_to("nothing.py")


def link_to_a_device(root: Path) -> None:
    (root / "x.py").symlink_to("/dev/zero")


def name_that_is_no_text(root: Path) -> None:
    (root / os.fsdecode(b"x\xff.py")).write_text(TASK)


MAKERS = {
    pipe: {"x.py": "not-a-file"},
    link_to_itself: {"x.py": "link-in-circle"},
    link_to_nothing: {"x.py": "broken-link"},
    link_to_a_device: {"x.py": "link-leaves-root"},
    name_that_is_no_text: {"x?.py": "unreadable-name"},
}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_what_is_no_file(root: Path, make: Callable[[Path], None]) -> None:
    make(root)
    assert codes(root) == MAKERS[make]


def test_a_socket_and_a_folder_that_are_called_like_modules(root: Path) -> None:
    (root / "folder.py").mkdir()
    (root / "folder.py" / "inner.py").write_text(TASK)
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(root)
        try:
            listening.bind("x.py")  # a socket's whole path may have a hundred bytes
        finally:
            os.chdir(here)
        assert codes(root) == {"x.py": "not-a-file"}


def test_links_in_circles(root: Path) -> None:
    (root / "one").mkdir()
    (root / "two").mkdir()
    (root / "one" / "two").symlink_to("../two", target_is_directory=True)
    (root / "two" / "one").symlink_to("../one", target_is_directory=True)
    (root / "up").symlink_to("..", target_is_directory=True)
    (root / "here").symlink_to(".", target_is_directory=True)
    assert set(codes(root).values()) <= {"link-in-circle", "link-leaves-root"}


def test_what_was_no_file_is_one_now(root: Path) -> None:
    pipe(root)
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        (root / "x.py").unlink()
        host.update("x.py", None)
        assert encode(host.snapshot()) == graph_of(root)
        (root / "x.py").write_text(TASK)
        host.update("x.py", TASK.encode())
        assert encode(host.snapshot()) == graph_of(root)


def test_300_folders(root: Path) -> None:
    folder, here = root, Path.cwd()
    path = "/".join(["deep"] * 300)
    try:
        for _ in range(300):
            folder = folder / "deep"
            folder.mkdir()
        (folder / "task.py").write_text(TASK)
    finally:
        os.chdir(here)
    with AnalysisHost.open(root, use_cache=False) as host:
        assert f"{path}/task.py" in {site.place.path for site in host.snapshot().sites}
        host.update(f"{path}/task.py", b"")
        host.update(f"{path}/more.py", TASK.encode())
        assert f"{path}/more.py" in {site.place.path for site in host.snapshot().sites}


@pytest.mark.parametrize("stage", ["Reading", "Extracting"])
def test_files_that_vanish_while_they_are_read(root: Path, stage: str) -> None:
    others = [root / f"other{number}.py" for number in range(5)]
    for each in others:
        each.write_text(TASK)

    def progress(what: str, _done: int, _all: int) -> None:
        for each in others if what == stage else ():
            each.unlink(missing_ok=True)

    with AnalysisHost.open(root, progress=progress) as host:
        graph = host.snapshot()
        assert {each.code for each in graph.problems} == {"unreadable-file"}
        for each in others:
            host.update(each.name, None)
        assert encode(host.snapshot()) == graph_of(root)
    assert graph_of(root, use_cache=True) == graph_of(root)


@pytest.fixture
def ordinary_user(root: Path) -> Iterator[None]:
    """Somebody to whom modes mean something, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    opened = [(each, each.stat().st_mode) for each in root.parents][:-2]
    for each, mode in opened:
        each.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        for each, mode in opened:
            each.chmod(mode)


def test_files_that_may_not_be_read(root: Path, ordinary_user: None) -> None:
    is_root = os.getuid() == 0
    os.seteuid(os.getuid())
    (root / "closed.py").write_text(TASK)
    (root / "closed.py").chmod(0)
    (root / "shut").mkdir()
    (root / "shut").chmod(0)
    if is_root:
        os.seteuid(65534)
    assert codes(root) == {"closed.py": "unreadable-file", "shut": "unreadable-folder"}
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        host.update("closed.py", TASK.encode())
        assert "closed.py" in {site.place.path for site in host.snapshot().sites}
        host.update("closed.py", None)
        assert {each.path for each in host.snapshot().problems} == {"shut"}
    os.seteuid(os.getuid())
    (root / "shut").chmod(0o700)
    if is_root:
        os.seteuid(65534)
