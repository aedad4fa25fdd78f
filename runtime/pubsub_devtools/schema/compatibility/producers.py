"""What a record means to one producer: code that gives some of its fields. And to the messages that are under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pubsub_devtools.model.field_type import Record, RecordField, Union
from pubsub_devtools.schema.compatibility.comparison import readable
from pubsub_devtools.schema.compatibility.contract import same_contract
from pubsub_devtools.schema.compatibility.difference import Difference, Judgement, judgement
from pubsub_devtools.schema.compatibility.place import At, joined

__all__ = ["Gives", "judge_producer", "judge_under_way"]


class Gives(msgspec.Struct, frozen=True):
    """What a producer gives: paths of fields (``order.total`` where a part is given by name); ``open``: maybe more."""

    keys: tuple[str, ...] = ()
    open: bool = False


def judge_producer(gives: Gives, new: Record, old: Record | None = None) -> Judgement:
    """Return whether what a producer gives is what a record takes.

    Args:
        gives: The fields that are given.
        new: The record that is published from now on.
        old: The record that was published before; with it only what the change brought about counts.

    Returns:
        ``breaking``: a required field is not given, or one is given that the record refuses. ``risky``: a required field
        may be among what is given unseen. ``compatible``: a given field is dropped, or the record changed elsewhere.

    Example:
        >>> from pubsub_devtools.model.field_type import Scalar
        >>> order = Record("Order", (RecordField("id", Scalar("str")), RecordField("total", Scalar("int"))))
        >>> judge_producer(Gives(("id",)), order).reasons[0].text
        '`total` is required, but not given'
        >>> judge_producer(Gives(("id",), open=True), order).verdict
        'risky'
        >>> judge_producer(Gives(("id", "total")), order).verdict
        'none'
    """
    found = list(_problems(gives, At(new), new, ""))
    if old is None:
        return judgement(found)
    before = {(one.path, one.code, one.severity) for one in _problems(gives, At(old), old, "")}
    brought = [one for one in found if (one.path, one.code, one.severity) not in before]
    return judgement(brought, changed=not same_contract(old, new))


def judge_under_way(old: Record, new: Record) -> Judgement:
    """Return what a change means to the messages that a transport still holds: written as old, read as new.

    Args:
        old: The record before the change.
        new: The record after it, to the reader: for a task, the parameters of its function.

    Example:
        >>> from pubsub_devtools.model.field_type import Scalar
        >>> old = Record("send", (RecordField("to", Scalar("str")),), "forbid")
        >>> new = Record("send", (RecordField("to", Scalar("str")), RecordField("body", Scalar("str"))), "forbid")
        >>> judge_under_way(old, new).verdict, judge_under_way(old, old).verdict
        ('breaking', 'none')
    """
    return judgement(readable(old, new), changed=not same_contract(old, new))


def _problems(gives: Gives, at: At, record: Record, path: str) -> Iterator[Difference]:
    named = _by_first(gives.keys)
    for field in record.fields:
        given = [name for name in (field.name, *field.aliases) if name in named]
        here = joined(path, field.name)
        if given:
            yield from _inside(named.pop(given[0]), at, record, field, here)
        elif field.required and gives.open:
            text = f"`{here}` is required, but given only among what cannot be seen, if at all"
            yield Difference(here, "missing", "risky", text)
        elif field.required:
            yield Difference(here, "missing", "breaking", f"`{here}` is required, but not given")
    if record.extra != "allow":
        for name in named:
            yield _surplus(joined(path, name), record)


def _surplus(path: str, record: Record) -> Difference:
    if record.extra == "forbid":
        return Difference(path, "extra", "breaking", f"`{path}` is given, but refused")
    return Difference(path, "extra", "compatible", f"`{path}` is given, but dropped")


def _inside(rest: list[str], at: At, record: Record, field: RecordField, path: str) -> Iterator[Difference]:
    """Look into a field of which parts are given by name; a field that is given as one value is the type checker's."""
    if not rest or "" in rest:
        return
    inner = At(field.type, at.fields(record)).followed()
    members = inner.type.members if isinstance(inner.type, Union) else (inner.type,)
    records = [
        followed for member in members if isinstance((followed := inner.to(member).followed()).type, Record)
    ]
    if len(records) == 1 and isinstance(records[0].type, Record):
        yield from _problems(Gives(tuple(rest)), records[0], records[0].type, path)


def _by_first(keys: Iterable[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for key in keys:
        first, _, rest = key.partition(".")
        named.setdefault(first, []).append(rest)
    return named
