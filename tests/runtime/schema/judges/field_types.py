"""Types that each language of schemas can express, and how it does: once as what is written, once as what is read."""

import json

from hypothesis import strategies as st

from pubsub_devtools.model.field_type import (
    Array,
    Choice,
    Limits,
    Map,
    Record,
    RecordField,
    Scalar,
    Tuple,
    Union,
)
from pubsub_devtools.schema.unions import NULL, choice_of, union_of

NAMES = ("a", "b", "c")
CHOICES = st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, unique=True).map(choice_of)
LOW, HIGH = st.none() | st.integers(0, 2), st.none() | st.integers(2, 4)


def scalars(*names):
    return st.sampled_from([Scalar(name) for name in names])


def limited():
    bounds = st.builds(lambda low, high: Limits(ge=low, le=high), LOW, HIGH)
    strict = st.builds(lambda low, high: Limits(gt=low, lt=high), LOW, HIGH)
    lengths = st.builds(lambda low, high: Limits(min_length=low, max_length=high), LOW, HIGH)
    return st.one_of(
        st.builds(Scalar, st.sampled_from(["int", "float"]), bounds | strict),
        st.builds(Scalar, st.just("str"), lengths),
    )


def records(types, extras=("ignore",), presence=("required", "default")):
    """Return a strategy of records of some fields."""

    def field(name, type_, how):
        return RecordField(name, type_, how == "required", how == "default")

    fields = st.lists(st.sampled_from(NAMES), unique=True, max_size=3).flatmap(
        lambda names: st.tuples(
            *(st.builds(field, st.just(n), types, st.sampled_from(presence)) for n in names)
        )
    )
    return st.builds(Record, st.just("R"), fields, st.sampled_from(extras))


def changes(record, types):
    """Return a strategy of a record with some fields of another type, presence, or gone."""

    def changed(keep, others):
        fields = [
            RecordField(
                field.name, other.type if take == "type" else field.type, *_presence(field, other, take)
            )
            for field, take, other in zip(record.fields, keep, others, strict=True)
            if take != "gone"
        ]
        return Record(record.name, tuple(fields), record.extra)

    count = len(record.fields)
    kept = st.lists(st.sampled_from(["same", "type", "presence", "gone"]), min_size=count, max_size=count)
    others = st.lists(
        st.builds(RecordField, st.just("x"), types, st.booleans()), min_size=count, max_size=count
    )
    return st.builds(changed, kept, others)


def _presence(field, other, take):
    required = other.required if take == "presence" else field.required
    return required, not required


def json_schema(type_, *, writes):
    """Return the JSON Schema of what a writer writes, or of what a reader takes."""
    match type_:
        case Scalar(name=name, limits=limits):
            return {**_JSON[name], **_limits(limits)}
        case Choice(values=values):
            return {"enum": list(values)}
        case Array(of=of, items=items, limits=limits):
            unique = {"uniqueItems": True} if of == "set" and writes else {}
            sizes = {"minItems": limits.min_length, "maxItems": limits.max_length}
            kept = {word: size for word, size in sizes.items() if size is not None}
            return {"type": "array", "items": json_schema(items, writes=writes), **kept, **unique}
        case Tuple(items=items):
            parts = [json_schema(item, writes=writes) for item in items]
            exact = {"minItems": len(parts), "maxItems": len(parts)}
            return {"type": "array", **({"prefixItems": parts} if parts else {}), **exact}
        case Map(value=value):
            return {"type": "object", "additionalProperties": json_schema(value, writes=writes)}
        case Union(members=members):
            return {"anyOf": [json_schema(member, writes=writes) for member in members]}
        case Record(fields=fields, extra=extra):
            return {
                "type": "object",
                "properties": {field.name: json_schema(field.type, writes=writes) for field in fields},
                "required": [field.name for field in fields if field.required],
                "additionalProperties": extra == "allow" if writes else extra != "forbid",
            }


_JSON = {
    "null": {"type": "null"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
}


def _limits(limits):
    words = {
        "minimum": limits.ge,
        "maximum": limits.le,
        "exclusiveMinimum": limits.gt,
        "exclusiveMaximum": limits.lt,
        "minLength": limits.min_length,
        "maxLength": limits.max_length,
    }
    return {word: limit for word, limit in words.items() if limit is not None}


JSON_TYPES = st.recursive(
    scalars("null", "bool", "int", "float", "str", "date", "datetime", "uuid") | limited() | CHOICES,
    lambda inner: st.one_of(
        st.builds(Array, st.just("list"), inner, st.builds(Limits, min_length=LOW, max_length=HIGH)),
        st.builds(Array, st.just("set"), inner),
        st.lists(inner, max_size=2).map(lambda items: Tuple(tuple(items))),
        st.builds(Map, st.just(Scalar("str")), inner),
        st.lists(inner, min_size=1, max_size=3).map(union_of),
        records(inner, ("ignore", "forbid", "allow"), ("required", "default")),
    ),
    max_leaves=4,
)


def avro(type_, path="Root"):
    """Return the Avro schema; named types are called after the path of their field."""
    match type_:
        case Scalar(name=name):
            return _AVRO[name]
        case Choice(values=values):
            return {"type": "enum", "name": f"{path}E", "symbols": list(values)}
        case Array(items=items):
            return {"type": "array", "items": avro(items, path)}
        case Map(value=value):
            return {"type": "map", "values": avro(value, path)}
        case Union(members=members):
            return [avro(member, path) for member in members]
        case Record(fields=fields):
            return {"type": "record", "name": path, "fields": [_avro_field(field, path) for field in fields]}


def _avro_field(field, path):
    default = {} if field.required else {"default": None}
    return {"name": field.name, "type": avro(field.type, f"{path}_{field.name}"), **default}


_AVRO = {
    "null": "null",
    "bool": "boolean",
    "int": "long",
    "float": "double",
    "str": "string",
    "bytes": "bytes",
    "date": {"type": "int", "logicalType": "date"},
    "datetime": {"type": "long", "logicalType": "timestamp-millis"},
}


def avro_types(leaves, *, maps):
    """Return types without limits, whose unions hold each Avro type once; Avro reads no map as a record."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Array, st.just("list"), inner),
            st.builds(Map, st.just(Scalar("str")), inner) if maps else records(inner),
            st.builds(lambda member: union_of([member, NULL]), leaves),
        ),
        max_leaves=4,
    )


def with_lists_optional(record):
    """Return a record as protobuf can tell it: a list that is not there is an empty one."""
    fields = []
    for field in record.fields:
        type_ = with_lists_optional(field.type) if isinstance(field.type, Record) else field.type
        if isinstance(type_, Array):
            items = with_lists_optional(type_.items) if isinstance(type_.items, Record) else type_.items
            fields.append(RecordField(field.name, Array("list", items), False, True))
        else:
            fields.append(RecordField(field.name, type_, field.required, field.default))
    return Record(record.name, tuple(fields))


def protobuf(record):
    """Return a file in proto2, which knows what is required; fields have the numbers of their names."""
    return f'syntax = "proto2"; {_message("R", record)}'


def _message(name, record):
    parts = []
    for field in record.fields:
        type_, label = field.type, "required" if field.required else "optional"
        if isinstance(type_, Array):
            type_, label = type_.items, "repeated"
        inner = f"{field.name.upper()}T"
        if isinstance(type_, Record):
            parts.append(_message(inner, type_))
        elif isinstance(type_, Choice):
            values = " ".join(f"{name}_{inner}_{value} = {ord(value)};" for value in type_.values)
            parts.append(f"enum {inner} {{ {values} }}")
        else:
            inner = _PROTOBUF[type_.name]
        parts.append(f"{label} {inner} {field.name} = {NAMES.index(field.name) + 1};")
    return f"message {name} {{ {' '.join(parts)} }}"


_PROTOBUF = {"bool": "bool", "int": "int64", "str": "string", "bytes": "bytes"}


def protobuf_types(leaves):
    """Types with these leaves that protobuf can say."""
    return st.one_of(leaves, records(leaves), st.builds(Array, st.just("list"), leaves | records(leaves)))


def dumped(value):
    return json.dumps(value)
