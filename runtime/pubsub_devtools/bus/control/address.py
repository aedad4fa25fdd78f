"""Where control sockets lie: one file for each in ``control/`` in the folder of state, which says how to reach it.

The folder is its owner's alone (mode 0700), so the socket and its token are, from the moment that they exist.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from pathlib import Path

import msgspec

__all__ = ["Address", "control_folder", "listening", "reached", "read_address"]

_LONGEST = 100
"""Bytes of the path of a Unix socket that every system takes."""


class Address(msgspec.Struct, frozen=True):
    """How to reach one bus. ``path`` is that of a Unix socket; where it is empty, ``port`` is one of 127.0.0.1."""

    pid: int
    bus: str
    token: str
    path: str = ""
    port: int = 0


def control_folder(state: Path) -> Path:
    """Return the folder of the sockets."""
    return state / "control"


def listening(folder: Path, bus: str, *, tcp: bool) -> tuple[socket.socket, Address, Path]:
    """Open a socket and write down where it is.

    Returns:
        The socket, its address, and the file that holds the address.

    Raises:
        OSError: It cannot be opened, or the file not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    token = secrets.token_urlsafe(32)
    if tcp or not hasattr(socket, "AF_UNIX"):
        opened = socket.create_server(("127.0.0.1", 0))
        address = Address(os.getpid(), bus, token, port=opened.getsockname()[1])
    else:
        path = folder / f"{name}.sock"
        if len(os.fsencode(path)) > _LONGEST:
            path = Path(tempfile.mkdtemp(prefix="pubsub-")) / "s"  # mode 0700 as well
        opened = socket.socket(socket.AF_UNIX)
        opened.bind(str(path))
        path.chmod(0o600)
        opened.listen()
        address = Address(os.getpid(), bus, token, path=str(path))
    file = folder / f"{name}.json"
    half = file.with_suffix(".half")  # nobody may read half an address
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(msgspec.json.encode(address))
    half.replace(file)
    return opened, address, file


def read_address(file: Path) -> Address | None:
    """Return the address in a file, or None where there is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Address)
    except (OSError, msgspec.DecodeError):
        return None


def reached(address: Address, timeout: float) -> socket.socket:
    """Connect to an address.

    Raises:
        OSError: Nobody listens there.
    """
    if not address.path:
        return socket.create_connection(("127.0.0.1", address.port), timeout)
    made = socket.socket(socket.AF_UNIX)
    try:
        made.settimeout(timeout)
        made.connect(address.path)
    except OSError:
        made.close()
        raise
    return made
