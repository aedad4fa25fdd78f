"""Which files can bear on the events of a workspace: bytes decide, before anything is parsed.

Two questions on the bytes: which frameworks are imported anywhere, and then which files call something that those
frameworks, or wrappers learnt since, are called by. Common words count only where the framework is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.known import Known

COMMON = frozenset(
    [
        "get",
        "call",
        "map",
        "join",
        "put",
        "bind",
        "func",
        "request",
        "message",
        "topic",
        "channel",
        "signal",
        "exchange",
        "group",
        "create_task",
        "register",
        "save",
    ]
)
"""Names that are everywhere: a file is not read for one of them alone unless it imports the library."""

SHORT = frozenset(
    [
        "on",
        "once",
        "s",
        "si",
        "event",
        "task",
        "listen",
        "connect",
        "consume",
        "send",
        "emit",
        "publish",
        "subscribe",
    ]
)
"""Names that count only as a method called or used as a decorator: `.on(`, `@app.task`."""


class Imports:
    """Finds imports of the frameworks' libraries in bytes."""

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self._of: dict[bytes, list[str]] = {}
        for dialect in dialects:
            for module in dialect.imports:
                self._of.setdefault(module.encode(), []).append(dialect.name)
        names = sorted(self._of, key=len, reverse=True)
        whole = b"|".join(re.escape(name) for name in names)
        split = b"|".join(_from_parent(name) for name in names if b"." in name)
        self._pattern = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(" + whole + rb")\b", re.MULTILINE)
        self._split = re.compile(rb"^[ \t]*from[ \t]+(" + split + rb")", re.MULTILINE)

    def found(self, data: bytes) -> set[str]:
        """The dialects whose library a file imports."""
        data = _import_lines(data)
        hits = set(self._pattern.findall(data))
        hits.update(hit.split()[0] + b"." + _WORDS.findall(hit)[-1] for hit in self._split.findall(data))
        return {dialect for hit in hits for dialect in self._of[hit]} if hits else set()


_WORDS = re.compile(rb"\w+")


def _import_lines(data: bytes) -> bytes:
    """The lines that say `import`, with what they continue: a pattern tried on every line is ten times as slow."""
    found: list[bytes] = []
    end = 0
    while (place := data.find(b"import", end)) >= 0:
        start = data.rfind(b"\n", 0, place)
        while start > 0 and data[start - 2 : start].rstrip(b"\r").endswith(b"\\"):
            start = data.rfind(b"\n", 0, start)
        end = data.find(b"\n", place)
        end = len(data) if end < 0 else end
        found.append(data[start + 1 : end])
    return b"\n".join(found)


def _from_parent(name: bytes) -> bytes:
    """`google.cloud.pubsub_v1` as it stands in `from google.cloud import pubsub_v1`."""
    parent, _, last = name.rpartition(b".")
    return re.escape(parent) + rb"[ \t]+import[ \t]+(?:[\w ,\t]*\b)?" + re.escape(last) + rb"\b"


def method_words(known: Known) -> set[str]:
    """The names that the active frameworks' publishing and handling go by, without the common ones."""
    words = {w for w in known.hot if w.isidentifier() and w not in COMMON}
    words.update(known.tables)
    for dialect in known.dialects.values():
        words.update(dialect.words)
    return words
