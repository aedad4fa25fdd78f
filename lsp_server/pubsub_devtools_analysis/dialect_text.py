"""Writes a described bus as the TOML that a user would write: one table, its patterns below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pubsub_devtools_analysis.config import SECTION

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain]"

_HEAD = ".".join((*SECTION, "dialects"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dialect_text(head: Mapping[str, Plain], tables: Iterable[tuple[str, Mapping[str, Plain]]]) -> str:
    """A dialect: its own keys, then the tables below it, each by its name; a name with a dot stands once."""
    parts = [_table(f"[[{_HEAD}]]", head)]
    for name, entries in tables:
        key = f"{_HEAD}.{name}"
        parts.append(_table(f"[{key}]" if "." in name else f"[[{key}]]", entries))
    return "\n".join(parts)


def written(value: Plain) -> str:
    """A value in one line, nothing invisible in it.

    >>> written({"argument": ["event", 0]})
    '{ argument = ["event", 0] }'
    """
    if isinstance(value, str):
        return '"' + "".join(_character(each) for each in value) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + " }"
    return "[" + ", ".join(written(each) for each in value) + "]"


def _character(each: str) -> str:
    if each in _ESCAPES:
        return _ESCAPES[each]
    return each if each.isprintable() else f"\\U{ord(each):08x}"


def _table(header: str, entries: Mapping[str, Plain]) -> str:
    return "".join([f"{header}\n", *(f"{key} = {written(value)}\n" for key, value in entries.items())])
