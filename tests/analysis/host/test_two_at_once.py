"""What two changed files say is what a cold run says of them, whichever the host was told first and whatever it remembers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode

from .test_admission import write

EARLY = """
from homeassistant.helpers.dispatcher import async_dispatcher_connect


async def async_setup_entry(hass, entry, async_add_entities):
    def add(device):
        async_add_entities([Lamp(device)])

    async_dispatcher_connect(hass, "lamp_found", add)


def lost(device): ...


def setup(hass):
    connect(hass, lost)
"""
LATE = """
async def async_setup_entry(hass, entry, async_add_entities):
    def add(device):
        async_add_entities([Lamp(device)])

    async_dispatcher_connect(hass, "lamp_found", add)


def connect(hass, target):
    def run(*args):
        target(*args)

    async_dispatcher_connect(hass, "lamp_lost", run)


from homeassistant.helpers.dispatcher import async_dispatcher_connect
"""

BUS = """
def event_handler(*events):
    def mark(method):
        method._handles = events
        return method
    return mark


class Manager:
    def __init__(self): self.listeners = {}

    def subscribe(self, method):
        for event in method._handles:
            self.listeners.setdefault(event, []).append(method)

    def handle(self, event):
        for listener in self.listeners.get(type(event), []):
            listener(event)
"""
WINDOW = """
from manager import Manager, event_handler

class Closed:
    def __init__(self, reason): self.reason = reason

@event_handler(Closed)
def changed(event): ...

def run(manager: Manager):
    manager.subscribe(changed)
    manager.handle(Closed("now"))
"""


def told(host: AnalysisHost) -> str:
    return encode(host.snapshot()) + encode(host.with_fields())


def cold(root: Path) -> str:
    with AnalysisHost.open(root, use_cache=False) as host:
        return told(host)


@pytest.mark.parametrize("first", ["a", "a/b"])
def test_two_files_change_places(tmp_path: Path, first: str) -> None:
    texts = {"a": EARLY, "a/b": LATE}
    for folder, text in texts.items():
        write(tmp_path, f"{folder}/__init__.py", text)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        told(host)
        for folder in sorted(texts, key=lambda each: each != first):
            swapped = next(text for other, text in texts.items() if other != folder)
            write(tmp_path, f"{folder}/__init__.py", swapped)
            host.update(f"{folder}/__init__.py", swapped.encode())
        assert "Lamp" in told(host)
        assert told(host) == cold(tmp_path)


@pytest.mark.parametrize("added", ["early", "src/late"])
def test_of_two_modules_of_one_name_it_does_not_matter_which_came_first(tmp_path: Path, added: str) -> None:
    write(tmp_path, "manager.py", BUS)
    for folder in ("early", "src/late"):
        write(tmp_path, f"{folder}/setup.py", "")
        if folder != added:
            write(tmp_path, f"{folder}/new.py", WINDOW)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        told(host)
        write(tmp_path, f"{added}/new.py", WINDOW)
        host.update(f"{added}/new.py", WINDOW.encode())
        assert told(host) == cold(tmp_path)
        (tmp_path / "early/new.py").unlink()
        host.update("early/new.py", None)
        assert '"event": "custom_bus:new.Closed"' in told(host)
        assert told(host) == cold(tmp_path)
