"""What happens to a file of state when the world is against it: full disk, damage, kill -9, forks, other processes."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import pytest

from pubsub_devtools.storage.errors import (
    StorageBusyError,
    StorageCorruptError,
    StorageFullError,
)
from pubsub_devtools.storage.sqlite import Database

NOTES = ["CREATE TABLE notes (text TEXT NOT NULL) STRICT"]
PREAMBLE = """
import os, sys, time
from pubsub_devtools.storage.sqlite import Database
database = Database(sys.argv[1])
database.migrate("notes", ["CREATE TABLE notes (text TEXT NOT NULL) STRICT"])
def keep(text):
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (text,)) and None
"""


def keep(text):
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (text,)) and None


def notes(database):
    return [text for (text,) in database.read(lambda c: c.execute("SELECT text FROM notes").fetchall())]


def opened(path):
    database = Database(path)
    database.migrate("notes", NOTES)
    return database


@pytest.fixture
def visible_folder():
    """A folder that users without rights may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def start(path, code, *args, **options):
    program = PREAMBLE + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", program, str(path), *args], text=True, **options)


def test_what_was_acknowledged_before_kill_9_is_there(tmp_path):
    code = """
        import threading
        def write(name):
            for number in range(10**6):
                database.write(keep(f"{name}-{number}"))
                os.write(1, f"{name}-{number}\\n".encode())
        for name in range(8):
            threading.Thread(target=write, args=(name,)).start()
    """
    process = start(tmp_path / "state.sqlite3", code, stdout=subprocess.PIPE)
    acknowledged = [process.stdout.readline().strip() for _ in range(1000)]
    process.kill()
    acknowledged += process.stdout.read().split("\n")[:-1]
    process.stdout.close()
    process.wait()
    database = opened(tmp_path / "state.sqlite3")
    kept = notes(database)
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept)) <= len(acknowledged) + 8
    database.close()


def test_two_processes_write_at_once_and_nobody_starves(tmp_path):
    path = tmp_path / "state.sqlite3"
    code = """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: database.write(keep(f"{sys.argv[2]}-{number}")), range(1000)))
    """
    processes = [start(path, code, name) for name in ("a", "b", "c")]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    database = opened(path)
    assert len(set(notes(database))) == 3000
    database.close()


def test_a_full_disk_is_told_undoes_what_did_not_fit_and_takes_the_rest(tmp_path):
    database = opened(tmp_path / "state.sqlite3")
    database.write(lambda c: c.execute("PRAGMA max_page_count = 20").fetchall())
    outcomes = {}

    def write(size):
        try:
            database.write(keep("x" * size))
        except StorageFullError as error:
            outcomes[size] = str(error)

    threads = [threading.Thread(target=write, args=(size,)) for size in (10, 10**6, 20, 2 * 10**6, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {10**6, 2 * 10**6}
    assert all("state.sqlite3: there is no room left; free some" in text for text in outcomes.values())
    assert sorted(len(text) for text in notes(database)) == [10, 20, 30]
    database.close()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to mount a small disk"
)
def test_a_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        database = opened(disk / "state.sqlite3")
        kept = 0
        with pytest.raises(StorageFullError, match="no room left"):
            while True:
                database.write(keep("x" * 5000))
                kept += 1
        assert len(notes(database)) == kept > 3
        database.close()
        with pytest.raises(StorageFullError):
            again = opened(disk / "state.sqlite3")
            while True:
                again.write(keep("x" * 5000))
        assert len(notes(again)) >= kept
        again.close()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_damaged_file_is_named_with_the_way_out(tmp_path):
    file = tmp_path / "state.sqlite3"
    file.write_bytes(b"no database at all, but long enough to be taken for one" * 100)
    with pytest.raises(StorageCorruptError, match=r"state\.sqlite3: .*move it away"):
        opened(file)


def test_a_file_damaged_in_the_middle_is_named_where_it_is_read(tmp_path):
    database = opened(tmp_path / "state.sqlite3")
    for number in range(200):
        database.submit(keep("x" * 1000 + str(number)))
    database.close()
    with database.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StorageCorruptError, match="move it away"):
        notes(Database(database.path))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_folder_that_may_not_be_written_is_named_with_the_way_out(tmp_path, visible_folder):
    """Root may write anywhere, so that a process without its rights tries it."""
    folder = visible_folder / "locked"
    folder.mkdir(mode=0o555)
    code = f"""
        from pubsub_devtools.storage.errors import StorageReadOnlyError
        os.geteuid() or os.setuid(65534)
        try:
            Database({str(folder / "state.sqlite3")!r}).write(keep("a"))
        except StorageReadOnlyError as error:
            print(error)
    """
    process = start(tmp_path / "other.sqlite3", code, stdout=subprocess.PIPE)
    assert "state.sqlite3: it cannot be opened; look whether" in process.communicate(timeout=30)[0]


def test_what_only_reads_needs_no_right_to_write(visible_folder):
    database = opened(visible_folder / "state.sqlite3")
    database.write(keep("a"))
    code = "os.geteuid() or os.setuid(65534)\nprint(database.read(lambda c: c.execute('SELECT * FROM notes').fetchall()))"
    process = start(database.path, code, stdout=subprocess.PIPE)
    assert process.communicate(timeout=30)[0] == "[('a',)]\n"
    database.close()


def test_a_lock_that_is_kept_for_too_long_is_told(tmp_path):
    database = opened(tmp_path / "state.sqlite3")
    code = """
        database.write(lambda connection: (print("locked", flush=True), time.sleep(60)))
    """
    process = start(database.path, code, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "locked\n"
    patient = Database(database.path, busy_timeout=0.2)
    with pytest.raises(StorageBusyError, match="kept it locked"):
        patient.write(keep("a"))
    assert notes(patient) == []
    process.kill()
    process.wait()
    process.stdout.close()
    database.write(keep("b"))
    assert notes(database) == ["b"]
    patient.close()
    database.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_both_sides_of_a_fork_go_on(tmp_path):
    code = """
        import threading
        database.write(keep("before"))
        database.read(lambda c: c.execute("SELECT 1").fetchall())
        busy = threading.Thread(target=lambda: [database.write(keep(f"busy-{n}")) for n in range(300)])
        busy.start()
        owner = database.presence.owner()
        children = []
        for child in range(5):
            pid = os.fork()
            if pid == 0:
                for number in range(50):
                    database.write(keep(f"child-{child}-{number}"))
                assert database.presence.owner() != owner
                assert not database.presence.is_gone(owner)
                sys.exit(0 if child % 2 else os._exit(0))
            children.append(pid)
        database.write(keep("parent"))
        busy.join()
        print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children])
        print(database.read(lambda c: c.execute("SELECT count(DISTINCT text) FROM notes").fetchone())[0])
        print(database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone())[0])
    """
    process = start(tmp_path / "state.sqlite3", code, stdout=subprocess.PIPE)
    assert process.communicate(timeout=60)[0].split("\n") == ["[0, 0, 0, 0, 0]", "552", "ok", ""]


def test_an_owner_is_gone_the_moment_it_is_killed(tmp_path):
    process = start(
        tmp_path / "state.sqlite3",
        "print(database.presence.owner(), flush=True); time.sleep(60)",
        stdout=subprocess.PIPE,
    )
    owner = process.stdout.readline().strip()
    database = opened(tmp_path / "state.sqlite3")
    assert not database.presence.is_gone(owner)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert database.presence.is_gone(owner)
    assert database.presence.is_gone(owner)
    assert not database.presence.is_gone(database.presence.owner())
    database.close()
