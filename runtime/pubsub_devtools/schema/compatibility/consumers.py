"""What a change of a record means to one consumer: code that reads some of its fields, or hands the message on whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.compatibility.comparison import Comparison
from pubsub_devtools.schema.compatibility.contract import same_contract
from pubsub_devtools.schema.compatibility.difference import (
    Difference,
    Judgement,
    judgement,
)
from pubsub_devtools.schema.compatibility.paths import Found, find
from pubsub_devtools.schema.compatibility.place import At
from pubsub_devtools.schema.compatibility.rules import CODE
from pubsub_devtools.schema.compatibility.words import perhaps

__all__ = ["Reads", "judge_consumer"]


class Reads(msgspec.Struct, frozen=True):
    """What a consumer reads: paths of fields, and the callables that get the whole message and may read anything."""

    paths: tuple[str, ...] = ()
    passed_whole_to: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether more may be read than the paths say."""
        return bool(self.passed_whole_to)


def judge_consumer(old: Record, new: Record, reads: Reads) -> Judgement:
    """Return what a change of a record means to one consumer, which stays as it is.

    Args:
        old: The record that the consumer was written for.
        new: The record that it is given from now on.
        reads: What it reads.

    Returns:
        ``breaking``: it reads what is no longer given, or is given a type that it does not take. ``risky``: it hangs on
        what cannot be seen: what it does with a new value of an enum, with parts of a field that it takes whole, or what
        the callables read that get the message. ``compatible``: the record changed elsewhere. ``none``: it did not
        change. The reasons name the fields; those that do not concern the consumer are there too, as compatible ones.

    Example:
        >>> from pubsub_devtools.model.field_type import RecordField, Scalar
        >>> old = Record("Order", (RecordField("id", Scalar("str")), RecordField("total", Scalar("int"))))
        >>> new = Record("Order", (RecordField("id", Scalar("str")),))
        >>> [judge_consumer(old, new, Reads((path,))).verdict for path in ("total", "id")]
        ['breaking', 'compatible']
        >>> judge_consumer(old, new, Reads(("total",))).reasons[0].text
        '`total` is no longer given'
        >>> judge_consumer(old, new, Reads(("id",), passed_whole_to=("requests.post",))).verdict
        'risky'
    """
    changed = not same_contract(old, new)
    if not changed:
        return Judgement("none")
    read = [found for path in reads.paths for found in _at_path(old, new, path)]
    return judgement([*read, *_elsewhere(old, new, reads, read)], changed=changed)


def _at_path(old: Record, new: Record, path: str) -> Iterator[Difference]:
    before, now = find(old, path), find(new, path)
    if before is None and now is None:
        # Neither declares it; then what changes in the value that it is read from may concern it.
        outer = path.rpartition(".")[0]
        while outer and find(old, outer) is None:
            outer = outer.rpartition(".")[0]
        if outer:
            yield from map(perhaps, _at_path(old, new, outer))
    elif now is None:
        yield Difference(path, "missing", "breaking", f"`{path}` is no longer given")
    elif before is None:
        yield Difference(path, "added", "compatible", f"`{path}` is read, and is now declared")
    else:
        yield from _changed(before, now, path)


def _changed(before: Found, now: Found, path: str) -> Iterator[Difference]:
    if before.always and not now.always:
        yield Difference(path, "may-be-missing", "risky", f"`{path}` may now be missing")
    for found in Comparison(CODE, "reader").of(now.at, before.at, path):
        # Of a value that is taken whole it cannot be seen which of its parts are used.
        yield found if found.path == path else perhaps(found)


def _elsewhere(old: Record, new: Record, reads: Reads, read: Iterable[Difference]) -> Iterator[Difference]:
    """Yield what changed in fields that the consumer is not seen to read."""
    seen = {found.path for found in read}
    for found in Comparison(CODE, "reader").of(At(new), At(old)):
        if found.path in seen or any(_related(found.path, path) for path in reads.paths):
            continue
        if reads.open:
            whole = ", ".join(reads.passed_whole_to)
            text = f"{found.text}; the message is passed whole to {whole}"
            yield msgspec.structs.replace(perhaps(found), text=text)
        else:
            yield Difference(found.path, "unread", "compatible", f"{found.text}; it is not read")
    for found in Comparison(CODE, "writer").of(At(old), At(new)):
        if found.code == "missing" and found.path not in seen:
            yield Difference(found.path, "added", "compatible", f"`{found.path}` is new")


def _related(changed: str, path: str) -> bool:
    return changed == path or changed.startswith(f"{path}.") or path.startswith(f"{changed}.")
