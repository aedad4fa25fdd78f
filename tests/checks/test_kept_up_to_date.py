"""Findings follow edits: those are told anew that an edit bears on, in whichever file they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.checks.running import Runner

from .workspace import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.host import AnalysisHost

EVENTS = """\
from pubsub_devtools import BaseEvent


class Placed(BaseEvent):
    order: str


class Paid(BaseEvent):
    order: str
"""
PUBLISHERS = """\
from events import Paid, Placed
from pubsub_devtools import event_bus

event_bus.publish(Placed(order="7"))
event_bus.publish(Paid(order="7"))
"""
HANDLER = """\
from events import {0}
from pubsub_devtools import event_handler


@event_handler({0})
def on_{0}(event: {0}) -> None:
    print(event.order)
"""
FILES = {
    "events.py": EVENTS,
    "publishers.py": PUBLISHERS,
    "placed.py": HANDLER.format("Placed"),
    "paid.py": HANDLER.format("Paid"),
    "pyproject.toml": "[tool.pubsub-devtools]\n",
}


@pytest.fixture
def host() -> Iterator[AnalysisHost]:
    with opened(FILES) as host:
        yield host


def codes(checking: Checking) -> dict[str, list[str]]:
    return {path: [each.code for each in found] for path, found in checking.update().findings.items()}


def test_an_edit_here_makes_a_finding_there_and_takes_it_back(host: AnalysisHost) -> None:
    checking = Checking(host)
    assert checking.update() == ({}, frozenset())
    host.update("paid.py", b"")
    assert (codes(checking), checking.update().changed) == ({"publishers.py": ["PSD002"]}, frozenset())
    host.update("publishers.py", b"# one line more\n" + PUBLISHERS.encode())
    told = checking.update()
    assert told.changed == {"publishers.py"}
    assert [each.place.line for each in told.findings["publishers.py"]] == [6]
    host.update("paid.py", FILES["paid.py"].encode())
    assert checking.update() == ({}, frozenset({"publishers.py"}))


def test_comments_files_and_settings_count_from_when_they_change(host: AnalysisHost) -> None:
    checking = Checking(host)
    host.update("paid.py", None)
    assert codes(checking) == {"publishers.py": ["PSD002"]}
    host.update("publishers.py", PUBLISHERS.rstrip().encode() + b"  # pubsub: ignore[PSD002]\n")
    assert codes(checking) == {}
    host.update("again.py", FILES["paid.py"].encode())
    assert codes(checking) == {"publishers.py": ["PSD100"]}
    settings = host.root / "pyproject.toml"
    settings.write_text('[tool.pubsub-devtools]\nchecks.ignore = ["PSD100"]\n', "utf-8")
    host.update("pyproject.toml", settings.read_bytes())
    assert checking.update() == ({}, frozenset({"publishers.py"}))


def test_only_what_an_edit_bears_on_is_looked_at_again(
    host: AnalysisHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    look = Runner._look

    def counted(self: Runner, check: object, subject: str) -> object:
        looked.append(subject)
        return look(self, check, subject)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "_look", counted)
    checking = Checking(host)
    checking.update()
    assert {"placed.py", "paid.py", "pubsub_devtools:Paid", "pubsub_devtools:Placed"} <= {*looked}
    looked.clear()
    host.update("placed.py", b"# one line more\n" + FILES["placed.py"].encode())
    checking.update()
    assert "placed.py" in looked
    assert not {"paid.py", "pubsub_devtools:Paid"} & {*looked}
