"""The graphs of other repositories that a root's settings name, read from disk."""

from __future__ import annotations

from pathlib import Path

from pubsub_devtools.model import EventGraph
from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.render.json import FormatError, decode


def linked_files(root: Path, names: tuple[str, ...]) -> list[bytes]:
    """The files as bytes.

    Raises:
        ConfigError: one of them cannot be read.
    """
    found: list[bytes] = []
    for name in names:
        try:
            found.append((root / name).read_bytes())
        except OSError as error:
            raise _no_graph(root / name, error) from None
    return found


def linked_graphs(root: Path, names: tuple[str, ...]) -> list[EventGraph]:
    """The graphs in them.

    Raises:
        ConfigError: one of them cannot be read, or is none.
    """
    found: list[EventGraph] = []
    for name, data in zip(names, linked_files(root, names), strict=True):
        try:
            found.append(decode(data))
        except FormatError as error:
            raise _no_graph(root / name, error) from None
    return found


def _no_graph(file: Path, error: Exception) -> ConfigError:
    remedy = "write it there with `pubsub-tools graph --json --output graph.json`"
    return ConfigError(file, str(error), remedy, ("linked",))
