"""The rows of a registry's folder: read when they are asked for, written at the end of a piece of work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import msgspec

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.formats.json_schema_reading import own_part
from pubsub_devtools.schema.registry.errors import RegistryError
from pubsub_devtools.schema.registry.values import Reference, Registered, Schema, SchemaType

__all__ = ["FileRows"]

T = TypeVar("T")

_SUFFIXES: dict[SchemaType, str] = {"JSON": ".json", "AVRO": ".avsc", "PROTOBUF": ".proto"}
_INDEX = "versions.json"


class _About(msgspec.Struct):
    """What stands in ``registry.json``."""

    ids: int = 0
    compatibility: dict[str, Mode] = msgspec.field(default_factory=dict[str, Mode])


class _Version(msgspec.Struct, omit_defaults=True):
    """What stands in ``versions.json`` of one version; the schema lies in a file of its own."""

    number: int
    id: int
    file: str
    registered: float
    label: str = ""
    type: SchemaType = "JSON"
    references: tuple[Reference, ...] = ()
    deleted: bool = False


class FileRows:
    """One piece of work's look at the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, dict[int, Registered]] = {}
        self._changed: set[str] = set()
        self._about: _About | None = None
        self._about_changed = False

    def subjects(self) -> Sequence[str]:
        """Return the subjects that have a folder, sorted."""
        try:
            found = [entry.name for entry in os.scandir(self._folder) if (Path(entry) / _INDEX).is_file()]
        except FileNotFoundError:
            found = []
        return sorted({*map(unquote, found), *self._changed})

    def of(self, subject: str) -> Sequence[Registered]:
        """Return the rows of a subject in the order of their numbers."""
        return [row for _, row in sorted(self._of(subject).items())]

    def with_id(self, id: int) -> Sequence[Registered]:
        """Return the rows of one schema."""
        return [row for subject in self.subjects() for row in self.of(subject) if row.id == id]

    def id_of(self, schema: Schema) -> int | None:
        """Return the id that an equal schema has."""
        every = (row for subject in self.subjects() for row in self.of(subject))
        return next((row.id for row in every if row.schema == schema), None)

    def new_id(self) -> int:
        """Return an id that was never given before."""
        self.about.ids += 1
        self._about_changed = True
        return self.about.ids

    def put(self, row: Registered) -> None:
        """Add or replace a row."""
        self._of(row.subject)[row.number] = row
        self._changed.add(row.subject)

    def remove(self, row: Registered) -> None:
        """Forget a row."""
        self._of(row.subject).pop(row.number, None)
        self._changed.add(row.subject)

    def level(self, subject: str) -> Mode | None:
        """Return the mode that was set."""
        return self.about.compatibility.get(subject)

    def set_level(self, subject: str, mode: Mode | None) -> None:
        """Set or forget a mode."""
        self.about.compatibility.pop(subject, None)
        if mode is not None:
            self.about.compatibility[subject] = mode
        self._about_changed = True

    @property
    def about(self) -> _About:
        """What holds for the whole registry."""
        if self._about is None:
            self._about = _read(self._folder / "registry.json", _About) or _About()
        return self._about

    def save(self) -> None:
        """Write what was changed: ids first, so that none is given twice; a subject's list last, which makes it so."""
        if self._about_changed:
            _write(self._folder / "registry.json", _pretty(msgspec.to_builtins(self.about)))
        for subject in sorted(self._changed):
            self._save(subject, [row for _, row in sorted(self._rows[subject].items())])

    def _save(self, subject: str, rows: Sequence[Registered]) -> None:
        folder = self._folder_of(subject)
        folder.mkdir(exist_ok=True)
        for row in rows:
            _write(folder / _file_of(row), _shown(row.schema))
        listed = [
            _Version(
                row.number,
                row.id,
                _file_of(row),
                row.registered,
                row.label,
                row.schema.type,
                row.schema.references,
                row.deleted,
            )
            for row in rows
        ]
        _write(folder / _INDEX, _pretty(msgspec.to_builtins(listed)))
        kept = {_INDEX, *(version.file for version in listed)}
        for file in folder.iterdir():
            if file.name not in kept:
                file.unlink()

    def _of(self, subject: str) -> dict[int, Registered]:
        if subject not in self._rows:
            folder = self._folder_of(subject)
            versions = _read(folder / _INDEX, list[_Version]) or []
            self._rows[subject] = {version.number: _row(subject, folder, version) for version in versions}
        return self._rows[subject]

    def _folder_of(self, subject: str) -> Path:
        name = quote(subject, safe="")
        return self._folder / (f"%2E{name[1:]}" if name.startswith(".") else name)


def _row(subject: str, folder: Path, version: _Version) -> Registered:
    file = folder / version.file
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(f"{file} cannot be read: {error}") from None
    schema = Schema(
        _compact(text, file) if version.type == "JSON" else text, version.type, version.references
    )
    return Registered(
        subject, version.number, version.id, schema, version.label, version.registered, version.deleted
    )


def _file_of(row: Registered) -> str:
    label = f"-{row.label}" if row.label else ""
    return f"{row.number}{label}{_SUFFIXES[row.schema.type]}"


def _shown(schema: Schema) -> bytes:
    """Return a schema as people read it: one of ours in lines, any other as it came."""
    try:
        value = msgspec.json.decode(schema.text) if schema.type == "JSON" else None
    except msgspec.DecodeError:
        value = None
    return _pretty(value) if own_part(value) is not None else schema.text.encode()


def _compact(text: str, file: Path) -> str:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise RegistryError(f"{file} is no valid JSON: {error}. Restore it from version control") from None
    return msgspec.json.encode(value).decode() if own_part(value) is not None else text


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _read(file: Path, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=type_)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise RegistryError(f"{file} cannot be read: {error}. Restore it from version control") from None


def _write(file: Path, data: bytes) -> None:
    """Replace a file whole, and only where it says something else."""
    try:
        if file.is_file() and file.read_bytes() == data:
            return
        new = file.with_name(f"{file.name}.new")
        with new.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
    except OSError as error:
        raise RegistryError(f"{file} cannot be written: {error.strerror or error}") from None
