"""One file's bytes -> its scan or its facts: what the worker processes do, and the analysis itself where there is little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis import project
from pubsub_devtools_analysis.cache import digest
from pubsub_devtools_analysis.extraction import extract
from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.packing import encode
from pubsub_devtools_analysis.scan import Scan, Scanner
from pubsub_devtools_analysis.syntax.read import read


class Outcome(NamedTuple):
    """What came of reading one file: the digest of its content and the bytes of its scan or facts, or a problem."""

    path: str
    digest: bytes
    data: bytes
    problem: Problem | None = None


Task = Callable[[str], Outcome]

_scans: msgspec.msgpack.Decoder[Scan] = msgspec.msgpack.Decoder(Scan)


def facts_of(data: bytes, line: int | None = None) -> FileFacts:
    """The facts of a file's bytes, whatever they are; `line` is the one being edited, if known."""
    reading = read(data, line)
    problems = tuple((trouble.line, trouble.code, trouble.message) for trouble in reading.problems)
    return extract(reading.tree, reading.text, problems, reading.dropped)


def encode_scan(scan: Scan) -> bytes:
    """A scan as bytes."""
    return msgspec.msgpack.encode(scan)


def decode_scan(data: bytes) -> Scan:
    """The scan again. Raises msgspec.DecodeError or msgspec.ValidationError for anything else."""
    return _scans.decode(data)


class Reader:
    """Reads files of one root, each from its start to the end of the work on it. `overlay` stands for the disk."""

    def __init__(self, root: Path, scanner: Scanner, overlay: Mapping[str, bytes] | None = None) -> None:
        self._root = root
        self._scanner = scanner
        self._overlay = overlay or {}

    def content(self, path: str) -> bytes | Problem:
        """The bytes of a file, or why it was not read."""
        data = self._overlay.get(path)
        return data if data is not None else project.read(self._root, path)

    def scan(self, path: str) -> Outcome:
        """Read and scan a file."""
        content = self.content(path)
        if isinstance(content, Problem):
            return Outcome(path, b"", b"", content)
        return Outcome(path, digest(content), encode_scan(self._scanner.scan(content)))

    def facts(self, path: str) -> Outcome:
        """Read a file and extract its facts."""
        content = self.content(path)
        if isinstance(content, Problem):
            return Outcome(path, b"", b"", content)
        return Outcome(path, digest(content), encode(facts_of(content)))
