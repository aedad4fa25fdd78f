"""Starts and stops processes that outlive the worker which started them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.watchdog import watch

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and what stopping it takes away."""

    port: int
    pid: int
    folder: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def scratch_folder(name: str) -> Path:
    """A folder that an unprivileged user may enter, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix=f"pubsub-tests-{name}-"))
    if os.geteuid() == 0:
        os.chown(folder, *_unprivileged())
    return folder


def run(command: Sequence[str]) -> None:
    """Run a command to its end, without root's rights."""
    subprocess.run(command, check=True, capture_output=True, **_rights())


def launch(command: Sequence[str], folder: Path) -> int:
    """Start a process that goes on when this worker ends, and ends with the run, without root's rights; its pid."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=folder,
            **_rights(),
        )
    process.returncode = 0  # it is stopped by pid, perhaps by another worker: nobody waits for this object
    watch(process.pid, folder)
    return process.pid


def wait_until(ready: Callable[[], bool], server: Server, seconds: float = 30) -> None:
    """Wait for a server that has begun to start; its log says why it did not, and nothing of it is left."""
    deadline = time.monotonic() + seconds
    try:
        while not ready():
            if time.monotonic() > deadline or not is_alive(server.pid):
                log = (Path(server.folder) / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"the server did not start: {log}")
            time.sleep(0.02)
    except BaseException:
        stop(server)
        raise


def stop(server: Server, signal_number: int = signal.SIGINT) -> None:
    """End it and wait until it is gone; its folder goes with it."""
    deadline = time.monotonic() + 20
    while is_alive(server.pid):
        os.kill(server.pid, signal_number if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.05)
    shutil.rmtree(server.folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def accepts(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _rights() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    user, group = _unprivileged()
    return {"user": user, "group": group, "extra_groups": []}


def _unprivileged() -> tuple[int, int]:
    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid
