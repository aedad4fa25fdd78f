"""A workspace of a few lines, what its handlers read, and what its publishers give."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from pubsub_devtools.model import Site
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


def publishers(root: Path, files: dict[str, str]) -> list[Site]:
    """The publishers of a workspace, with what they give."""
    write(root, files)
    with AnalysisHost.open(root, use_cache=False) as host:
        return [site for site in host.with_fields().sites if site.kind == "publish"]


def gives(root: Path, head: str, text: str, **files: str) -> str:
    """The fields that the one publisher of `app.py` gives, and `...` where it may give more."""
    others = {f"{name}.py": content for name, content in files.items()}
    found = publishers(root, {"app.py": head + dedent(text).lstrip("\n"), **others})
    assert len(found) == 1, found
    return words(found[0])


def words(site: Site) -> str:
    """What a publisher gives, in words."""
    return " ".join([*(use.name for use in site.keys), *(["..."] if site.open else [])])
