"""Letters as rows, and filters as SQL."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.dead_letters.letter import AuditEntry, Cause, DeadLetter, LetterFilter
from pubsub_devtools.storage.connection import Row, SQLValue

TABLES = [
    """
    CREATE TABLE dead_letters (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        handler TEXT NOT NULL,
        event_id TEXT NOT NULL,
        event_type TEXT NOT NULL,
        event_version TEXT NOT NULL,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        content_type TEXT NOT NULL,
        headers TEXT NOT NULL,
        envelope TEXT NOT NULL,
        error_type TEXT NOT NULL,
        message TEXT NOT NULL,
        traceback TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        replays INTEGER NOT NULL,
        first_failed REAL NOT NULL,
        last_failed REAL NOT NULL,
        state TEXT NOT NULL,
        sequenced INTEGER NOT NULL,
        claimed TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX dead_letters_by_cause ON dead_letters (fingerprint, last_failed);
    CREATE INDEX dead_letters_by_time ON dead_letters (last_failed);
    CREATE INDEX dead_letters_in_sequence ON dead_letters (handler, key, place) WHERE sequenced;
    CREATE INDEX dead_letters_claimed ON dead_letters (claimed) WHERE claimed <> '';
    CREATE TABLE dead_letter_audit (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        time REAL NOT NULL,
        run TEXT NOT NULL,
        action TEXT NOT NULL,
        letter TEXT NOT NULL,
        handler TEXT NOT NULL,
        event_id TEXT NOT NULL,
        event_type TEXT NOT NULL,
        by TEXT NOT NULL,
        note TEXT NOT NULL
    ) STRICT;
    CREATE INDEX dead_letter_audit_by_letter ON dead_letter_audit (letter);
    """
]

FIELDS = DeadLetter.__struct_fields__
COLUMNS = ", ".join(FIELDS)
PLACEHOLDERS = ", ".join(f":{name}" for name in FIELDS)
UPDATES = ", ".join(f"{name} = :{name}" for name in FIELDS if name != "id")
AUDIT_FIELDS = AuditEntry.__struct_fields__
AUDIT_COLUMNS = ", ".join(AUDIT_FIELDS)
AUDIT_PLACEHOLDERS = ", ".join("?" for _ in AUDIT_FIELDS)


def to_row(letter: DeadLetter) -> dict[str, SQLValue]:
    """Return a letter as bindings by column."""
    return {
        **{name: getattr(letter, name) for name in FIELDS},
        "headers": msgspec.json.encode(letter.headers).decode(),
        "envelope": msgspec.json.encode(letter.envelope).decode() if letter.envelope else "",
        "sequenced": int(letter.sequenced),
    }


def from_row(row: Row) -> DeadLetter:
    """Return the letter of a row of ``COLUMNS``."""
    values = dict(zip(FIELDS, row, strict=True))
    values["headers"] = msgspec.json.decode(values["headers"])
    values["envelope"] = (
        msgspec.json.decode(values["envelope"], type=Envelope) if values["envelope"] else None
    )
    values["sequenced"] = bool(values["sequenced"])
    return DeadLetter(**values)


def cause_from_row(row: Row) -> Cause:
    """Return the cause of a row of ``SELECT_CAUSES``."""
    plain = row[0], row[1], row[2], row[3], row[4], row[5]
    return Cause(*plain, _listed(row[6]), _listed(row[7]), row[8])


def where(which: LetterFilter) -> tuple[str, dict[str, SQLValue]]:
    """Return the condition that a filter is, and its bindings."""
    conditions: list[str] = []
    bindings: dict[str, SQLValue] = {}
    for column, name in (("event_type", which.event), ("handler", which.handler)):
        if name is not None:
            end = f" OR substr({column}, -length(:w_{column}) - 1) = '.' || :w_{column}"
            conditions.append(f"({column} = :w_{column}{'' if which.exact else end})")
            bindings[f"w_{column}"] = name
    simple = (
        ("substr(fingerprint, 1, length(:w_fingerprint)) = :w_fingerprint", "fingerprint", which.fingerprint),
        ("key = :w_key", "key", which.key),
        ("last_failed >= :w_since", "since", which.since),
        ("last_failed < :w_until", "until", which.until),
        ("state = :w_state", "state", which.state),
    )
    for condition, name, value in simple:
        if value is not None:
            conditions.append(condition)
            bindings[f"w_{name}"] = value
    if which.ids:
        # The inner query hides the columns of json_each, which has an `id` and a `key` of its own.
        prefixes = "(SELECT value AS prefix FROM json_each(:w_ids))"
        conditions.append(f"EXISTS (SELECT 1 FROM {prefixes} WHERE substr(id, 1, length(prefix)) = prefix)")
        bindings["w_ids"] = msgspec.json.encode(which.ids).decode()
    return " AND ".join(conditions) or "TRUE", bindings


def _listed(text: str) -> tuple[str, ...]:
    return tuple(sorted(msgspec.json.decode(text, type=list[str])))
