"""What the server and the process that analyses a root tell each other, as values.

The server tells what is to be analysed; it is never kept waiting, and what it tells twice before the analyst comes to
it counts once. The analyst tells what has changed since it last said something.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_analysis.queries.words import Words

Stage = Literal["graph", "fields", "findings", "complete"]


class Begin(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Begin, or begin anew: a root, and what editors hold in place of what lies on the disk, each with the number of its
    last edit.

    ``skip`` are files that took the process down before: they are left out.
    """

    root: str
    texts: dict[str, tuple[bytes, int]] = {}
    config_file: str = ""
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    use_cache: bool = True
    skip: tuple[str, ...] = ()


class Edit(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An editor holds this in a file now; ``line``, from 1, is where it was edited; ``number`` is told back in `Shown`."""

    path: str
    data: bytes
    number: int
    line: int | None = None


class Look(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Look at the disk again: at these files, which no editor holds any more or which changed, or at everything."""

    paths: tuple[str, ...] = ()


class Focus(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """These files are open: tell of them first."""

    paths: tuple[str, ...]


class Doing(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What is being done, how much is done, and of how much; ``path`` is the file that is being read, if it is one."""

    what: str
    done: int = 0
    all: int = 0
    path: str = ""


class Shown(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What has changed since the last message of this kind.

    ``graph`` is a change of the graph in pieces, as `graph_change.py` makes and applies it. ``occurrences``,
    ``words`` and ``findings`` hold the files where they are others now; nothing left means an empty tuple. ``numbers`` are those of the
    edits that all of it was found in. ``stage`` is the last that is reached: ``complete`` tells that nothing is left to do.
    """

    stage: Stage
    graph: tuple[bytes, ...] = ()
    occurrences: dict[str, tuple[Occurrence, ...]] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    numbers: dict[str, int] = {}
    words: dict[str, Words] = {}


class Refused(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The root or its settings cannot be used; what was known before still holds. An empty message: they can again.

    ``file`` and ``line``, from 1, tell where the settings are wrong, if that is what it is.
    """

    message: str
    file: str = ""
    line: int = 0


ToAnalyst = Begin | Edit | Look | Focus
FromAnalyst = Doing | Shown | Refused
