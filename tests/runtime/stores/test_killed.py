"""kill -9 in the middle of a thousand: nothing that was acknowledged is lost, nothing is twice that is promised once."""

import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest

from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.replay import replay
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.seen import Claim
from pubsub_devtools.resilience.stores.journal import Journal
from pubsub_devtools.resilience.stores.sqlite import SqliteSeen
from pubsub_devtools.resilience.stores.sqlite_delayed import SqliteDelayedAttempts
from pubsub_devtools.storage.sqlite import Database

from ..dead_letters.letters import LetterSent, Target, failed
from .killed import THREADS

ENOUGH = 1000


def start(store, path):
    command = [sys.executable, "-m", "tests.runtime.stores.killed", store, str(path)]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def ended(process):
    """The lines that were told and not read yet; one that was cut off was not told."""
    rest = process.stdout.read().split("\n")[:-1]
    process.stdin.close()
    process.stdout.close()
    process.wait()
    return rest


def told_until_killed(store, path, lines=ENOUGH):
    """What the process told; it is killed after so many lines, wherever it then is."""
    process = start(store, path)
    told = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest = ended(process)
    return [line.strip() for line in told] + rest


@contextmanager
def reopened(path):
    database = Database(path)
    yield database
    assert database.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
    database.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite3"


def test_dead_letters(path):
    told = told_until_killed("dead_letters", path)
    with reopened(path) as database:
        kept = [letter.event_id for letter in SqliteDeadLetters(database).find(limit=10**6)]
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept)) <= len(told) + THREADS


def test_what_handlers_have_seen(path):
    told = [line.split() for line in told_until_killed("seen", path)]
    handled = [number for what, number in told if what == "handled"]
    confirmed = {number for what, number in told if what == "confirmed"}
    assert max(Counter(handled).values()) == 1
    with reopened(path) as database:
        store = SqliteSeen(database)
        again = {
            number for number in handled if store.claim("h", number, now=1.0, until=61.0) is Claim.CLAIMED
        }
    assert not again & confirmed
    assert (
        len(again) <= THREADS
    )  # those whose handler was running are free at once, not only when their claim ends


def test_two_processes_handle_each_event_once(path):
    processes = [start("seen", path) for _ in range(2)]
    told = [[process.stdout.readline().split() for _ in range(400)] for process in processes]
    for process in processes:
        process.kill()
    for lines, process in zip(told, processes, strict=True):
        lines += [line.split() for line in ended(process)]
    handled = Counter(number for lines in told for what, number in lines if what == "handled")
    confirmed = Counter(number for lines in told for what, number in lines if what == "confirmed")
    assert max(confirmed.values()) == 1
    # An event is begun twice only where the process that had begun it was killed before it confirmed it.
    assert {number for number, times in handled.items() if times > 1} <= set(handled) - set(
        confirmed
    ) | _begun(told)


def _begun(told):
    """What each process had begun and not confirmed when it was killed."""
    found = set()
    for lines in told:
        ours = {number for what, number in lines if what == "handled"}
        found |= ours - {number for what, number in lines if what == "confirmed"}
    return found


def test_delayed_attempts(path):
    told = told_until_killed("delayed", path)
    with reopened(path) as database:
        attempts = SqliteDelayedAttempts(database).due(1e9, limit=10**6)
    kept = [attempt.id for attempt in attempts]
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept)) <= len(told) + THREADS
    assert all(attempt.event.id == attempt.id for attempt in attempts)
    assert [attempt.due for attempt in attempts] == sorted(attempt.due for attempt in attempts)


def test_the_journal(path):
    told = [line.split() for line in told_until_killed("journal", path)]
    accepted = {id for what, id in told if what == "accepted"}
    finished = {id for what, id in told if what == "finished"}
    with reopened(path) as database:
        unfinished = Journal(database).recover()
    left = {one.event.id: one for one in unfinished}
    assert len(left) == len(unfinished)
    assert accepted - finished <= set(left)
    assert all("b" in left[id].handlers for id in accepted - finished)
    # `done` does not wait, but what a thread appends next is committed after it: at most one a thread is lost.
    assert len(finished & set(left)) <= THREADS
    assert sum("a" in one.handlers for one in unfinished) <= 2 * THREADS


def test_replays_that_are_killed_go_on_and_never_lose_a_letter(path):
    with reopened(path) as database:
        letters = DeadLetters(SqliteDeadLetters(database))
        for number in range(300):
            letters.put(failed(LetterSent(str(number))))
    begun, settled = Counter(), 0
    for _ in range(3):
        process = start("replays", path)
        process.stdin.write("\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(101)]
        process.kill()
        lines += ended(process)
        begun.update(line.split()[1] for line in lines if line.startswith("begun"))
        settled += sum(line.startswith("settled") for line in lines)
    target = Target(shop__mail__write=lambda event: begun.update([event.order]))
    with reopened(path) as database:
        letters = DeadLetters(SqliteDeadLetters(database))
        replay(letters, target)
        assert letters.store.count() == 0
        assert len(letters.store.audit(limit=1000)) == 300
    assert set(begun) == {str(number) for number in range(300)}
    assert (
        sum(begun.values()) <= 303
    )  # only what was being called at each of the three kills is called once more
    assert settled < 300


def test_two_replays_in_two_processes_run_each_letter_once(path):
    with reopened(path) as database:
        letters = DeadLetters(SqliteDeadLetters(database))
        for number in range(200):
            letters.put(failed(LetterSent(str(number))))
    processes = [start("replays", path) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [ended(process) for process in processes]
    begun = Counter(line for lines in told for line in lines if line.startswith("begun"))
    assert len(begun) == 200
    assert max(begun.values()) == 1
    shares = [int(line.split()[1]) for lines in told for line in lines if line.startswith("done")]
    assert sum(shares) == 200
    assert min(shares) > 0
