"""Schemas as requests bring them: checked, in the form in which they are kept, with what they refer to."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pubsub_devtools.schema.judges.avro.reading import AvroError, read_avro
from pubsub_devtools.schema.judges.json_schema.documents import Document
from pubsub_devtools.schema.judges.judging import Source
from pubsub_devtools.schema.judges.protobuf.descriptors import file_of
from pubsub_devtools.schema.judges.protobuf.file import ProtoError
from pubsub_devtools.schema.judges.protobuf.names import Names
from pubsub_devtools.schema.judges.protobuf.reading import read_proto
from pubsub_devtools.schema.judges.protobuf.writing import written
from pubsub_devtools.schema.registry.values import Reference, Schema, SchemaType
from pubsub_devtools.schema.serving.errors import Refused, invalid_schema, not_permitted

__all__ = ["Resolve", "asked_schema", "kept", "source", "told"]

Resolve = Callable[[Reference], Schema | None]
"""Finds the schema that a reference is about."""

_TYPES: Mapping[str, SchemaType] = {"AVRO": "AVRO", "JSON": "JSON", "PROTOBUF": "PROTOBUF"}


def asked_schema(body: Mapping[str, Any]) -> Schema:
    """Return the schema that a request brings.

    Raises:
        Refused: It brings none, or one in a language that is not known.
    """
    for word in ("metadata", "ruleSet", "schemaTagsToAdd", "schemaTagsToRemove"):
        if body.get(word):
            raise Refused(42210, f"this registry keeps no {word}: send the schema without it")
    for word in ("id", "version"):
        if body.get(word) not in (None, 0, -1):
            raise not_permitted(
                f"Subject is not in import mode, so no {word} can be chosen: send the schema without it"
            )
    text, type_ = body.get("schema"), body.get("schemaType") or "AVRO"
    if not isinstance(text, str) or not text.strip():
        raise invalid_schema("the request brings no schema")
    if type_ not in _TYPES:
        raise invalid_schema(f"{type_} is none of AVRO, JSON, PROTOBUF")
    return Schema(text, _TYPES[type_], tuple(_references(body.get("references"))))


def _references(given: Any) -> Sequence[Reference]:
    found: list[Reference] = []
    if not isinstance(given or [], list):
        raise invalid_schema("the references are no list")
    for one in cast("list[Any]", given or []):
        said = cast("dict[str, Any]", one) if isinstance(one, dict) else {}
        name, subject, version = said.get("name"), said.get("subject"), said.get("version")
        if not (isinstance(name, str) and isinstance(subject, str) and isinstance(version, int)):
            raise invalid_schema("a reference has a name, a subject and a version")
        found.append(Reference(name, subject, version))
    return found


def kept(schema: Schema, resolve: Resolve, *, normal: bool = False) -> Schema:
    """Return a schema as it is kept: well formed, without needless space, and in one order where that is asked for.

    Raises:
        Refused: It is not well written, or refers to what is not registered.
    """
    made = source(schema, resolve)
    try:
        match schema.type:
            case "AVRO":
                read_avro(made.text, made.references)
                text = _json(schema.text, normal) if schema.text.strip()[:1] in '{["' else schema.text.strip()
            case "JSON":
                faults = Document(json.loads(schema.text)).faults
                if faults:
                    raise invalid_schema(faults[0])
                text = _json(schema.text, normal)
            case "PROTOBUF":
                text = _proto(made, normal)
    except (AvroError, ProtoError, ValueError, RecursionError) as error:
        raise invalid_schema(str(error)) from None
    return Schema(text, schema.type, schema.references)


def source(schema: Schema, resolve: Resolve) -> Source:
    """Return a schema with the texts of all that it refers to, those that build on others after these.

    Raises:
        Refused: It refers to what is not registered.
    """
    texts: dict[str, str] = {}
    _collect(schema, resolve, texts, ())
    return Source(schema.type, schema.text, texts)


def _collect(schema: Schema, resolve: Resolve, texts: dict[str, str], inside: tuple[Reference, ...]) -> None:
    for reference in schema.references:
        found = resolve(reference)
        if found is None:
            where = f"subject {reference.subject!r} version {reference.version}"
            raise invalid_schema(
                f"it refers to {reference.name!r}, but there is no {where}: register that first"
            )
        if reference not in inside and reference.name not in texts:
            _collect(found, resolve, texts, (*inside, reference))
            texts[reference.name] = found.text


def told(schema: Schema) -> dict[str, Any]:
    """Return what answers tell of a schema; Avro goes without saying."""
    said: dict[str, Any] = {}
    if schema.type != "AVRO":
        said["schemaType"] = schema.type
    if schema.references:
        said["references"] = [
            {"name": one.name, "subject": one.subject, "version": one.version} for one in schema.references
        ]
    return {**said, "schema": schema.text}


def _json(text: str, normal: bool) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=normal)


def _proto(made: Source, normal: bool) -> str:
    """Return the text of a file. Clients that have only a descriptor send that, in base64."""
    try:
        file = file_of(base64.b64decode(made.text.strip(), validate=True))
        text = written(file)
    except (binascii.Error, ValueError):
        file, text = read_proto(made.text), made.text
    Names(file, made.references).check()
    return written(file) if normal else text
