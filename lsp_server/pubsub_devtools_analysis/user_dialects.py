"""The user's own buses from `[[tool.pubsub-devtools.dialects]]`, with errors that name the file and the key.

Besides what a framework's table may say, these may speak of the workspace's own functions. Tables named `custom_bus` are
taken together, so that each hand-written bus has one that comes and goes by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from pubsub_devtools_analysis.config import SECTION, ConfigError, Settings
from pubsub_devtools_analysis.dialect import (
    HANDWRITTEN,
    Dialect,
    DialectError,
    EventSpec,
    Pattern,
    parse,
    shipped,
)

_OF_EACH = ("name", "title", "doc", "samples")
_JOINED = ("imports", "words", "publish", "handle", "declare", "bind", "builtin")
_OF_FUNCTIONS = ("function", "event", "handler", "transport", "certainty")


def user_dialects(settings: Settings, file: Path | None) -> tuple[Dialect, ...]:
    """The dialects that the settings hold.

    Raises:
        ConfigError: a table is not of the form, takes another's name, or contradicts another of its name.
    """
    found: dict[str, Dialect] = {}
    taken = {dialect.name for dialect in shipped()}
    for number, table in enumerate(settings.dialects):
        key = (*SECTION, f"dialects[{number}]")
        where = file or Path("pyproject.toml")
        try:
            dialect = parse(table, "")
            check(dialect)
            if dialect.name == HANDWRITTEN and dialect.name in found:
                dialect = together(found.pop(dialect.name), dialect)
        except DialectError as error:
            raise ConfigError(where, str(error).removeprefix(": "), key=key) from None
        if dialect.name in taken or dialect.name in found:
            raise ConfigError(where, f'the name "{dialect.name}" is taken', "choose another", (*key, "name"))
        found[dialect.name] = dialect
    return tuple(found.values())


def check(dialect: Dialect) -> None:
    """Refuse a pattern about the workspace's own functions that says too little, or what would not be heard.

    Raises:
        DialectError: which pattern, what is wrong, and what would be right.
    """
    for kind in ("publish", "handle", "declare"):
        patterns: tuple[Pattern, ...] = getattr(dialect, kind)
        for number, pattern in enumerate(patterns):
            wrong = _wrong(kind, pattern)
            if wrong:
                raise DialectError(f"{kind}[{number}]: {wrong}")


def _wrong(kind: str, pattern: Pattern) -> str:
    if pattern.collect:
        alone = Pattern(collect=pattern.collect, transport=pattern.transport, certainty=pattern.certainty)
        return "" if kind == "publish" and pattern == alone else "`collect` publishes, and stands alone"
    if pattern.table and pattern.pairs:
        alone = Pattern(
            table=pattern.table, pairs=True, transport=pattern.transport, certainty=pattern.certainty
        )
        return (
            "" if kind == "handle" and pattern == alone else "`table` with `pairs` handles, and stands alone"
        )
    if not pattern.function:
        return ""
    if kind == "declare" or not pattern.event.argument or (kind == "handle") != bool(pattern.handler):
        return "`function` needs `event.argument`, and `handler` where it handles and only there; it cannot declare"
    if pattern.event != EventSpec(argument=pattern.event.argument, attribute=pattern.event.attribute):
        return "with `function` the `event` has `argument` and `attribute` only"
    if pattern != Pattern(**{name: getattr(pattern, name) for name in _OF_FUNCTIONS}):
        return f"with `function` only {', '.join(f'`{name}`' for name in _OF_FUNCTIONS[1:])} may stand"
    return ""


def together(first: Dialect, second: Dialect) -> Dialect:
    """Two tables of one name as one dialect.

    Raises:
        DialectError: they say different things where a dialect has one.
    """
    both: dict[str, Any] = {name: (*getattr(first, name), *getattr(second, name)) for name in _JOINED}
    for name in ("types", "constants", "aliases"):
        one, other = getattr(first, name), getattr(second, name)
        if any(key in one for key in other):
            raise DialectError(
                f"`{name}` has {_listed(one.keys() & other.keys())} in another table of its name too"
            )
        both[name] = {**one, **other}
    for name in set(Dialect.__struct_fields__) - both.keys() - set(_OF_EACH):
        if getattr(first, name) != getattr(second, name):
            raise DialectError(f"`{name}` differs from another table of its name")
    return msgspec.structs.replace(first, **both)


def _listed(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
