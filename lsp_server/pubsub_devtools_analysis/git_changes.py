"""Which files a work tree has changed since a revision, as git tells: committed, staged, only edited, or new."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.git_files import LOCATION

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RevisionError", "changed_files"]

_TIMEOUT = 60


class RevisionError(Exception):
    """Git cannot tell: it is not installed, this is no repository, or it has no such revision."""


def changed_files(root: Path, revision: str) -> set[str]:
    """Paths below ``root``, relative to it, that differ from where this branch left ``revision``.

    What was changed on the other side since then is no change of this one. In a shallow clone, in which the common
    ancestor is missing, the revision itself is compared with.

    Raises:
        RevisionError: git cannot tell; the message says why.
    """
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    ).strip()
    with suppress(RevisionError):
        commit = _git(root, "merge-base", commit, "HEAD").strip()
    changed = _git(
        root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--relative", "-z", commit, "--", "."
    )
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return {path for path in (changed + new).split("\0") if path}


def _git(root: Path, *arguments: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in LOCATION}
    try:
        done = subprocess.run(
            (
                "git",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.quotePath=false",
                "--no-optional-locks",
                *arguments,
            ),
            cwd=root,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise RevisionError(f"git could not be asked: {error}") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").partition("\n")[0]
        raise RevisionError(words or "there is no such revision here; in a shallow clone, fetch it first")
    return os.fsdecode(done.stdout)
