"""The user's own buses from `[[tool.pubsub-devtools.dialects]]`, with errors that name the file and the key."""

from __future__ import annotations

from pathlib import Path

from pubsub_devtools_analysis.config import SECTION, ConfigError, Settings
from pubsub_devtools_analysis.dialect import Dialect, DialectError, parse, shipped


def user_dialects(settings: Settings, file: Path | None) -> tuple[Dialect, ...]:
    """The dialects that the settings hold.

    Raises:
        ConfigError: a table is not of the form, or takes a built-in framework's name.
    """
    found: list[Dialect] = []
    taken = {dialect.name for dialect in shipped()}
    for number, table in enumerate(settings.dialects):
        key = (*SECTION, f"dialects[{number}]")
        where = file or Path("pyproject.toml")
        try:
            dialect = parse(table, "")
        except DialectError as error:
            raise ConfigError(where, str(error).removeprefix(": "), key=key) from None
        if dialect.name in taken:
            raise ConfigError(where, f'the name "{dialect.name}" is taken', "choose another", (*key, "name"))
        taken.add(dialect.name)
        found.append(dialect)
    return tuple(found)
