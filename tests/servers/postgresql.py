"""PostgreSQL, from Debian's package. It does not sync to the disk: tests kill its clients, never the server."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers import running
from tests.servers.installing import program


def start() -> running.Server:
    """Make a cluster in a scratch folder and start it."""
    folders = "usr/lib/postgresql/*/bin"
    postgres = program("postgres", "postgresql", folders=folders)
    folder, port = running.scratch_folder("postgresql"), running.free_port()
    data = folder / "data"
    options = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    running.run([str(Path(postgres).parent / "initdb"), "-D", str(data), *options])
    settings = [
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={folder}",
        "fsync=off",
        "wal_level=logical",
    ]
    flags = [part for setting in settings for part in ("-c", setting)]
    pid = running.launch([postgres, "-D", str(data), "-p", str(port), *flags], folder)
    server = running.Server(port, pid, str(folder))
    is_ready = [str(Path(postgres).parent / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    running.wait_until(lambda: _succeeds(is_ready), server)
    return server


def url(server: running.Server, database: str = "postgres") -> str:
    return f"postgresql://postgres@127.0.0.1:{server.port}/{database}"


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
