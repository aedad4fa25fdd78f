"""One server for all workers of a run: the first to need it starts it, the last to leave stops it."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.servers.installing import only_one
from tests.servers.running import Server, is_alive, stop


@contextmanager
def shared(folder: Path, name: str, start: Callable[[], Server]) -> Generator[Server, None, None]:
    """Lend the run's server of this name. `folder` is the same for all workers of the run."""
    lock, note = folder / f"{name}.lock", folder / f"{name}.json"
    with only_one(lock):
        server, users = _noted(note)
        if server is None or not is_alive(server.pid):
            server, users = start(), 0
        _write(note, server, users + 1)
    try:
        yield server
    finally:
        with only_one(lock):
            _, users = _noted(note)
            _write(note, server, users - 1)
            if users == 1:
                stop(server)


def folder_of_run(factory: pytest.TempPathFactory, worker: str) -> Path:
    """The folder that all workers of a run have in common."""
    own = factory.getbasetemp()
    return own if worker == "master" else own.parent


def _noted(note: Path) -> tuple[Server | None, int]:
    if not note.exists():
        return None, 0
    noted = json.loads(note.read_text())
    return Server(**noted["server"]), noted["users"]


def _write(note: Path, server: Server, users: int) -> None:
    note.write_text(json.dumps({"server": asdict(server), "users": users}))
