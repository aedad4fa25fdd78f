"""Starts analysts' processes: the first of them ahead, so that it loads its code while the server still loads its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

_BOOT = (
    "import sys; sys.path[:] = sys.argv[1:]; from pubsub_devtools_lsp.analyst.__main__ import main; main()"
)
_GROUP = 0 if os.name == "posix" else None
_FLAGS = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0
)
"""Where there are no process groups as POSIX has them; nothing elsewhere."""


def start(arguments: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """A process with pipes to and from it: an analyst, unless its arguments say otherwise. Raises OSError where none can be started.

    An analyst has the import path of this process, and never the working folder on it.
    """
    analyst = [sys.executable, "-I", "-S", "-c", _BOOT, *(path for path in sys.path if path)]
    return subprocess.Popen(
        arguments or analyst,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=_GROUP,
        creationflags=_FLAGS,
    )


class Ahead:
    """A process that waits for its first task. It ends with this one, like any other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = start()

    def take(self) -> subprocess.Popen[bytes]:
        """That process the first time, later a new one. Raises OSError where none can be started."""
        process, self._process = self._process, None
        return process or start()
