"""What an earlier run found, as long as nothing has changed since. It is named after all that it depends on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pubsub_devtools.model import EventGraph
from pubsub_devtools_analysis.cache import Cache, digest
from pubsub_devtools_analysis.contents import Contents
from pubsub_devtools_analysis.linked_files import linked_files
from pubsub_devtools_analysis.looking import Look, Overlay
from pubsub_devtools_analysis.schema_settings import schema_files

_graphs: msgspec.msgpack.Decoder[tuple[bytes, EventGraph]] = msgspec.msgpack.Decoder(tuple[bytes, EventGraph])


class Remembering:
    """One look at a root, and what the cache knows of it. Texts that are not on the disk keep everything out of it."""

    def __init__(self, root: Path, look: Look, contents: Contents, cache: Cache, overlay: Overlay) -> None:
        self._root = root
        self._look = look
        self._contents = contents
        self._cache = cache
        self._overlay = overlay
        self._is_unchanged: bool | None = None

    def put_graph(self, key: str, graph: EventGraph) -> None:
        """Remember a graph; one of another revision apart from that of the disk."""
        if not self._contents.texts:
            self._cache.put_blob(self._apart(key), msgspec.msgpack.encode((self._name(), graph)))

    def graph(self, key: str) -> EventGraph | None:
        """The graph of the last run, if nothing has changed since."""
        data = self._cache.blob(self._apart(key)) if self._is_as_it_was() else None
        if data is None:
            return None
        try:
            name, graph = _graphs.decode(data)
        except msgspec.MsgspecError:
            return None
        return graph if name == self._name() else None

    def put(self, key: str, data: bytes) -> None:
        """Remember what was worked out from the graph of now."""
        if not self._contents.texts and not self._overlay:
            self._cache.put_blob(key, msgspec.msgpack.encode((self._name(), data)))

    def get(self, key: str) -> bytes | None:
        """What was worked out from it by the last run, if nothing has changed since."""
        data = self._cache.blob(key) if not self._overlay and self._is_as_it_was() else None
        if data is None:
            return None
        try:
            name, found = msgspec.msgpack.decode(data, type=tuple[bytes, bytes])
        except msgspec.MsgspecError:
            return None
        return found if name == self._name() else None

    def _apart(self, key: str) -> str:
        return f"{key} overlaid" if self._overlay else key

    def _is_as_it_was(self) -> bool:
        if self._is_unchanged is None:
            self._is_unchanged = self._contents.unchanged()
        return self._is_unchanged and not self._contents.texts

    def _name(self) -> bytes:
        """A name for all that a graph depends on."""
        settings, _, found = self._look
        schemas = schema_files(self._root, settings.schemas, self._overlay)
        parts = (
            self._root.name,
            msgspec.to_builtins(settings),
            [msgspec.to_builtins(problem) for problem in found.problems],
            sorted(found.projects),
            found.package,
            self._contents.names(),
            [digest(data) for data in linked_files(self._root, settings.linked)],
            [(path, digest(data)) for _, path, data in schemas],
        )
        return digest(msgspec.msgpack.encode(parts))
