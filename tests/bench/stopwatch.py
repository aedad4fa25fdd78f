"""Times the layers of the analysis apart, from outside: each is a function, and what it calls of the others is not its own.

A layer whose function is no longer there is left out, never a failure: the map below is a measuring aid, no contract.
"""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

SHAPES = "search for buses by shape"
PACKAGE = "pubsub_devtools_analysis"
LAYERS = {
    "discovery": ("project", "discover"),
    "bytes": ("contents", "Contents.scan"),
    "extraction": ("contents", "Contents.extract"),
    "linking": ("link", "Linker.update"),
    SHAPES: ("seeding", "Seeding.update"),
    "shards": ("shards", "Shards.update"),
    "assembly": ("graph", "Assembly.graph"),
    "links": ("links", "Links.update"),
    "flows": ("flows", "Flows.update"),
    "fields, on demand": ("fields.annotate", "Fields.annotated"),
}


class Stopwatch:
    """Own time by layer."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []
        self._since = time.perf_counter()

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Time what runs inside, and let the layer around it rest."""
        self._turn()
        self._running.append(name)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._running:
            name = self._running[-1]
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now

    def watch(self, names: Iterable[str] = LAYERS) -> None:
        """Have these layers timed, as far as they are found, for as long as this process lives."""
        for name in names:
            module, dotted = LAYERS[name]
            try:
                owner: Any = importlib.import_module(f"{PACKAGE}.{module}")
                *above, last = dotted.split(".")
                for part in above:
                    owner = getattr(owner, part)
                setattr(owner, last, self._timed(name, getattr(owner, last)))
            except (ImportError, AttributeError):
                continue

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **keywords: Any) -> Any:
            with self.layer(name):
                return function(*args, **keywords)

        return timed
