"""The durable journal."""

import asyncio

import pytest

from pubsub_devtools.resilience.stores.journal import Journal, Unfinished
from pubsub_devtools.storage.sqlite import Database

from ..dead_letters.letters import LetterSent, envelope


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite3"


def test_what_is_unfinished_when_a_process_ends_is_recovered_once_in_order(path):
    database = Database(path)
    journal = Journal(database)
    one, two, three = LetterSent("1"), LetterSent("2"), LetterSent("3")
    first = journal.append(one, envelope(one, "k"), ["a", "b", "a"])
    second = journal.append(two, None, ["a"])
    third = asyncio.run(journal.append_async(three, None, ["a", "b"]))
    journal.done(first, "a")
    journal.done(second, "a")
    journal.flush()
    assert journal.recover() == []
    other = Database(path)
    assert Journal(other).recover() == []
    database.close()
    found = Journal(other).recover()
    assert found == [
        Unfinished(first, one, envelope(one, "k"), ("b",)),
        Unfinished(third, three, None, ("a", "b")),
    ]
    assert found[0].event.id == one.id
    assert Journal(other).recover() == []
    Journal(other).done(first, "b")
    other.close()
    last = Database(path)
    assert [left.place for left in Journal(last).recover()] == [third]
    last.close()


def test_an_event_that_cannot_be_read_here_stays_for_a_later_process(path, caplog):
    class Broken:
        def decode(self, stored):
            raise LookupError("no class")

    first = Database(path)
    Journal(first).append(LetterSent("1"), None, ["a"])
    first.close()
    second = Database(path)
    assert Journal(second, Broken()).recover() == []
    assert "cannot be read here; it stays in the journal" in caplog.text
    second.close()
    third = Database(path)
    assert len(Journal(third).recover()) == 1
    third.close()


def test_an_event_without_handlers_needs_none(path):
    database = Database(path)
    with pytest.raises(ValueError, match="without handlers"):
        Journal(database).append(LetterSent("1"), None, [])
    database.close()
