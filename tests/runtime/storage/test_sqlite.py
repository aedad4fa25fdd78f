"""The promises of `Database` inside one process."""

import asyncio
import threading

import apsw
import pytest

from pubsub_devtools.storage.errors import StorageClosedError, StorageNewerError
from pubsub_devtools.storage.sqlite import Database

NOTES = ["CREATE TABLE notes (text TEXT NOT NULL UNIQUE) STRICT"]


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "state.sqlite3")
    database.migrate("notes", NOTES)
    yield database
    database.close()


def keep(text):
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (text,)) and None


def notes(database):
    return [text for (text,) in database.read(lambda c: c.execute("SELECT text FROM notes").fetchall())]


def test_what_was_written_is_read_at_once_and_after_closing(database):
    database.write(keep("a"))
    assert notes(database) == ["a"]
    database.close()
    assert notes(Database(database.path)) == ["a"]


def test_nothing_is_opened_before_it_is_used(tmp_path):
    Database(tmp_path / "none" / "state.sqlite3").close()
    assert not (tmp_path / "none").exists()


def test_reading_a_file_that_is_not_there_makes_it(tmp_path):
    database = Database(tmp_path / "state.sqlite3")
    assert database.read(lambda c: c.execute("SELECT 1").fetchone()) == (1,)
    database.close()


def test_work_that_raises_is_undone_alone(database):
    def half(connection):
        connection.execute("INSERT INTO notes VALUES ('half')")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.write(half)
    database.write(keep("whole"))
    with pytest.raises(apsw.ConstraintError):
        database.write(keep("whole"))
    assert notes(database) == ["whole"]


def test_one_of_a_group_that_fails_fails_alone(database):
    async def all_at_once():
        writes = [database.write_async(keep(text)) for text in ("a", "b", "a", "c")]
        return await asyncio.gather(*writes, return_exceptions=True)

    outcomes = asyncio.run(all_at_once())
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        type(None),
        apsw.ConstraintError,
        type(None),
    ]
    assert notes(database) == ["a", "b", "c"]


def test_writes_of_many_threads_are_grouped_and_in_order_for_each(database):
    commits = []
    database.write(lambda c: c.set_commit_hook(lambda: commits.append(1) is not None))

    def write(name):
        for number in range(50):
            database.write(keep(f"{name}-{number:02}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = notes(database)
    assert len(kept) == 1000
    assert len(commits) < 500
    for name in range(20):
        own = [text for text in kept if text.startswith(f"{name}-")]
        assert own == sorted(own)


def test_submitted_writes_are_acknowledged_by_flush_which_raises_what_failed(database):
    database.submit(keep("a"))
    database.submit(keep("a"))
    database.submit(keep("b"))
    with pytest.raises(apsw.ConstraintError):
        database.flush()
    database.flush()
    assert notes(database) == ["a", "b"]


def test_a_failed_write_that_nobody_waited_for_is_logged_at_the_end(database, caplog):
    database.write(keep("a"))
    database.submit(keep("a"))
    database.close()
    assert "nobody waited for" in caplog.text


def test_a_write_inside_a_write_is_refused_since_it_would_wait_for_itself(database):
    with pytest.raises(RuntimeError, match="use the connection"):
        database.write(lambda _: database.write(keep("a")))


def test_work_cannot_commit_what_others_do_beside_it(database):
    with pytest.raises(apsw.SQLError, match="transaction control"):
        database.write(lambda c: c.execute("COMMIT"))
    database.write(keep("after"))
    assert notes(database) == ["after"]


def test_a_read_is_of_one_instant(database):
    database.write(keep("a"))

    def twice(connection):
        before = connection.execute("SELECT count(*) FROM notes").fetchone()
        database.write(keep("b"))
        return before, connection.execute("SELECT count(*) FROM notes").fetchone()

    assert database.read(twice) == ((1,), (1,))
    assert notes(database) == ["a", "b"]


def test_migrations_run_once_and_go_on_where_they_were(database):
    database.write(keep("a"))
    later = Database(database.path)
    later.migrate("notes", [*NOTES, "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'ada'"])
    later.migrate("others", ["CREATE TABLE others (id INTEGER) STRICT"])
    assert later.read(lambda c: c.execute("SELECT * FROM notes").fetchall()) == [("a", "ada")]
    later.close()


def test_a_migration_that_fails_leaves_nothing(database):
    steps = ["CREATE TABLE one (id INTEGER) STRICT", "CREATE TABLE nonsense ("]
    with pytest.raises(apsw.SQLError):
        database.migrate("broken", steps)
    database.migrate("broken", steps[:1])


def test_a_file_of_a_newer_version_is_refused_with_the_way_out(database):
    database.migrate("more", ["CREATE TABLE more (id INTEGER) STRICT"] * 1)
    newer = Database(database.path)
    newer.migrate("more", ["CREATE TABLE more (id INTEGER) STRICT", "CREATE TABLE more2 (id INTEGER) STRICT"])
    newer.close()
    older = Database(database.path)
    with pytest.raises(
        StorageNewerError, match=r"state\.sqlite3: a newer .* version 2, .*knows 1.*pip install"
    ):
        older.migrate("more", ["CREATE TABLE more (id INTEGER) STRICT"])
    older.close()


def test_a_closed_database_says_so(database):
    database.close()
    database.close()
    with pytest.raises(StorageClosedError, match="was closed"):
        database.write(keep("a"))
    with pytest.raises(StorageClosedError, match="was closed"):
        notes(database)


def test_closing_does_what_is_queued(database):
    for number in range(500):
        database.submit(keep(str(number)))
    database.close()
    again = Database(database.path)
    assert len(notes(again)) == 500
    again.close()


def test_memory_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match="memory store"):
        Database(":memory:")


def test_awaiting_reads_and_writes(database):
    async def main():
        await asyncio.gather(*(database.write_async(keep(str(number))) for number in range(300)))
        return await database.read_async(lambda c: c.execute("SELECT count(*) FROM notes").fetchone())

    assert asyncio.run(main()) == (300,)


def test_a_cancelled_write_disturbs_nobody(database):
    async def main():
        task = asyncio.create_task(database.write_async(keep("cancelled")))
        await asyncio.sleep(0)
        task.cancel()
        await database.write_async(keep("other"))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert "other" in notes(database)


def test_a_database_that_is_forgotten_closes_itself(tmp_path):
    database = Database(tmp_path / "state.sqlite3")
    database.migrate("notes", NOTES)
    database.submit(keep("a"))
    before = threading.active_count()
    del database
    assert threading.active_count() == before - 1
    again = Database(tmp_path / "state.sqlite3")
    assert notes(again) == ["a"]
    again.close()
