"""What the server and the process that analyses a root tell each other, as values.

The server tells what is to be analysed; it is never kept waiting, and what it tells twice before the analyst comes to
it counts once. The analyst tells what has changed since it last said something.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.queries.occurrence import Occurrence

Stage = Literal["graph", "fields", "findings", "complete"]


class Open(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Begin: a root, and what editors hold in place of what lies on the disk, with the versions of these texts."""

    root: str
    texts: dict[str, tuple[bytes, int]] = {}
    config_file: str = ""
    exclude: tuple[str, ...] = ()
    use_cache: bool = True


class Edit(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A file holds this now; nothing for one that is gone. ``line`` counts from 1; ``version`` is echoed."""

    path: str
    data: bytes | None
    line: int | None = None
    version: int | None = None


class Reload(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Look at the disk again; these texts hold in place of it."""

    texts: dict[str, tuple[bytes, int]] = {}


class Focus(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """These files are open: tell of them first."""

    paths: tuple[str, ...]


class Draw(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Make a picture; ``options`` are those of the renderer."""

    number: int
    format: Literal["svg", "mermaid", "dot", "sequence", "json", "html"]
    options: dict[str, str] = {}


class Doing(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What is being done, how much is done, and of how much."""

    what: str
    done: int
    all: int


class Shown(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What has changed since the last message of this kind.

    ``graph`` is a change of the graph, as `graph_change.py` makes and applies it. ``occurrences`` and ``findings`` hold
    the files where they are others now; nothing left means an empty tuple. ``versions`` are those of the texts that all
    of it was found in.
    """

    stage: Stage
    graph: bytes = b""
    occurrences: dict[str, tuple[Occurrence, ...]] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    versions: dict[str, int] = {}


class Drawn(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The picture that was asked for, or why there is none."""

    number: int
    text: str = ""
    failure: str = ""


class Refused(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The root or its settings cannot be used; what was known before still holds."""

    message: str
    remedy: str
    path: str = ""
    line: int = 0


ToAnalyst = Open | Edit | Reload | Focus | Draw
FromAnalyst = Doing | Shown | Drawn | Refused
