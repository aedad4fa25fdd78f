"""Git, asked: with no hook, no file monitor, no lock and no network, since the repository may be anyone's."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.git_files import LOCATION

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RevisionError", "ask"]

_TIMEOUT = 60
_COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks")


class RevisionError(Exception):
    """Git cannot tell: it is not installed, this is no repository, or it has no such revision."""


def ask(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """What git answers in a folder.

    Args:
        root: the folder.
        arguments: the command.
        given: what it reads.

    Raises:
        RevisionError: git cannot tell; the message is its first line.
    """
    environment = {key: value for key, value in os.environ.items() if key not in LOCATION}
    try:
        done = subprocess.run(
            (*_COMMAND, *arguments),
            cwd=root,
            env=environment | {"LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"},
            input=given or b"",
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
    return done.stdout
