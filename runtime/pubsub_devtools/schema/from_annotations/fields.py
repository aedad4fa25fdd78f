"""One field of a record: its name, its annotation and what is assigned to it."""

from __future__ import annotations

import ast

from pubsub_devtools.model.field_type import Anything, RecordField
from pubsub_devtools.schema.from_annotations.annotation import Resolve, annotation_type, nothing_known, peel
from pubsub_devtools.schema.from_annotations.metadata import is_field, note_of
from pubsub_devtools.schema.from_annotations.reading import parsed
from pubsub_devtools.schema.limiting import limited

__all__ = ["field_of"]


def field_of(
    name: str,
    annotation: ast.expr | str,
    default: ast.expr | str | None = None,
    *,
    resolve: Resolve = nothing_known,
    total: bool = True,
) -> RecordField | None:
    """Return the field that an annotated name declares.

    Args:
        name: The name that is annotated.
        annotation: Its annotation, as text or parsed.
        default: What is assigned to it: a default, or a description such as ``Field(ge=0)``.
        resolve: Tells what names mean.
        total: Whether a field without a default is required; false in a ``TypedDict`` with ``total=False``.

    Returns:
        The field, or nothing where the name is none: ``ClassVar``, ``Final`` with a value, ``field(init=False)``.

    Example:
        >>> field_of("total", "int", "Field(alias='sum', ge=0)")
        RecordField(name='total', type=Scalar(name='int', limits=Limits(ge=0, gt=None, le=None, lt=None, multiple_of=None, min_length=None, max_length=None, pattern=None)), required=True, default=False, aliases=('sum',))
        >>> field_of("note", "str | None", "None").default
        True
        >>> field_of("registry", "ClassVar[dict]", "{}") is None
        True
    """
    written = parsed(annotation) if isinstance(annotation, str) else annotation
    value = parsed(default) if isinstance(default, str) else default
    if written is None:
        return RecordField(
            name, annotation_type(annotation, resolve), total and default is None, default is not None
        )
    peeled = peel(written, resolve)
    described = [value] if value is not None and is_field(value) else []
    note = note_of([*peeled.metadata, *described])
    constant = "final" in peeled.qualifiers and default is not None
    if "classvar" in peeled.qualifiers or constant or not note.init:
        return None
    type_ = Anything() if peeled.inner is None else annotation_type(peeled.inner, resolve)
    has_default = note.default or (default is not None and not described)
    required = "notrequired" not in peeled.qualifiers and (total or "required" in peeled.qualifiers)
    return RecordField(
        name, limited(type_, note.limits), required and not has_default, has_default, note.aliases
    )
