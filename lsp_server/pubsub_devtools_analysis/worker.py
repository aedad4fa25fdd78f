"""A worker process: reads paths from its standard input, answers each file's scan or facts on its standard output.

It is started with nothing but the interpreter's own start-up and the import path of whoever started it, never with the
working folder on that path. It ends when its input or its reader does, so that none outlives a parent that was killed.
Whatever else prints goes to standard error: nothing but answers may stand between answers.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.freeing import free_at_once
from pubsub_devtools_analysis.reading import Outcome, Reader
from pubsub_devtools_analysis.scan import Scanner

LENGTH = 4
LONGEST = (1 << 29) - 1
"""Bytes of a message at most: four printable characters never are such a length, so that stray text is not waited for."""

READY = b"ready"
"""The first message of a worker. One that ends before it says nothing about the files that it was given."""


class Start(msgspec.Struct, array_like=True):
    """The first message: where the files lie, and what scanning needs of the dialects."""

    root: str
    imports: list[tuple[str, tuple[str, ...]]]
    candidate: bytes


class Job(msgspec.Struct, array_like=True):
    """Files to scan, or to extract the facts of."""

    extract: bool
    paths: list[str]


def main() -> None:
    """Answer jobs until the input ends."""
    free_at_once()
    gc.disable()  # trees are freed by their count; nothing that stays is made here
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    try:
        _serve(source, sink)
    except BrokenPipeError:
        os._exit(0)  # the parent is gone; an orderly end would try once more to write, and complain


def _serve(source: BinaryIO, sink: BinaryIO) -> None:
    first = receive(source)
    if first is None:
        return
    reader = reader_of(msgspec.msgpack.decode(first, type=Start))
    send(sink, READY)
    jobs = msgspec.msgpack.Decoder(Job)
    while (message := receive(source)) is not None:
        job = jobs.decode(message)
        for path in job.paths:
            send(sink, msgspec.msgpack.encode(work(reader, job.extract, path)))


def reader_of(start: Start) -> Reader:
    """What reads files as a worker does."""
    dialects = [Dialect(name, imports=imports) for name, imports in start.imports]
    return Reader(Path(start.root), Scanner(dialects, re.compile(start.candidate)))


def work(reader: Reader, extract: bool, path: str) -> Outcome:
    """Do one file."""
    return reader.facts(path) if extract else reader.scan(path)


def send(sink: BinaryIO, message: bytes) -> None:
    """Write one message."""
    sink.write(len(message).to_bytes(LENGTH, "little") + message)
    sink.flush()


def receive(source: BinaryIO) -> bytes | None:
    """Read one message; nothing at the end, also in the middle of one. Raises ValueError for what cannot be one."""
    head = source.read(LENGTH)
    if len(head) < LENGTH:
        return None
    size = int.from_bytes(head, "little")
    if size > LONGEST:
        raise ValueError(f"a message of {size:,} bytes")
    message = source.read(size)
    return message if len(message) == size else None


_answers: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)


def answer(message: bytes) -> Outcome:
    """An answer as the parent reads it. Raises msgspec.MsgspecError for anything else."""
    return _answers.decode(message)
