"""Workspaces that are big enough for worker processes, a cache folder of each test's own, and what of us still runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pubsub_devtools_analysis import contents
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode
from tests.bench import synthetic

FILES = 200


@pytest.fixture(autouse=True)
def cache_dir(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up project; nobody changes it."""
    return synthetic.make(tmp_path_factory.mktemp("tree") / "project", FILES)


@pytest.fixture(scope="session")
def right(tree: Path) -> str:
    """The graph of the project, read in one process and without a cache."""
    return graph_of(tree)


@pytest.fixture
def with_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers read from the first byte on; afterwards none of them runs."""
    monkeypatch.setattr(contents, "WORTH_WORKERS", 0)
    yield
    assert children(os.getpid()) == []


def graph_of(root: Path, *, use_cache: bool = False) -> str:
    """The graph as JSON, by a host of its own."""
    with AnalysisHost.open(root, use_cache=use_cache) as host:
        return encode(host.snapshot())


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are not gone yet."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


def command(*args: str | Path, first: str = "") -> subprocess.Popen[str]:
    """`pubsub-tools` at its start, as a process that leads a group, as a terminal's foreground job does."""
    program = (
        f"{first}\nimport sys; from pubsub_devtools_cli.main import main; sys.stderr.write('\\n'); main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "\n"
    return process


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.002)


def state(pid: int) -> str:
    """What a process does, in the letter of `ps`; "Z" also for one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
