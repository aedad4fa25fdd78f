"""A look at the disk: which files belong to a root, and how they are meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pubsub_devtools_analysis import config, project
from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.user_dialects import user_dialects

Overlay = Mapping[str, bytes | None]
"""What files hold in place of what lies on the disk; nothing for one that is not there."""


class Wanted(NamedTuple):
    """What is to be looked at: a folder or file, settings instead of those that are found, globs to leave out besides."""

    root: Path
    config_file: Path | None
    exclude: tuple[str, ...]


class Look(NamedTuple):
    """What was seen: the settings, the dialects that they describe, and the files."""

    settings: config.Settings
    own: tuple[Dialect, ...]
    found: project.Project


def look(wanted: Wanted, overlay: Overlay) -> Look:
    """The root as it lies on disk now.

    Raises:
        ProjectError: the root cannot be read as a whole.
        ConfigError: its settings cannot be used.
    """
    root, config_file, exclude = wanted
    settings = config.load(root, config_file)
    own = user_dialects(settings, config_file or config.find(root))
    found = project.discover(root, settings, exclude)
    return Look(settings, own, project.overlaid(found, overlay, settings, exclude))
