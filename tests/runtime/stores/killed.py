"""A process to be killed: it works on one store and tells what was acknowledged, a line each.

Run as ``python -m tests.runtime.stores.killed STORE FILE [NUMBER]``.
"""

import os
import sys
import threading
import time
from itertools import count

from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.replay import replay
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.seen import Claim
from pubsub_devtools.resilience.stores.journal import Journal
from pubsub_devtools.resilience.stores.sqlite import SqliteSeen
from pubsub_devtools.resilience.stores.sqlite_delayed import SqliteDelayedAttempts
from pubsub_devtools.schema.event import event_id
from pubsub_devtools.storage.sqlite import Database
from tests.runtime.dead_letters.letters import LetterSent, Target, failed

THREADS = 8


def tell(line):
    os.write(1, f"{line}\n".encode())


def in_threads(work):
    numbers = count()
    lock = threading.Lock()

    def run():
        while True:
            with lock:
                number = next(numbers)
            work(LetterSent(f"o-{number}", number))

    for _ in range(THREADS):
        threading.Thread(target=run).start()


def dead_letters(database):
    letters = DeadLetters(SqliteDeadLetters(database))

    def work(event):
        letters.put(failed(event))
        tell(event_id(event))

    in_threads(work)


def seen(database):
    """Each event that was handled is told; each that is claimed anew by the next process is handled once more."""
    store = SqliteSeen(database)
    numbers = count()
    lock = threading.Lock()

    def run():
        while True:
            with lock:
                number = next(numbers)
            if store.claim("h", str(number), now=0.0, until=60.0) is Claim.CLAIMED:
                tell(f"handled {number}")
                if store.confirm("h", str(number), until=60.0, seen_until=1e9):
                    tell(f"confirmed {number}")

    for _ in range(THREADS):
        threading.Thread(target=run).start()


def delayed(database):
    store = SqliteDelayedAttempts(database)

    def work(event):
        store.add(DelayedAttempt(event_id(event), "h", event, None, due=float(event.total)))
        tell(event_id(event))

    in_threads(work)


def journal(database):
    store = Journal(database)

    def work(event):
        place = store.append(event, None, ["a", "b"])
        tell(f"accepted {event_id(event)}")
        store.done(place, "a")
        if event.total % 2:
            store.done(place, "b")
            tell(f"finished {event_id(event)}")

    in_threads(work)


def replays(database):
    letters = DeadLetters(SqliteDeadLetters(database))
    tell("ready")
    sys.stdin.readline()

    def write(event):
        tell(f"begun {event.order}")
        time.sleep(0.0005)

    report = replay(
        letters, Target(shop__mail__write=write), told=lambda letter, what: tell(f"settled {letter.event_id}")
    )
    tell(f"done {report.replayed}")


if __name__ == "__main__":
    globals()[sys.argv[1]](Database(sys.argv[2]))
