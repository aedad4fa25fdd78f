"""Names of events in quotes, in code and in configuration: no part of a site, so they may mean something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools_analysis.occurrences.collecting import Collection

_QUOTED = re.compile(r"""(?P<quote>["'])(?P<name>[\w./:*>#-]{3,120})(?P=quote)""")
_BARE = re.compile(r"(?<![\w./:-])[\w./:-]{3,120}(?![\w./:-])")
SUFFIXES = (".toml", ".yaml", ".yml", ".json", ".ini", ".cfg", ".env")
_LARGEST = 256_000


def in_code(lines: list[str], names: Mapping[str, tuple[str, ...]], found: Collection) -> None:
    """Names in the quotes of a Python file."""
    _told(lines, _QUOTED, names, found)


def in_configuration(data: bytes, names: Mapping[str, tuple[str, ...]], found: Collection) -> None:
    """Names in a configuration file, quoted or as they are: YAML and `.env` need no quotes."""
    if len(data) <= _LARGEST:
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        _told(lines, _BARE, names, found)


def _told(
    lines: list[str], pattern: re.Pattern[str], names: Mapping[str, tuple[str, ...]], found: Collection
) -> None:
    group = "name" if "name" in pattern.groupindex else 0
    for number, line in enumerate(lines, 1):
        for match in pattern.finditer(line):
            events = names.get(match[group])
            if events:
                span = (number, match.start(group), number, match.end(group))
                found.put(span, "text", "mention", events, sure=False)
