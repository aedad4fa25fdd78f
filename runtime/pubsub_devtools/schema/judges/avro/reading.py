"""The text of an Avro schema as types that refer to each other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

__all__ = ["AvroError", "Field", "Type", "read_avro"]

PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


class AvroError(ValueError):
    """A schema is not well written, in words."""


class Field:
    """A field of a record."""

    def __init__(self, name: str, type_: Type, said: Mapping[str, Any]) -> None:
        self.name, self.type = name, type_
        self.has_default = "default" in said
        self.aliases = [str(alias) for alias in _list(said, "aliases")]


class Type:
    """A type. Types are compared by identity: a recursive one holds itself."""

    def __init__(self, kind: str, said: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.name = ""
        self.aliases: set[str] = set()
        self.fields: list[Field] = []
        self.symbols: list[str] = []
        self.default: str | None = None
        self.size = 0
        self.inner: list[Type] = []
        given = said or {}
        self.logical = {word: given[word] for word in ("logicalType", "precision", "scale") if word in given}

    @property
    def short(self) -> str:
        """The name without its namespace, by which records, enums and fixed types are matched."""
        return self.name.rpartition(".")[2]

    @property
    def spoken(self) -> str:
        logical = self.logical.get("logicalType")
        return f"{self.kind} ({logical})" if logical else f"{self.kind} {self.short}".rstrip()


def read_avro(text: str, references: Mapping[str, str] | None = None) -> Type:
    """Return the type that a schema declares.

    Args:
        text: The schema, as JSON; a bare name of a primitive type is taken too.
        references: The texts of schemas whose named types it uses, in the order in which they build on each other.

    Raises:
        AvroError: It is not well written.

    Example:
        >>> order = read_avro('{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}')
        >>> order.fields[0].type.kind
        'long'
    """
    reader = _Reader()
    for other in (references or {}).values():
        reader.read(_parsed(other), "")
    return reader.read(_parsed(text), "")


def _parsed(text: str) -> Any:
    if text.strip() in PRIMITIVES:
        return text.strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AvroError(f"it is no JSON: {error}") from None


class _Reader:
    """Reads one schema after another; named types may be used where they stand and after."""

    def __init__(self) -> None:
        self.named: dict[str, Type] = {}

    def read(self, schema: Any, space: str) -> Type:
        if isinstance(schema, str):
            return self.by_name(schema, space)
        if isinstance(schema, list):
            return self.union(list(schema), space)  # pyright: ignore[reportUnknownArgumentType]
        if not isinstance(schema, dict):
            raise AvroError(f"a type is a name, a list or an object, not {schema!r}")
        said = cast("dict[str, Any]", schema)
        kind = said.get("type")
        match kind:
            case "record" | "error" | "enum" | "fixed":
                return self.declared(kind, said, space)
            case "array" | "map":
                word = "items" if kind == "array" else "values"
                if word not in said:
                    raise AvroError(f"a {kind} has no {word}")
                made = Type(kind, said)
                made.inner = [self.read(said[word], space)]
                return made
            case str() if kind in PRIMITIVES:
                return Type(kind, said)
            case None:
                raise AvroError("a type is missing")
            case _:
                return self.read(kind, space)

    def by_name(self, name: str, space: str) -> Type:
        if name in PRIMITIVES:
            return Type(name)
        for full in (_full(name, space), name):
            if full in self.named:
                return self.named[full]
        raise AvroError(
            f"{name!r} is no type that is known here: declare it, or name its schema among the references"
        )

    def union(self, members: list[Any], space: str) -> Type:
        made = Type("union")
        made.inner = [self.read(member, space) for member in members]
        seen: set[str] = set()
        for inner in made.inner:
            if inner.kind == "union":
                raise AvroError("a union holds another one")
            if (mark := inner.name or inner.kind) in seen:
                raise AvroError(f"a union holds {mark} twice")
            seen.add(mark)
        return made

    def declared(self, kind: str, said: dict[str, Any], space: str) -> Type:
        name = said.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise AvroError(f"{name!r} is no name of a {kind}")
        made = Type("record" if kind == "error" else kind, said)
        made.name = _full(name, str(said.get("namespace") or space))
        if made.name in self.named:
            raise AvroError(f"{made.name} is declared twice")
        self.named[made.name] = made
        inner = made.name.rpartition(".")[0]
        made.aliases = {_full(str(alias), inner) for alias in _list(said, "aliases")}
        if kind == "enum":
            self.enum(made, said)
        elif kind == "fixed":
            made.size = _size(said)
        else:
            made.fields = [self.field(given, inner) for given in _list(said, "fields", needed=True)]
            if len({field.name for field in made.fields}) < len(made.fields):
                raise AvroError(f"{made.name} has two fields of one name")
        return made

    def enum(self, made: Type, said: dict[str, Any]) -> None:
        made.symbols = [str(symbol) for symbol in _list(said, "symbols", needed=True)]
        if len(set(made.symbols)) < len(made.symbols):
            raise AvroError(f"{made.name} has a symbol twice")
        if "default" in said:
            made.default = str(said["default"])
            if made.default not in made.symbols:
                raise AvroError(f"the default of {made.name}, {made.default!r}, is none of its symbols")

    def field(self, given: Any, space: str) -> Field:
        said = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
        name = said.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name) or "." in name:
            raise AvroError(f"{name!r} is no name of a field")
        if "type" not in said:
            raise AvroError(f"the field {name} has no type")
        return Field(name, self.read(said["type"], space), said)


def _full(name: str, space: str) -> str:
    return name if "." in name or not space else f"{space}.{name}"


def _size(said: Mapping[str, Any]) -> int:
    size = said.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise AvroError(f"{size!r} is no size of a fixed type")
    return size


def _list(said: Mapping[str, Any], word: str, *, needed: bool = False) -> list[Any]:
    found = said.get(word, None if needed else [])
    if not isinstance(found, list):
        raise AvroError(f"{word!r} must be a list")
    return list(found)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
