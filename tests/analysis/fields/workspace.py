"""A workspace of a few lines, and what its handlers read."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from pubsub_devtools_analysis.host import AnalysisHost

NATS = """
from nats.aio.client import Client


async def start(nc: Client):
    await nc.subscribe("orders", cb=on_order)


"""
"""A message whose payload is behind `data`."""

HA = """
from homeassistant.core import HomeAssistant


def setup(hass: HomeAssistant):
    hass.bus.async_listen("ordered", on_order)


"""
"""An event whose payload is behind `data`, as a dict."""

EMITTER = """
from pyee.asyncio import AsyncIOEventEmitter

ee = AsyncIOEventEmitter()


"""
"""The message is the argument itself."""

Told = tuple[str, tuple[str, ...]]


def write(root: Path, files: dict[str, str]) -> None:
    """Write files, each text without its indentation."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))


def handlers(root: Path, files: dict[str, str]) -> dict[str, Told]:
    """What each handler reads, in words, and who gets its whole message; by the handler's name."""
    write(root, files)
    with AnalysisHost.open(root, use_cache=False) as host:
        graph = host.with_fields()
    return {
        site.symbol: (" ".join(use.name for use in site.reads), site.passed_whole_to)
        for site in graph.sites
        if site.kind == "handle"
    }


def told(root: Path, head: str, text: str, **files: str) -> Told:
    """What the one handler of `app.py` reads, with other files beside it."""
    others = {f"{name}.py": content for name, content in files.items()}
    found = handlers(root, {"app.py": head + dedent(text).lstrip("\n"), **others})
    assert len(found) == 1, found
    return next(iter(found.values()))


def reads(root: Path, head: str, text: str, **files: str) -> str:
    """The fields that the one handler reads."""
    return told(root, head, text, **files)[0]


def passed(root: Path, head: str, text: str, **files: str) -> tuple[str, ...]:
    """The callables that get the one handler's whole message."""
    return told(root, head, text, **files)[1]
