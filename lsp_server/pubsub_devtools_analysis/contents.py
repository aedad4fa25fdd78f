"""What the files of a root hold: their scans and facts, from an editor's text, from the cache, or read from disk.

Facts are kept encoded and outside of memory, since laid open they weigh seven times as much. Where there is enough to read, workers read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis import project
from pubsub_devtools_analysis.ahead import Ahead
from pubsub_devtools_analysis.cache import Cache, Entry, digest
from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.editing import WORTH_BYTES, Editing
from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.index import Index
from pubsub_devtools_analysis.packing import decode, encode, unpack
from pubsub_devtools_analysis.reading import Outcome, Reader, decode_scan, facts_of
from pubsub_devtools_analysis.scan import Scan, Scanner
from pubsub_devtools_analysis.spool import Spool
from pubsub_devtools_analysis.workers import Workers
from pubsub_devtools_analysis.workspace import Resolver

Progress = Callable[[str, int, int], None]

WORTH_WORKERS = 3_000_000
"""Bytes from which on starting two processes pays."""

WORTH_SHARING = 30_000
"""Bytes from which on it pays to have two that are up read them."""

_AT_ONCE = 200
_YOUNG = 2_000_000_000
_SCANS = "scans"
_scans: msgspec.msgpack.Decoder[tuple[bytes, dict[bytes, Scan]]] = msgspec.msgpack.Decoder(
    tuple[bytes, dict[bytes, Scan]]
)


class Contents:
    """The contents of a root's files, as far as the analysis needs them."""

    def __init__(
        self,
        root: Path,
        files: dict[str, project.FileStat],
        scanner: Scanner,
        cache: Cache,
        start: Workshop,
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        self.root = root
        self.index = Index()
        self.problems: dict[str, Problem] = {}
        self._stats = dict(files)
        self._scanner = scanner
        self._overlay = overlay or {}
        self._is_overlaid = overlay is not None
        self._reader = Reader(root, scanner, self._overlay)
        self._cache = cache
        self._workshop = start
        self.texts: dict[str, bytes] = {}
        self._editing = Editing()
        self._lines: dict[str, int | None] = {}
        self.digests: dict[str, bytes] = {}
        """For each file that can be read the digest of its content."""
        self._facts = Spool()
        self._fresh: set[bytes] = set()
        """The names of facts that the cache does not know yet."""
        self._torn: set[str] = set()
        """Files that changed while all were read: others were chosen by what stood in them before."""

    # -- reading all

    def unchanged(self) -> bool:
        """Whether every file is as it was when the cache was last written."""
        entries = self._cache.files()
        for path, stat in self._stats.items():
            entry = entries.get(path)
            if entry is not None and entry[:2] == stat[:2]:
                self.digests[path] = entry.digest
        self.digests |= {path: digest(data) for path, data in self._overlay.items() if path in self._stats}
        return len(self._stats) == len(self.digests) and (
            self._is_overlaid or len(entries) == len(self._stats)
        )

    def names(self) -> bytes:
        """A name for all contents together."""
        lines = (f"{path}\0{self.digests.get(path, b'').hex()}\n" for path in sorted(self._stats))
        return digest("".join(lines).encode("utf-8", "surrogatepass"))

    def scan(self, progress: Progress) -> None:
        """Scan every file that the cache does not know."""
        known = self._known_scans()
        unknown: list[str] = []
        for path in self._stats:
            scan = known.get(self.digests.get(path, b""))
            if scan is None:
                unknown.append(path)
            else:
                self.index.put(path, scan)
        for outcome in self._work(unknown, "Reading", progress):
            self._take(outcome)
            if outcome.problem is None:
                self.index.put(outcome.path, decode_scan(outcome.data))

    def _known_scans(self) -> dict[bytes, Scan]:
        data = self._cache.blob(_SCANS) if self.digests else None
        try:
            question, scans = _scans.decode(data) if data else (b"", {})
        except msgspec.MsgspecError:
            return {}
        return scans if question == self._scanner.question else {}

    def extract(self, paths: Iterable[str], modules: Resolver, progress: Progress) -> None:
        """Have the facts of these files at hand. What they import is extracted in the background, where workers are up."""
        missing = [
            path
            for path in paths
            if path in self.digests and path not in self.texts and self.digests[path] not in self._facts
        ]
        names = [self.digests[path] for path in missing]
        for start in range(0, len(names), _AT_ONCE):
            for name, data in self._cache.facts(names[start : start + _AT_ONCE]).items():
                self._facts.put(name, data)
        missing = [path for path in missing if self.digests[path] not in self._facts]
        ahead = Ahead(modules)
        for outcome in self._work(missing, "Extracting", progress):
            if outcome.problem is None and outcome.digest != self.digests[outcome.path]:
                self._extracted(outcome.path)  # it changed since it was scanned
                continue
            self._take(outcome)
            if outcome.problem is None:
                self._put(outcome.digest, outcome.data)
                if self._workshop.is_open:
                    ahead.look(outcome.path, unpack(outcome.data))
        self._workshop.begin([path for path in ahead.files if self._is_missing(path)])

    def _is_missing(self, path: str) -> bool:
        name = self.digests.get(path)
        return name is not None and name not in self._facts and path not in self._overlay

    def _take_arrived(self) -> None:
        """Take what the workers have extracted ahead; what fails, or is another file now, is read when it is asked for."""
        for outcome in self._workshop.arrived():
            if outcome.problem is None and outcome.digest == self.digests.get(outcome.path):
                self._put(outcome.digest, outcome.data)

    def _work(self, paths: list[str], what: str, progress: Progress) -> Iterable[Outcome]:
        """Read files: by the workers, if there is enough to read."""
        extract = what == "Extracting"
        task = self._reader.facts if extract else self._reader.scan
        on_disk = [path for path in paths if path not in self._overlay]
        size = sum(self._stats[path].size for path in on_disk)
        is_worth = size > (WORTH_SHARING if self._workshop.is_open else WORTH_WORKERS)
        outcomes = self._workshop.run(extract, on_disk) if is_worth else map(task, on_disk)
        laid = (task(path) for path in paths if path in self._overlay)  # workers do not have it
        for count, outcome in enumerate(chain(laid, outcomes)):
            if not count % 50:
                progress(what, count, len(paths))
            yield outcome

    def _take(self, outcome: Outcome) -> None:
        if outcome.problem is not None:
            self.problems[outcome.path] = outcome.problem
        else:
            self.digests[outcome.path] = outcome.digest

    # -- one file

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file; nothing for one that is not here or cannot be read."""
        name = self.digests.get(path)
        if name is None:
            return None
        if path in self.texts:
            return self._editing.facts(path, name, self.texts[path], self._lines.get(path))
        if name not in self._facts:
            self._take_arrived()
        return self._kept(name) or self._extracted(path)

    def text(self, path: str) -> bytes | None:
        """The bytes of a file, an editor's first; nothing for one that is not here or cannot be read."""
        kept = self.texts.get(path)
        found = kept if kept is not None or path not in self._stats else self._reader.content(path)
        return found if isinstance(found, bytes) else None

    def _kept(self, name: bytes, laid_out: Callable[[bytes], FileFacts] = unpack) -> FileFacts | None:
        """Facts that are held or in the cache."""
        data = self._facts.get(name) or self._cache.facts([name]).get(name)
        if data is not None:
            try:
                self._facts.put(name, data)
                return laid_out(data)
            except msgspec.MsgspecError:
                pass
        return None

    def _extracted(self, path: str) -> FileFacts | None:
        content = self._reader.content(path)
        if isinstance(content, Problem):
            self.problems[path] = content
            return None
        data = encode(facts_of(content))
        name = digest(content)
        if name != self.digests[path]:
            self.index.put(path, self._scanner.scan(content))
            self._torn.add(path)
        self._put(name, data)
        self.digests[path] = name
        return unpack(data)

    def _put(self, name: bytes, data: bytes) -> None:
        """Keep facts that were just extracted."""
        self._facts.put(name, data)
        self._fresh.add(name)

    def change(self, path: str, content: bytes | None, line: int | None = None) -> bool:
        """A file's content is another now: an editor's text, or nothing for a deleted file. Gives whether it matters."""
        is_right = path not in self.problems and path not in self._torn
        self.problems.pop(path, None)
        self._torn.discard(path)
        if content is None:
            was_here = self._stats.pop(path, None) is not None
            self._forget(path)
            return was_here
        if len(content) > project.MAX_BYTES:
            self._stats.setdefault(path, project.FileStat(0, len(content), 0))
            self._forget(path)
            self.problems[path] = project.too_large(path)
            return True
        name = digest(content)
        if self.digests.get(path) == name and is_right:
            self.texts[path] = content
            return False
        self._begin(path, content)
        self.texts[path] = content
        self._lines[path] = line
        self._stats.setdefault(path, project.FileStat(0, len(content), 0))
        self.digests[path] = name
        self.index.put(path, self._scanner.scan(content))
        return True

    def _forget(self, path: str) -> None:
        self.texts.pop(path, None)
        self._editing.end(path)
        self.index.put(path, None)
        self.digests.pop(path, None)

    def _begin(self, path: str, content: bytes) -> None:
        """Before a big file's edit: have what it held until now, so that only the edit need be read."""
        name = self.digests.get(path)
        if name is None or len(content) < WORTH_BYTES:
            return
        before = self.texts.get(path) or project.read(self.root, path)
        if (
            not isinstance(before, bytes)
            or self._editing.resume(path, name, before)
            or digest(before) != name
        ):
            return
        facts = self._kept(name, decode)
        if facts is not None:
            self._editing.begin(path, name, before, facts)

    def _save_facts(self) -> None:
        """Have the cache remember the facts that it does not know yet, some at a time, since they are not in memory."""
        fresh, self._fresh = sorted(self._fresh), set()
        for start in range(0, len(fresh), _AT_ONCE):
            some = ((name, self._facts.get(name)) for name in fresh[start : start + _AT_ONCE])
            self._cache.keep({name: data for name, data in some if data is not None})

    def save(self) -> None:
        """Have the cache remember what was read from disk; under an overlay only the facts, which belong to no file."""
        self._save_facts()
        if self._is_overlaid:
            return
        now = time.time_ns()
        entries = {
            path: Entry(stat.mtime_ns if stat.mtime_ns < now - _YOUNG else 0, stat.size, self.digests[path])
            for path, stat in self._stats.items()
            if path in self.digests and path not in self.texts
        }
        self._cache.save(entries, {})
        scans = {self.digests[path]: scan for path, scan in self.index.scans.items()}
        self._cache.put_blob(_SCANS, msgspec.msgpack.encode((self._scanner.question, scans)))
        self._cache.prune()


class Workshop:
    """Workers that are started when they are first needed, and ended at the latest when the index stands."""

    def __init__(self, root: Path, dialects: Iterable[Dialect], candidate: bytes) -> None:
        self._make: Callable[[], Workers] = lambda: Workers(root, dialects, candidate)
        self._workers: Workers | None = None

    @property
    def is_open(self) -> bool:
        """Whether there are workers."""
        return self._workers is not None

    def begin(self, paths: list[str]) -> None:
        """Have files extracted in the background."""
        if self._workers is not None:
            self._workers.begin(paths)

    def arrived(self) -> Iterable[Outcome]:
        """What has come of that since it was last asked."""
        return self._workers.arrived() if self._workers is not None else ()

    def run(self, extract: bool, paths: list[str]) -> Iterable[Outcome]:
        """Have files read."""
        if self._workers is None:
            self._workers = self._make()
        return self._workers.run(extract, paths)

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        if self._workers is not None:
            self._workers.__exit__()
            self._workers = None
