"""Schemas that the settings name: their files found and read, their records given to the events that they describe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import Event, EventGraph, Field, Place, SchemaVersion
from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.formats import SUFFIXES, SchemaError, read_schema
from pubsub_devtools.schema.spelling import spell
from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.settings import SchemaFile

Overlay = Mapping[str, bytes | None]
_NONE: Overlay = {}

__all__ = ["Declared", "declared_schemas", "schema_files", "with_schemas"]


class Declared(NamedTuple):
    """A record of a schema's file, and the event that the settings say it describes; empty where they leave it open."""

    event: str
    name: str
    path: str
    record: Record


def schema_files(
    root: Path, entries: Sequence[SchemaFile], overlay: Overlay = _NONE
) -> list[tuple[SchemaFile, str, bytes]]:
    """The files that the settings name, each with its path relative to the root and its bytes.

    Another revision, told by an overlay, need not have them yet.

    Raises:
        ConfigError: a file is not there, or cannot be read.
    """
    found: list[tuple[SchemaFile, str, bytes]] = []
    for number, entry in enumerate(entries):
        there = glob(entry.file, root_dir=root, recursive=True)  # noqa: PTH207 (it may lead out of the root)
        on_disk = [path for path in there if path not in overlay and _is_file(root / path)]
        named = Globs([f"/{entry.file}"])
        laid = {path: data for path, data in overlay.items() if data is not None and named.cover(path)}
        paths = sorted((*on_disk, *laid))
        if not paths and not overlay:
            raise _wrong(root, number, f'there is no file "{entry.file}"', "write it relative to the project")
        for path in paths:
            try:
                data = laid[path] if path in laid else (root / path).read_bytes()
                found.append((entry, PurePosixPath(Path(path)).as_posix(), data))
            except OSError as error:
                raise _wrong(root, number, f"{path} cannot be read: {error.strerror}") from None
    return found


def declared_schemas(root: Path, entries: Sequence[SchemaFile], overlay: Overlay = _NONE) -> list[Declared]:
    """The records that the settings name. What another revision's files do not declare is not declared there.

    Raises:
        ConfigError: a file is not there, or no schema.
    """
    found: list[Declared] = []
    for entry, path, data in schema_files(root, entries, overlay):
        with suppress(*[ConfigError] if path in overlay else ()):  # nobody can mend what was committed
            found.extend(_records(root, entries, entry, path, data))
    return found


def _records(
    root: Path, entries: Sequence[SchemaFile], entry: SchemaFile, path: str, data: bytes
) -> Iterator[Declared]:
    number = entries.index(entry)
    try:
        records = read_schema(path, data)
    except SchemaError as error:
        known = ", ".join(SUFFIXES)
        raise _wrong(root, number, f"{path}: {error}", f"known are files of {known}") from None
    chosen = {name: r for name, r in records.items() if not entry.record or _is_named(name, entry.record)}
    if not chosen:
        remedy = f"it holds {', '.join(records)}"
        raise _wrong(root, number, f'{path} holds no record "{entry.record}"', remedy)
    if entry.event and len(chosen) > 1:
        last = next(reversed(chosen)) if path.endswith(".avsc") else ""
        if not last:
            remedy = f'choose one with record = "{next(iter(chosen))}"; it holds {", ".join(chosen)}'
            raise _wrong(root, number, f"{path} holds several records", remedy)
        chosen = {last: chosen[last]}
    for name, record in chosen.items():
        yield Declared(entry.event, name, path, record)


def with_schemas(graph: EventGraph, declared: Sequence[Declared]) -> EventGraph:
    """A graph whose events have the schemas that describe them, beside those of the code."""
    if not declared:
        return graph
    return msgspec.structs.replace(graph, events=tuple(_described(event, declared) for event in graph.events))


def _described(event: Event, declared: Iterable[Declared]) -> Event:
    found = tuple(_schema(each) for each in declared if _describes(each, event))
    if not found:
        return event
    return msgspec.structs.replace(event, schemas=event.schemas + found)


def _describes(declared: Declared, event: Event) -> bool:
    """Whether a record is an event's: as the settings say, else by the record's name or its file's."""
    names = (event.name, *event.aliases)
    if declared.event:
        return any(fnmatchcase(name, declared.event) for name in names)
    stem = PurePosixPath(declared.path).name.partition(".")[0]
    return bool({declared.name, declared.record.name, stem.removesuffix("-value")} & set(names))


def _schema(declared: Declared) -> SchemaVersion:
    fields = tuple(Field(f.name, spell(f.type), f.required) for f in declared.record.fields)
    return SchemaVersion(declared.name, Place(declared.path, 1, 0, 1, 0), fields=fields, type=declared.record)


def _is_named(name: str, wanted: str) -> bool:
    return name == wanted or name.endswith(f".{wanted}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _wrong(root: Path, number: int, problem: str, remedy: str = "") -> ConfigError:
    return ConfigError(
        root / "pyproject.toml", problem, remedy, ("tool", "pubsub-devtools", f"schemas[{number}]")
    )
