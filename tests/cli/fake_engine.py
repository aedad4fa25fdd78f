"""An engine that answers with the hand-written shop, so that the commands are tested without the analysis.

``python -m tests.cli.fake_engine ARGS`` runs the real command line on it in a process of its own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from pubsub_devtools.model import EventGraph, Place
from tests.analysis.shop_graph import shop


class ConfigError(Exception):
    pass


class ProjectError(Exception):
    pass


class Bus(msgspec.Struct, frozen=True):
    name: str
    place: Place
    why: str
    toml: str
    sites: int = 0
    doubtful: int = 0
    left: str = ""


class Proposal(msgspec.Struct, frozen=True):
    frameworks: tuple[tuple[str, int], ...] = ()
    buses: tuple[Bus, ...] = ()
    toml: str = ""


BUS_TOML = '[[tool.pubsub-devtools.dialects]]\nname = "Bus"\npublish = ["shop.bus.Bus.emit"]\n'
PROPOSAL = Proposal(
    (("celery", 12), ("django_signal", 1)),
    (Bus("Bus", Place("shop/bus.py", 4, 0, 30, 0), "`on` stores a callable, `emit` calls it", BUS_TOML, 7),),
    f'[tool.pubsub-devtools]\nservices = ["orders"]\n\n{BUS_TOML}',
)


class Engine:
    """What the commands see of the analysis, and what they asked of it."""

    def __init__(self) -> None:
        self.graph = shop()
        self.proposal = PROPOSAL
        self.error: Exception | None = None
        self.calls: list[dict[str, Any]] = []
        self.cleared: list[Path] = []

    def analyze(self, root: Path, **options: Any) -> EventGraph:
        self.calls.append({"root": root, **options})
        if root.name == "broken-settings":
            self.error = ConfigError(
                "pyproject.toml:3: tool.pubsub-devtools.rootz: unknown key; did you mean roots?"
            )
        if root.name == "slow":
            print("started", file=sys.stderr, flush=True)
            time.sleep(60)
        if self.error:
            raise self.error
        if options.get("progress"):
            options["progress"]("Reading", 1, 2)
        return self.graph

    def propose(self, root: Path) -> Proposal:
        if self.error:
            raise self.error
        return self.proposal

    def clear(self, root: Path) -> bool:
        self.cleared.append(root)
        return len(self.cleared) == 1

    def modules(self) -> dict[str, ModuleType]:
        """The modules that the lead's engine will be, by name."""
        contents: dict[str, dict[str, Any]] = {
            "analysis": {"analyze": self.analyze, "propose": self.propose, "Proposal": Proposal, "Bus": Bus},
            "config": {"ConfigError": ConfigError},
            "project": {"ProjectError": ProjectError},
            "cache": {"Cache": type("Cache", (), {"clear": staticmethod(self.clear)})},
        }
        made = {f"pubsub_devtools_analysis.{name}": ModuleType(name) for name in contents}
        for name, members in contents.items():
            vars(made[f"pubsub_devtools_analysis.{name}"]).update(members)
        return made


if __name__ == "__main__":
    sys.modules.update(Engine().modules())
    from pubsub_devtools_cli.main import run

    sys.exit(run(sys.argv[1:]))
