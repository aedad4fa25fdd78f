"""Workers that die, hang or answer nonsense cost time, never a file; none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pubsub_devtools_analysis import workers
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode

from .conftest import children, graph_of, kill, state, wait_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.usefixtures("with_workers"),
]


class Disturbing:
    """A progress display that does something to the workers at some of its calls."""

    def __init__(self, disturb: Callable[[list[int]], None], *times: int) -> None:
        self.calls = 0
        self.disturbed = 0
        self._disturb = disturb
        self._times = times

    def __call__(self, _what: str, _done: int, _all: int) -> None:
        self.calls += 1
        pids = children(os.getpid())
        if self.calls in self._times and pids:
            self.disturbed += 1
            self._disturb(pids)


def graph(root: Path, progress: Disturbing) -> str:
    with AnalysisHost.open(root, use_cache=False, progress=progress) as host:
        return encode(host.snapshot())


def test_workers_give_what_one_process_gives(tree: Path, right: str) -> None:
    assert graph_of(tree) == right


def test_one_killed_in_the_middle_costs_no_file(tree: Path, right: str) -> None:
    killing = Disturbing(lambda pids: kill(pids[0]), 1, 3, 5)
    assert graph(tree, killing) == right
    assert killing.disturbed == 3


def test_all_killed_at_once_cost_no_file(tree: Path, right: str) -> None:
    killing = Disturbing(lambda pids: [kill(pid) for pid in pids] and None, 1, 3, 5)
    assert graph(tree, killing) == right
    assert killing.disturbed == 3


def test_one_that_hangs_is_ended_and_its_files_are_read(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 70)
    monkeypatch.setattr(workers, "_TICK", 0.05)
    hanging = Disturbing(lambda pids: kill(pids[0], signal.SIGSTOP), 2, 5)
    assert graph(tree, hanging) == right
    assert hanging.disturbed == 2


SLEEPING = """
import os, signal, sys
from pathlib import Path
from pubsub_devtools_analysis import contents, workers
from pubsub_devtools_analysis.host import AnalysisHost
from tests.analysis.host.conftest import children
contents.WORTH_WORKERS, workers.PATIENCE, workers._TICK = 0, 10, 0.2
started = []
class Worker(workers.Worker):
    def __init__(self, *args):
        started.append(self)
        super().__init__(*args)
workers.Worker = Worker
def progress(*_):
    pids = children(os.getpid())
    if pids and len(started) == 2 and not slept:
        slept.append(True)
        for pid in [*pids, os.getpid()]:
            os.kill(pid, signal.SIGSTOP)
slept = []
AnalysisHost.open(Path(sys.argv[1]), use_cache=False, progress=progress).snapshot()
print(len(started), len(slept))
"""


def test_patience_is_for_seconds_in_which_we_were_awake(tree: Path) -> None:
    """A machine that sleeps, or a terminal's Ctrl-Z, does not make workers hung that slept as well."""
    process = subprocess.Popen([sys.executable, "-c", SLEEPING, str(tree)], stdout=subprocess.PIPE, text=True)
    wait_for(lambda: state(process.pid) == "T")
    time.sleep(3)  # more than their patience, in the eyes of a clock
    for pid in [*children(process.pid), process.pid]:
        kill(pid, signal.SIGCONT)
    assert process.communicate(timeout=30)[0].split() == ["2", "1"]  # none was replaced


TALKING = """
import os, sys; sys.path[:] = sys.argv[1:]
from pubsub_devtools_analysis import worker
send, count = worker.send, 0
def talk(sink, message):
    global count
    count += 1
    if count == {at} and ({always} or is_first()):
        sink.write({text!r})
    send(sink, message)
def is_first():
    try:
        os.close(os.open({mark!r}, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
worker.send = talk
worker.main()
"""


@pytest.mark.parametrize(
    ("at", "text"),
    [(1, b"hello\n"), (2, b"\0" * 64), (20, b"\x02\0\0\0\x91\xc0"), (30, b"\xff" * 9), (30, b"\x20")],
)
def test_one_that_talks_nonsense_is_replaced(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: int, text: bytes
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 70)
    monkeypatch.setattr(workers, "_TICK", 0.05)
    mark = str(tmp_path / "said")
    monkeypatch.setattr(workers, "_BOOT", TALKING.format(at=at, text=text, always=False, mark=mark))
    assert graph_of(tree) == right
    assert (tmp_path / "said").exists()


@pytest.mark.parametrize("at", [2, 60])
def test_where_all_talk_nonsense_the_files_are_read_without(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(workers, "_BOOT", TALKING.format(at=at, text=b"hello\n", always=True, mark=""))
    assert graph_of(tree) == right


def test_an_answer_for_another_file_is_rubbish_too(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped = """
import sys; sys.path[:] = sys.argv[1:]
from pubsub_devtools_analysis import worker
work = worker.work
worker.work = lambda reader, extract, path: work(reader, extract, "app00000/tasks.py")
worker.main()
"""
    monkeypatch.setattr(workers, "_BOOT", swapped)
    assert graph_of(tree) == right


def test_what_a_library_prints_does_no_harm(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    chatty = """
import os, sys; sys.path[:] = sys.argv[1:]
from pubsub_devtools_analysis import worker
work = worker.work
def chat(*args):
    print("to standard output"); os.write(1, b"to its descriptor\\n")
    return work(*args)
worker.work = chat
worker.main()
"""
    monkeypatch.setattr(workers, "_BOOT", chatty)
    assert graph_of(tree) == right
    assert "to its descriptor" in capfd.readouterr().err


DYING = """
import os, sys; sys.path[:] = sys.argv[1:]
from pubsub_devtools_analysis import worker
work = worker.work
def die(reader, extract, path):
    if path.endswith({names!r}):
        os.kill(os.getpid(), 9)
    return work(reader, extract, path)
worker.work = die
worker.main()
"""


def test_a_file_that_takes_its_worker_down_twice_is_given_up_and_said(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = [f"app{number:05}/plain10.py" for number in range(4)]
    monkeypatch.setattr(workers, "_BOOT", DYING.format(names=tuple(poison)))
    with AnalysisHost.open(tree, use_cache=False) as host:
        found = host.snapshot()
    assert {(each.path, each.code) for each in found.problems} == {(path, "reader-died") for path in poison}
    assert encode(msgspec.structs.replace(found, problems=())) == right


@pytest.mark.parametrize(
    "boot", ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 11)", "print('hello')"]
)
def test_where_no_worker_lives_the_files_are_read_without(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch, boot: str
) -> None:
    monkeypatch.setattr(workers, "_BOOT", boot)
    assert graph_of(tree) == right


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_where_no_worker_can_be_started_the_files_are_read_without(
    tree: Path, right: str, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert graph_of(tree) == right


def test_one_whose_parent_was_killed_ends_and_says_nothing(tree: Path) -> None:
    program = f"""
import os, sys
from pathlib import Path
from pubsub_devtools_analysis import contents
from pubsub_devtools_analysis.host import AnalysisHost
contents.WORTH_WORKERS = 0
def show(what, done, of):
    if done:
        print("reading", flush=True)
        sys.stdin.read()
AnalysisHost.open(Path({str(tree)!r}), use_cache=False, progress=show).snapshot()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "reading\n"
    pids = children(parent.pid)
    assert len(pids) == workers.WORKERS
    kill(parent.pid)
    _, errors = parent.communicate(
        timeout=20
    )  # standard error is theirs too: it ends when the last of them has
    assert errors == ""


def test_those_that_die_while_they_read_ahead_cost_no_file(tree: Path, right: str) -> None:
    killed: list[int] = []

    def kill_while_linking(what: str, _done: int, _all: int) -> None:
        if what == "Linking":
            killed.extend(children(os.getpid()))
            for pid in children(os.getpid()):
                kill(pid)

    with AnalysisHost.open(tree, use_cache=False, progress=kill_while_linking) as host:
        assert encode(host.snapshot()) == right
    assert killed
