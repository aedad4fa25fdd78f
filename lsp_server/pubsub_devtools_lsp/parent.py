"""Whether a process is alive: the server ends with the editor that started it, however that one ended."""

from __future__ import annotations

import os
import sys


def is_alive(process: int) -> bool:
    """Whether a process is still there; so it is taken to be where that cannot be told."""
    if sys.platform == "win32":
        return _is_alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _is_alive_on_windows(process: int) -> bool:
    if sys.platform != "win32":
        return True
    import ctypes  # noqa: PLC0415 (for one question on one system)

    query, running = 0x1000, 259
    kernel = ctypes.windll.kernel32
    handle = kernel.OpenProcess(query, False, process)
    if not handle:
        return False
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == running
