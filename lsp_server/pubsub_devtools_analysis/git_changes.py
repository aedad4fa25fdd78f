"""Which files a work tree has changed since a revision, as git tells: committed, staged, only edited, or new."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.git_command import RevisionError, ask

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RevisionError", "changed_files"]


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
    return os.fsdecode(ask(root, *arguments))
