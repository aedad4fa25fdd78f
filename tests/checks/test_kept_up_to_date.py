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


SENDER = """\
from celery import shared_task


@shared_task
def receipt(order_id):
    print(order_id)


def tell(order):
    receipt.delay(order.id)
"""
CALLER = """\
from django.db import transaction

from mail import tell


def pay(order):
    with transaction.atomic():
        tell(order)
"""
WAITING = """\
import time


def look_up(order):
    time.sleep(1)
"""
LISTENING = """\
import nats

from waiting import look_up


async def on_order(msg):
    look_up(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
"""
SETTING = "task_serializer = 'json'\n"
BRINGING = """\
from mail import receipt

receipt.delay({1, 2})
"""
VERSIONS = """\
from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema


@event_schema(name="Sent", version="1")
class SentV1(BaseEvent):
    order: str


@event_schema(name="Sent", version="2")
class Sent(BaseEvent):
    order: str


@event_handler("Sent")
def on_sent(event: Sent) -> None:
    print(event.order)


event_bus.publish(SentV1(order="7"))
"""
MIGRATIONS = """\
from migrator import migrator

migrator.register_migration(from_version="1", to_version="2", transform=dict)
"""
MIGRATOR = "from pubsub_devtools import EventMigrator\n\nmigrator = EventMigrator('Sent')\n"


@pytest.mark.parametrize(
    ("files", "code", "path", "edited", "text"),
    [
        ({"mail.py": SENDER, "till.py": CALLER}, "PSD015", "till.py", "till.py", CALLER.replace("atomic", "on_commit")),
        ({"mail.py": SENDER, "till.py": CALLER}, "PSD015", "till.py", "mail.py", SENDER.replace("def tell", "async def tell")),
        ({"waiting.py": WAITING, "desk.py": LISTENING}, "PSD014", "desk.py", "waiting.py", WAITING.replace("sleep", "monotonic")),
        ({"mail.py": SENDER, "pay.py": BRINGING, "conf.py": SETTING}, "PSD017", "pay.py", "conf.py", SETTING.replace("json", "pickle")),
        ({"sent.py": VERSIONS, "migrator.py": MIGRATOR.replace("'Sent'", "'Paid'"), "all.py": MIGRATIONS}, "PSD009", "sent.py", "migrator.py", MIGRATOR),
    ],
)  # fmt: skip
def test_what_another_file_says_counts_from_when_it_changes(
    files: dict[str, str], code: str, path: str, edited: str, text: str
) -> None:
    with opened({**files, "pyproject.toml": ""}) as host:
        checking = Checking(host, select=(code,))
        assert codes(checking) == {path: [code]}
        host.update(edited, text.encode())
        assert codes(checking) == {}
        host.update(edited, None)
        host.update(edited, b"# one line more\n" + files[edited].encode())
        assert codes(checking) == {path: [code]}
