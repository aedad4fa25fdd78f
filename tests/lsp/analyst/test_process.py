"""An analyst that dies or hangs is started again, and an editor loses nothing by it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from pubsub_devtools_lsp.analyst.process import ProcessLink
from pubsub_devtools_lsp.analyst.starting import start
from pubsub_devtools_lsp.session import Session
from pubsub_devtools_lsp.settings import Settings
from pubsub_devtools_lsp.texts.document import Document

APP = """from pubsub_devtools import BaseEvent, event_bus, event_handler

class OrderPlaced(BaseEvent):
    total: int

@event_handler(OrderPlaced)
def on_placed(event: OrderPlaced) -> None:
    print(event.total)
"""
OTHER = "from app import OrderPlaced, event_bus\n\ndef f():\n    event_bus.publish(OrderPlaced(total=1))\n"

TRAPPED = """
import os, sys, time
sys.path[:] = sys.argv[1:]
from pubsub_devtools_analysis.host import AnalysisHost
update = AnalysisHost.update
def trapped(self, path, data, line=None):
    if b"POISON" in (data or b""):
        os.kill(os.getpid(), 9)
    if b"HANG" in (data or b""):
        time.sleep(1000)
    update(self, path, data, line)
AnalysisHost.update = trapped
from pubsub_devtools_lsp.analyst.__main__ import main
main()
"""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are ended by signals here")


class Root:
    """A root with two files, and its analyst in a process that falls into traps."""

    def __init__(self, root: Path, patience: float = 60) -> None:
        for path, text in (("app.py", APP), ("other.py", OTHER)):
            (root / path).write_text(text)
        self.logged: list[str] = []
        arguments = [sys.executable, "-I", "-S", "-c", TRAPPED, *(path for path in sys.path if path)]
        self.session = Session(
            root,
            Settings(),
            lambda session: ProcessLink(session, self.logged.append, patience, partial(start, arguments)),
            lambda _session, _message: None,
        )
        self.link: ProcessLink = self.session._link  # type: ignore[assignment]
        self._number = 0

    def hold(self, path: str, text: str) -> None:
        """An editor holds a file with this text."""
        self._number += 1
        if path in self.session.open:
            document = self.session.open[path]
            moved = document.text.become(text)
            assert moved is not None
            document.edited(moved, self._number)
            self.session.edited(path)
        else:
            self.session.opened(path, Document(path, "python", 1, text, self._number))

    def kill(self) -> int:
        number = self.link.number
        assert number is not None
        os.kill(number, signal.SIGKILL)
        return number

    async def until(self, so: Callable[[], bool]) -> None:
        for _ in range(3000):
            if so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"it never was so; logged: {self.logged}")

    async def complete(self) -> None:
        await self.until(lambda: self.session.snapshot.is_complete)

    def says(self, path: str) -> bool:
        return path in self.session.snapshot.occurrences


def run(tmp_path: Path, story: Callable[[Root], Awaitable[None]], patience: float = 60) -> None:
    async def tell() -> None:
        here = Root(tmp_path, patience)
        try:
            await story(here)
        finally:
            here.session.close()

    asyncio.run(tell())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_killed_while_indexing(root: Path) -> None:
    async def story(here: Root) -> None:
        await here.until(lambda: here.link.number is not None)
        first = here.kill()
        await here.complete()
        assert here.says("app.py")
        assert here.link.number != first
        assert any("started again" in each for each in here.logged)

    run(root, story)


def test_killed_in_the_middle_of_edits(root: Path) -> None:
    async def story(here: Root) -> None:
        await here.complete()
        here.hold("app.py", APP)
        await here.complete()
        before = here.session.snapshot
        here.hold("app.py", "\n" + APP)
        here.kill()
        assert here.session.snapshot is before
        await here.until(lambda: not here.session.open["app.py"].drift)
        await here.complete()
        assert here.session.snapshot.occurrences["app.py"][0].line == before.occurrences["app.py"][0].line + 1
        here.hold("other.py", "pass\n")
        await here.until(lambda: not here.says("other.py"))

    run(root, story)


def test_a_file_over_which_it_is_lost_twice_is_left_out_until_it_changes_on_the_disk(root: Path) -> None:
    async def story(here: Root) -> None:
        await here.complete()
        here.hold("other.py", OTHER + "# POISON\n")
        await here.until(lambda: any("other.py is left out" in each for each in here.logged))
        await here.until(lambda: not here.says("other.py") and here.session.snapshot.is_complete)
        assert here.says("app.py")
        here.hold("other.py", OTHER)
        here.session.look_again(("other.py",))
        await here.until(lambda: here.says("other.py"))

    run(root, story)


def test_one_that_hangs_is_ended(root: Path) -> None:
    async def story(here: Root) -> None:
        await here.complete()
        first = here.link.number
        here.hold("app.py", APP + "# HANG\n")
        await here.until(lambda: any("hung" in each for each in here.logged))
        here.hold("app.py", "\n" + APP)
        await here.until(lambda: not here.session.open["app.py"].drift and here.session.snapshot.is_complete)
        assert here.link.number != first

    run(root, story, patience=3)


def test_nothing_is_told_after_the_end(root: Path) -> None:
    async def story(here: Root) -> None:
        await here.complete()
        number = here.link.number
        assert number is not None
        here.session.close()
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
        here.session.look_again()

    run(root, story)
