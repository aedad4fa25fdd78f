"""A worker process: reads paths from its standard input, answers each file's scan or facts on its standard output.

It is started with nothing but the interpreter's own start-up and the import path of whoever started it, never with the
working folder on that path. It ends when its input does, so that none outlives a parent that was killed.
"""

from __future__ import annotations

import gc
import re
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.reading import Outcome, Reader
from pubsub_devtools_analysis.scan import Scanner

LENGTH = 4


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
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the parent is interrupted too and tells by closing the input
    gc.disable()  # trees are freed by their count; nothing that stays is made here
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    start = msgspec.msgpack.decode(receive(source) or b"", type=Start)
    dialects = [Dialect(name, imports=imports) for name, imports in start.imports]
    reader = Reader(Path(start.root), Scanner(dialects, re.compile(start.candidate)))
    jobs = msgspec.msgpack.Decoder(Job)
    while (message := receive(source)) is not None:
        job = jobs.decode(message)
        task = reader.facts if job.extract else reader.scan
        for path in job.paths:
            send(sink, msgspec.msgpack.encode(task(path)))


def send(sink: BinaryIO, message: bytes) -> None:
    """Write one message."""
    sink.write(len(message).to_bytes(LENGTH, "little") + message)
    sink.flush()


def receive(source: BinaryIO) -> bytes | None:
    """Read one message; nothing at the end, also in the middle of one."""
    head = source.read(LENGTH)
    if len(head) < LENGTH:
        return None
    size = int.from_bytes(head, "little")
    message = source.read(size)
    return message if len(message) == size else None


_answers: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)


def answer(message: bytes) -> Outcome:
    """An answer as the parent reads it. Raises msgspec.MsgspecError for anything else."""
    return _answers.decode(message)
