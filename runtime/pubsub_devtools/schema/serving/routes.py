"""The paths of the API, each a function from a request to what is answered."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, get_args

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.judges.protobuf.descriptors import descriptor_of
from pubsub_devtools.schema.judges.protobuf.names import Names
from pubsub_devtools.schema.judges.protobuf.reading import read_proto
from pubsub_devtools.schema.registry.values import Registered, Schema
from pubsub_devtools.schema.serving import errors
from pubsub_devtools.schema.serving.desk import Desk
from pubsub_devtools.schema.serving.errors import Refused
from pubsub_devtools.schema.serving.request import Answer, Request
from pubsub_devtools.schema.serving.schemas import asked_schema, source, told

__all__ = ["answer"]

Route: TypeAlias = Callable[[Desk, Request, Sequence[str]], Any]
_SETTINGS = frozenset({"compatibility", "compatibilityLevel"})
_MODES: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}


def answer(desk: Desk, request: Request) -> Answer:
    """Return the answer to a request; what goes wrong is answered, never raised.

    Example:
        >>> from pubsub_devtools.schema.registry.memory import MemoryRegistry
        >>> desk = Desk(MemoryRegistry().store)
        >>> made = answer(desk, Request("POST", "/subjects/total-value/versions", body=b'{"schema": "long"}'))
        >>> made.body, answer(desk, Request("GET", "/subjects/other/versions")).body
        (b'{"id": 1}', b'{"error_code": 40401, "message": "Subject \\'other\\' not found."}')
    """
    try:
        found = _found(request)(desk, request, request.steps)
        return found if isinstance(found, Answer) else Answer.of(found)
    except Refused as refused:
        return Answer.of({"error_code": refused.code, "message": refused.message}, refused.status)


def _found(request: Request) -> Route:
    path = "/".join(
        re.sub(r".+", "*", step) if _is_name(index, request.steps) else step
        for index, step in enumerate(request.steps)
    )
    methods = {method: route for (method, form), route in ROUTES.items() if form == path}
    if not methods:
        raise Refused(404, "HTTP 404 Not Found")
    if request.method not in methods:
        raise Refused(405, f"HTTP 405 Method Not Allowed: use {' or '.join(sorted(methods))}")
    return methods[request.method]


def _is_name(index: int, steps: Sequence[str]) -> bool:
    """Tell whether a step is a name or a number that the user chose."""
    if not index:
        return False
    before = steps[index - 1]
    return before in ("subjects", "versions", "ids", "config", "mode") and not (
        index == 1 and steps[0] == "schemas"
    )


def _subjects(desk: Desk, request: Request, _: Sequence[str]) -> Any:
    found = desk.subjects(
        request.asked("subjectPrefix", ""),
        deleted=request.wants("deleted"),
        deleted_only=request.wants("deletedOnly"),
    )
    return _part(found, request)


def _lookup(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    schema, deleted = asked_schema(request.json), request.wants("deleted")
    return _row(
        desk.lookup(steps[1], schema, deleted=deleted, normal=request.wants("normalize")), desk, request
    )


def _delete_subject(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    return desk.delete(steps[1], None, permanent=request.wants("permanent"))


def _versions(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    rows = desk.versions(
        steps[1], deleted=request.wants("deleted"), deleted_only=request.wants("deletedOnly")
    )
    return _part([row.number for row in rows], request)


def _register(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    body = request.json
    row = desk.register(steps[1], asked_schema(body), normal=request.wants("normalize"))
    return {"id": row.id}


def _version(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    return _row(desk.version(steps[1], steps[3], deleted=request.wants("deleted")), desk, request)


def _version_schema(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    row = desk.version(steps[1], steps[3], deleted=request.wants("deleted"))
    return _plain(row.schema, desk, request)


def _delete_version(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    return desk.delete(steps[1], steps[3], permanent=request.wants("permanent"))[0]


def _referring(desk: Desk, _: Request, steps: Sequence[str]) -> Any:
    return desk.referring(steps[1], steps[3])


def _schemas(desk: Desk, request: Request, _: Sequence[str]) -> Any:
    rows = desk.all(
        request.asked("subjectPrefix", ""),
        latest=request.wants("latestOnly"),
        deleted=request.wants("deleted"),
    )
    return _part([_row(row, desk, request) for row in rows], request)


def _types(desk: Desk, request: Request, _: Sequence[str]) -> Any:
    return ["JSON", "PROTOBUF", "AVRO"]


def _with_id(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    rows = desk.with_id(_id(steps[2]))
    said = told(rows[0].schema)
    if request.asked("format") == "serialized":
        said["schema"] = _serialized(rows[0].schema, desk)
    return said


def _schema_with_id(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    return _plain(desk.with_id(_id(steps[2]))[0].schema, desk, request)


def _subjects_with_id(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    rows = _shown(desk.with_id(_id(steps[2])), request)
    return _part(sorted({row.subject for row in rows}), request)


def _versions_with_id(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    rows = _shown(desk.with_id(_id(steps[2])), request)
    return _part([{"subject": row.subject, "version": row.number} for row in rows], request)


def _check(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    version = steps[4] if len(steps) > 4 else None
    verbose, messages = request.wants("verbose"), ()
    try:
        messages = desk.check(
            steps[2], asked_schema(request.json), version, normal=request.wants("normalize")
        )
    except Refused as refused:
        if not verbose or refused.code != errors.invalid_schema("").code:
            raise
        messages = (refused.message,)
    said: dict[str, Any] = {"is_compatible": not messages}
    return {**said, "messages": list(messages)} if verbose else said


def _level(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    subject = steps[1] if len(steps) > 1 else ""
    return {
        "compatibilityLevel": desk.level(subject, or_global=not subject or request.wants("defaultToGlobal"))
    }


def _set_level(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    body = request.json
    level = _MODES.get(str(body.get("compatibility", "")).upper())
    if more := sorted(word for word, value in body.items() if value and word not in _SETTINGS):
        raise Refused(422, f"this registry has no setting {', '.join(more)}: send the compatibility alone")
    if level is None:
        raise errors.invalid_level()
    return {"compatibility": desk.set_level(steps[1] if len(steps) > 1 else "", level)}


def _forget_level(desk: Desk, _: Request, steps: Sequence[str]) -> Any:
    return {"compatibilityLevel": desk.set_level(steps[1] if len(steps) > 1 else "", None)}


def _access(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    subject = steps[1] if len(steps) > 1 else ""
    return {"mode": desk.access(subject, or_global=not subject or request.wants("defaultToGlobal"))}


def _set_access(desk: Desk, request: Request, steps: Sequence[str]) -> Any:
    mode = str(request.json.get("mode", "")).upper()
    return {"mode": desk.set_access(steps[1] if len(steps) > 1 else "", mode)}


def _forget_access(desk: Desk, _: Request, steps: Sequence[str]) -> Any:
    return {"mode": desk.set_access(steps[1], None)}


def _root(desk: Desk, request: Request, _: Sequence[str]) -> Any:
    return {}


def _row(row: Registered, desk: Desk, request: Request) -> dict[str, Any]:
    said = {"subject": row.subject, "version": row.number, "id": row.id, **told(row.schema)}
    if request.asked("format") == "serialized":
        said["schema"] = _serialized(row.schema, desk)
    return {**said, "deleted": True} if row.deleted else said


def _plain(schema: Schema, desk: Desk, request: Request) -> Answer:
    text = _serialized(schema, desk) if request.asked("format") == "serialized" else schema.text
    return Answer(200, text.encode())


def _serialized(schema: Schema, desk: Desk) -> str:
    """Return a protobuf file as its descriptor in base64; other languages have their text alone."""
    if schema.type != "PROTOBUF":
        return schema.text
    made = source(schema, desk.resolver())
    return base64.b64encode(descriptor_of(Names(read_proto(made.text), made.references))).decode()


def _shown(rows: list[Registered], request: Request) -> list[Registered]:
    return [row for row in rows if not row.deleted or request.wants("deleted")]


def _part(found: list[Any], request: Request) -> list[Any]:
    start, size = max(request.number("offset", 0), 0), request.number("limit", -1)
    return found[start:] if size < 0 else found[start : start + size]


def _id(step: str) -> int:
    if not step.isascii() or not step.isdigit():
        raise Refused(404, "HTTP 404 Not Found")
    return int(step)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", ""): _root,
    ("GET", "subjects"): _subjects,
    ("POST", "subjects/*"): _lookup,
    ("DELETE", "subjects/*"): _delete_subject,
    ("GET", "subjects/*/versions"): _versions,
    ("POST", "subjects/*/versions"): _register,
    ("GET", "subjects/*/versions/*"): _version,
    ("DELETE", "subjects/*/versions/*"): _delete_version,
    ("GET", "subjects/*/versions/*/schema"): _version_schema,
    ("GET", "subjects/*/versions/*/referencedby"): _referring,
    ("GET", "schemas"): _schemas,
    ("GET", "schemas/types"): _types,
    ("GET", "schemas/ids/*"): _with_id,
    ("GET", "schemas/ids/*/schema"): _schema_with_id,
    ("GET", "schemas/ids/*/subjects"): _subjects_with_id,
    ("GET", "schemas/ids/*/versions"): _versions_with_id,
    ("POST", "compatibility/subjects/*/versions"): _check,
    ("POST", "compatibility/subjects/*/versions/*"): _check,
    ("GET", "config"): _level,
    ("PUT", "config"): _set_level,
    ("DELETE", "config"): _forget_level,
    ("GET", "config/*"): _level,
    ("PUT", "config/*"): _set_level,
    ("DELETE", "config/*"): _forget_level,
    ("GET", "mode"): _access,
    ("PUT", "mode"): _set_access,
    ("GET", "mode/*"): _access,
    ("PUT", "mode/*"): _set_access,
    ("DELETE", "mode/*"): _forget_access,
}
"""What is answered, by method and path; ``*`` is a name or a number."""
