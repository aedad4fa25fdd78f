"""Finds a program, or installs it where tests may do so (`docs/decisions`: never unasked on a contributor's machine)."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

MAY_INSTALL = os.environ.get("CI") == "true" or os.environ.get("PUBSUB_TEST_INSTALL") == "1"


def program(name: str, package: str, *, folders: str = "") -> str:
    """The path of a program of a Debian package. `folders` is a glob of where it lies if not on the path.

    Skips the test where it is missing and may not be installed.
    """
    found = _find(name, folders)
    if found is None and MAY_INSTALL:
        with only_one(Path(tempfile.gettempdir()) / "pubsub-tests-apt.lock"):
            found = _find(name, folders) or _install(package) or _find(name, folders)
    if found is None:
        pytest.skip(
            f"needs {name} (Debian package {package}); PUBSUB_TEST_INSTALL=1 lets the test install it"
        )
    return found


@contextmanager
def only_one(lock: Path) -> Generator[None, None, None]:
    """Keep other processes of this run out."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _find(name: str, folders: str) -> str | None:
    """The newest in the folders comes first: its companions lie beside it."""
    places = [str(place) for place in sorted(Path("/").glob(folders), reverse=True)] if folders else []
    found = (shutil.which(name, path=place) for place in places)
    return next(filter(None, found), None) or shutil.which(name)


def _install(package: str) -> None:
    subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    subprocess.run(
        install, check=True, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )
