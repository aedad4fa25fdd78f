"""The version that is meant, or an error that lists what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from pubsub_devtools.schema.registry.errors import SchemaNotFound
from pubsub_devtools.schema.registry.values import Registered, VersionOf

__all__ = ["found"]


def found(
    subject: str, rows: Sequence[Registered], version: VersionOf, subjects: Callable[[], Sequence[str]]
) -> Registered:
    """Return the row of a version: the newest for ``"latest"``, else by label, else by number.

    Raises:
        SchemaNotFound: There is none; the message names what there is.
    """
    if not rows:
        raise SchemaNotFound(_no_subject(subject, subjects()))
    if version in ("latest", -1):
        return rows[-1]
    for row in rows:
        if version in (row.label, row.number, str(row.number)) and version != "":
            return row
    known = ", ".join(row.version for row in rows)
    raise SchemaNotFound(f"{subject} has no version {version}: it has {known}")


def _no_subject(subject: str, known: Sequence[str]) -> str:
    if not known:
        return f"{subject} is not registered: the registry is empty"
    near = get_close_matches(subject, known, 1) or [name for name in known if name.endswith(f".{subject}")]
    hint = (
        f": did you mean {near[0]}?"
        if near
        else f": the registry holds {', '.join(known[:6])}{', ...' * (len(known) > 6)}"
    )
    return f"{subject} is not registered{hint}"
