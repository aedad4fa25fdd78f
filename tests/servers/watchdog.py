"""Ends a server when the run that started it is gone: a run that is killed stops nothing itself.

It is a process of its own, run as a script: it waits for the run and the server, by pid and the time at which each began,
since pids are used again.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_EVERY = 0.3


def run_pid() -> int:
    """The process whose end is the end of the run: that of pytest, for its workers too."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def watch(server: int, folder: Path) -> None:
    """End the server, and remove its folder, when this run has ended."""
    run = run_pid()
    arguments = [str(run), began(run), str(server), began(server), str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-S", "-E", __file__, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process.returncode = 0  # it ends after the server, when nobody waits for it


def began(pid: int) -> str:
    """When a process began, in the kernel's own measure; nothing where it has ended."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else rest[18]


def main(run: str, run_began: str, server: str, server_began: str, folder: str) -> None:
    """Wait until either has ended."""
    while began(int(run)) == run_began:
        if began(int(server)) != server_began:
            return
        time.sleep(_EVERY)
    deadline = time.monotonic() + 5
    while began(int(server)) == server_began:
        with suppress(ProcessLookupError):
            os.kill(int(server), signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(_EVERY)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
