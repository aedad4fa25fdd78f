"""The real trees that are measured: pinned distributions, downloaded once and checked by their hash."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRATCH = Path(__file__).parents[2] / ".scratch" / "bench"


class NoTreeError(Exception):
    """A distribution cannot be had."""


@dataclass(frozen=True)
class Tree:
    """A folder of Python files, and the bounds that were promised for it."""

    name: str
    root: Path
    warm_seconds: float | None = None
    warm_share: float | None = None


@dataclass(frozen=True)
class Distribution:
    """One pinned file of the package index."""

    project: str
    version: str
    file: str
    sha256: str
    kind: str

    def unpacked(self, scratch: Path = SCRATCH) -> Path:
        """Its folder, made when missing.

        Raises:
            NoTreeError: it cannot be downloaded, or is not what was pinned.
        """
        folder = scratch / f"{self.project}-{self.version}"
        if not folder.is_dir():
            archive = self._downloaded(scratch)
            is_tar = self.kind == "sdist"
            target = scratch if is_tar else folder
            if is_tar:
                shutil.unpack_archive(archive, target, "gztar", filter="data")
            else:
                shutil.unpack_archive(archive, target, "zip")
        return folder

    def _downloaded(self, scratch: Path) -> Path:
        archive = scratch / self.file
        if not archive.is_file():
            scratch.mkdir(parents=True, exist_ok=True)
            self._download(scratch)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != self.sha256:
            raise NoTreeError(f"{self.file} is not the file that was pinned")
        return archive

    def _download(self, scratch: Path) -> None:
        form = "--no-binary" if self.kind == "sdist" else "--only-binary"
        command = ["download", "--quiet", "--no-deps", form, ":all:", f"{self.project}=={self.version}"]
        done = subprocess.run(
            [sys.executable, "-m", "pip", *command], cwd=scratch, capture_output=True, text=True, check=False
        )
        if done.returncode or not (scratch / self.file).is_file():
            said = done.stderr.strip().splitlines() or ["pip left no such file"]
            raise NoTreeError(f"{self.file} cannot be downloaded: {said[-1]}")


HOME_ASSISTANT = Distribution(
    "homeassistant",
    "2024.3.3",
    "homeassistant-2024.3.3.tar.gz",
    "f62f2c9efa330ca82f70441f93d29361fa87c506c3065baf02b5d85559cdbe70",
    "sdist",
)
WAGTAIL = Distribution(
    "wagtail",
    "8.0.1",
    "wagtail-8.0.1-py3-none-any.whl",
    "1e6ad5c7891a54efce1400e168298b5a2cc343b642cee89c31bf5ec30c98b26c",
    "wheel",
)


def real_trees(small: bool) -> list[Tree]:
    """Wagtail, and in a full run Home Assistant.

    Raises:
        NoTreeError: one cannot be had.
    """
    wagtail = Tree("wagtail", WAGTAIL.unpacked(), warm_seconds=0.3)
    if small:
        return [wagtail]
    return [Tree("homeassistant", HOME_ASSISTANT.unpacked(), 1.0, 0.1), wagtail]
