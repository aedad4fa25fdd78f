"""Many that open one new file at the same moment: each switches it to the write-ahead log, and none is turned away."""

import multiprocessing
import threading
import time

import apsw
import pytest

from pubsub_devtools.storage.errors import StorageBusyError
from pubsub_devtools.storage.sqlite import Database

NOTES = ["CREATE TABLE notes (text TEXT NOT NULL) STRICT"]
PROCESSES, FILES = 4, 20


@pytest.fixture
def new(tmp_path):
    """A file that another connection begins to write, before anything is said of the write-ahead log."""
    file = tmp_path / "state.sqlite3"
    other = apsw.Connection(str(file))
    other.execute("BEGIN IMMEDIATE")
    yield file, other
    other.close()


def test_who_switches_to_the_log_waits_for_who_writes(new):
    file, other = new
    database = Database(file)
    threading.Timer(0.2, lambda: other.execute("ROLLBACK")).start()
    database.migrate("notes", NOTES)
    assert apsw.Connection(str(file)).pragma("journal_mode") == "wal"
    database.close()


def test_waiting_has_an_end(new):
    database = Database(new[0], busy_timeout=0.2)
    began = time.monotonic()
    with pytest.raises(StorageBusyError, match="raise busy_timeout"):
        database.migrate("notes", NOTES)
    assert 0.2 <= time.monotonic() - began < 5
    database.close()


def test_many_processes_that_open_a_new_file_at_once_all_write(tmp_path):
    context = multiprocessing.get_context("spawn")
    together, failed = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=_open_each, args=(tmp_path, together, failed)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    assert [failed.get(timeout=60) for _ in processes] == [[]] * PROCESSES
    for process in processes:
        process.join()
    for number in range(FILES):
        database = Database(tmp_path / f"{number}.sqlite3")
        assert database.read(lambda c: c.execute("SELECT count(*) FROM notes").fetchone()) == (PROCESSES,)
        database.close()


def _open_each(folder, together, failed):
    errors = []
    for number in range(FILES):
        database = Database(folder / f"{number}.sqlite3")
        together.wait(30)
        try:
            database.migrate("notes", NOTES)
            database.write(lambda c: c.execute("INSERT INTO notes VALUES ('here')") and None)
        except Exception as error:
            errors.append(repr(error))
        database.close()
    failed.put(errors)
