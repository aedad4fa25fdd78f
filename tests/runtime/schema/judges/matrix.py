"""Changes, and what they do in each direction: written down from the rules of each language, not from what the judges say.

A row is a change, the old schema, the new one, and two letters: whether the new one reads what the old one wrote (BACKWARD),
and whether the old one reads what the new one writes (FORWARD). ``y``: it does; ``n``: it does not; ``l``: only where a
writer writes no more than its schema names (LENIENT).
"""

import json

OPEN, CLOSED, PARTIAL = True, False, {"type": "string"}
MODELS = {"open": OPEN, "closed": CLOSED, "partially open": PARTIAL}
S, W, N = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def _object(model, required=(), **properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": model,
    }


def _fields(model):
    """Yield changes of properties, with their verdicts under the content models open, closed, partially open."""
    o = lambda *required, **properties: _object(model, required, **properties)  # noqa: E731
    yield "nothing changes", o(a=S), o(a=S), {"open": "yy", "closed": "yy", "partially open": "yy"}
    yield (
        "an optional property comes",
        o(a=S),
        o(a=S, b=S),
        {"open": "ly", "closed": "yl", "partially open": "yy"},
    )
    yield "an optional property of another type than the rest comes", o(a=S), o(a=S, b=W), {
        "open": "ly", "closed": "yl", "partially open": "nn",
    }  # fmt: skip
    yield "a property that takes anything comes", o(a=S), o(a=S, b=True), {
        "open": "yy", "closed": "yl", "partially open": "yn",
    }  # fmt: skip
    yield (
        "a required property comes",
        o(a=S),
        o("b", a=S, b=S),
        {"open": "ny", "closed": "nl", "partially open": "ny"},
    )
    yield "a required property with a default comes", o(a=S), o("b", a=S, b={**S, "default": ""}), {
        "open": "ly", "closed": "yl", "partially open": "yy",
    }  # fmt: skip
    yield (
        "an optional property goes",
        o(a=S, b=S),
        o(a=S),
        {"open": "yl", "closed": "ly", "partially open": "yy"},
    )
    yield (
        "a required property goes",
        o("b", a=S, b=S),
        o(a=S),
        {"open": "yn", "closed": "ln", "partially open": "yn"},
    )
    yield "a property becomes required", o(a=S), o("a", a=S), dict.fromkeys(MODELS, "ny")
    yield "a property becomes optional", o("a", a=S), o(a=S), dict.fromkeys(MODELS, "yn")
    yield "an integer becomes a number", o(a=W), o(a=N), dict.fromkeys(MODELS, "yn")
    yield "a text becomes a number", o(a=S), o(a=N), dict.fromkeys(MODELS, "nn")
    yield "null is taken besides", o(a=S), o(a={"type": ["string", "null"]}), dict.fromkeys(MODELS, "yn")
    yield "a property is renamed", o(a=S), o(b=S), {"open": "ll", "closed": "ll", "partially open": "yy"}


def _values():
    """Yield changes of what stands in one property; the content model does not matter to them."""
    yield "an enum has one value more", {"enum": ["x"]}, {"enum": ["x", "y"]}, "yn"
    yield "an enum has other values", {"enum": ["x"]}, {"enum": ["y"]}, "nn"
    yield "a text becomes an enum", S, {"type": "string", "enum": ["x"]}, "ny"
    yield "a constant becomes an enum that holds it", {"const": "x"}, {"enum": ["x", "y"]}, "yn"
    yield "a constant becomes another one", {"const": 1}, {"const": 2}, "nn"
    yield "1 is 1.0", {"const": 1}, {"const": 1.0}, "yy"
    yield "a longer text is taken", {**S, "maxLength": 3}, {**S, "maxLength": 4}, "yn"
    yield "a shorter text is taken", {**S, "minLength": 3}, {**S, "minLength": 2}, "yn"
    yield "a pattern comes", S, {**S, "pattern": "^a"}, "ny"
    yield "a pattern changes", {**S, "pattern": "^a"}, {**S, "pattern": "^b"}, "nn"
    yield "a format comes", S, {**S, "format": "date"}, "ly"
    yield "a format that nobody checks comes", S, {**S, "format": "colour"}, "yy"
    yield "a higher number is taken", {**N, "maximum": 3}, {**N, "maximum": 4}, "yn"
    yield "a bound excludes itself", {**N, "minimum": 3}, {**N, "exclusiveMinimum": 3}, "ny"
    yield "of whole numbers above 2 is from 3", {**W, "exclusiveMinimum": 2}, {**W, "minimum": 3}, "yy"
    yield "multiples of 4 are multiples of 2", {**W, "multipleOf": 4}, {**W, "multipleOf": 2}, "yn"
    yield "whole numbers are multiples of a half", W, {**N, "multipleOf": 0.5}, "yn"
    yield "items get a type", {"type": "array"}, {"type": "array", "items": S}, "ny"
    yield "more items are taken", {"type": "array", "maxItems": 2}, {"type": "array", "maxItems": 3}, "yn"
    yield "items become different ones", {"type": "array"}, {"type": "array", "uniqueItems": True}, "ny"
    yield "a first item has a type of its own", {"type": "array"}, {"type": "array", "prefixItems": [S]}, "ny"
    yield "a closed tuple grows", _tuple(S), _tuple(S, W), "yn"
    yield "something must be among the items", {"type": "array"}, {"type": "array", "contains": S}, "ny"
    yield "more must be among the items", _contains(1), _contains(2), "ny"
    yield "a map's values change", _map(W), _map(N), "yn"
    yield "names of properties are limited", _map(S), {**_map(S), "propertyNames": {"maxLength": 3}}, "ny"
    yield "fewer properties are taken", {"type": "object"}, {"type": "object", "maxProperties": 1}, "ny"
    yield (
        "one property asks for another",
        {"type": "object"},
        {"type": "object", "dependentRequired": {"a": ["b"]}},
        "ny",
    )
    yield (
        "one property asks for a schema",
        {"type": "object"},
        {"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}},
        "ny",
    )
    yield "a choice has one schema more", {"anyOf": [S, W]}, {"anyOf": [S, W, {"type": "null"}]}, "yn"
    yield "a schema becomes a choice that holds it", S, {"oneOf": [W, S]}, "yn"
    yield "a choice is written as types", {"oneOf": [S, W]}, {"type": ["string", "integer"]}, "yy"
    yield "one schema becomes two that both hold", S, {"allOf": [S, {"maxLength": 3}]}, "ny"
    yield "two that hold are written as one", {"allOf": [S, {"maxLength": 3}]}, {**S, "maxLength": 3}, "yy"
    yield "less is excluded", {"not": N}, {"not": W}, "yn"
    yield "a condition comes", {}, {"if": S, "then": {"minLength": 1}}, "ny"
    yield "a schema moves to a definition", S, {"$ref": "#/properties/v/$defs/s", "$defs": {"s": S}}, "yy"
    yield "anything is taken", S, True, "yn"
    yield "nothing is taken", False, S, "yn"


def _tuple(*items):
    return {"type": "array", "prefixItems": list(items), "items": False}


def _contains(count):
    return {"type": "array", "contains": S, "minContains": count}


def _map(values):
    return {"type": "object", "additionalProperties": values}


def _json():
    for name, model in MODELS.items():
        for change, old, new, verdicts in _fields(model):
            yield "JSON", f"{change} ({name})", json.dumps(old), json.dumps(new), verdicts[name]
        for change, old, new, verdict in _values():
            yield (
                "JSON",
                f"{change} ({name})",
                json.dumps(_object(model, v=old)),
                json.dumps(_object(model, v=new)),
                verdict,
            )
    opened, closed, partial = (json.dumps(_object(model, a=S)) for model in (OPEN, CLOSED, PARTIAL))
    yield "JSON", "an open model is closed", opened, closed, "ly"
    yield "JSON", "an open model is partly closed", opened, partial, "ly"
    yield "JSON", "a partly open model is closed", partial, closed, "ly"


def _record(*fields, name="R", **more):
    return {"type": "record", "name": name, "fields": list(fields), **more}


def _field(type_, name="f", **more):
    return {"name": name, "type": type_, **more}


def _avro():
    def enum(*symbols, **more):
        return {"type": "enum", "name": "E", "symbols": list(symbols), **more}

    def fixed(size, name="F"):
        return {"type": "fixed", "name": name, "size": size}

    promoted = {("int", "long"), ("int", "float"), ("int", "double"), ("long", "float"), ("long", "double"),
                ("float", "double"), ("string", "bytes"), ("bytes", "string")}  # fmt: skip
    primitives = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
    for old in primitives:
        for new in primitives:
            reads = [
                "y" if pair[0] == pair[1] or pair in promoted else "n" for pair in ((old, new), (new, old))
            ]
            yield f"{old} becomes {new}", old, new, "".join(reads)
    a, b = _field("int", "a"), _field("int", "b")
    yield "a field with a default comes", _record(a), _record(a, {**b, "default": 0}), "yy"
    yield "a field without a default comes", _record(a), _record(a, b), "ny"
    yield "fields change places", _record(a, b), _record(b, a), "yy"
    yield "a field is renamed", _record(a), _record(b), "nn"
    yield "a field is renamed with an alias", _record(a), _record({**b, "aliases": ["a"]}), "yn"
    yield "a record is renamed", _record(a), _record(a, name="Q"), "nn"
    yield "a record is renamed with an alias", _record(a), _record(a, name="Q", aliases=["R"]), "yn"
    yield "a record moves to another namespace", _record(a), _record(a, namespace="n"), "yy"
    yield "a null is taken besides", _record(a), _record(_field(["null", "int"], "a")), "yn"
    yield "a union changes its order", ["null", "int"], ["int", "null"], "yy"
    yield "a union's member is promoted", ["null", "int"], ["null", "long"], "yn"
    yield "an enum has one symbol more", enum("A"), enum("A", "B"), "yn"
    yield (
        "an enum has one symbol more, with a default",
        enum("A", default="A"),
        enum("A", "B", default="A"),
        "yy",
    )
    yield "a text becomes an enum", "string", enum("A"), "nn"
    yield "a fixed type has another size", fixed(4), fixed(8), "nn"
    yield "a fixed type has another name", fixed(4), fixed(4, "G"), "nn"
    yield "a fixed type becomes bytes", fixed(4), "bytes", "nn"
    yield "a number becomes an instant", "long", {"type": "long", "logicalType": "timestamp-millis"}, "yy"
    yield "a decimal has another scale", _decimal(2), _decimal(3), "yy"
    yield "items are promoted", {"type": "array", "items": "int"}, {"type": "array", "items": "long"}, "yn"
    yield "values are promoted", {"type": "map", "values": "int"}, {"type": "map", "values": "long"}, "yn"
    yield "a map becomes a record", {"type": "map", "values": "int"}, _record(a), "nn"
    tree = _record(_field("int", "v"), _field(["null", "R"], "next"))
    yield (
        "a tree's values are promoted",
        tree,
        _record(_field("long", "v"), _field(["null", "R"], "next")),
        "yn",
    )


def _decimal(scale):
    return {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": scale}


def _protobuf():
    def message(body, head='syntax = "proto3"; '):
        return f"{head}message M {{ {body} }}"

    groups = (("int32", "int64", "uint32", "uint64", "bool"), ("sint32", "sint64"), ("fixed32", "sfixed32"),
              ("fixed64", "sfixed64"), ("float",), ("double",), ("string", "bytes"))  # fmt: skip
    scalars = [scalar for group in groups for scalar in group]
    for old in scalars:
        for new in scalars:
            same = any(old in group and new in group for group in groups)
            yield (
                f"{old} becomes {new}",
                message(f"{old} f = 1;"),
                message(f"{new} f = 1;"),
                "yy" if same else "nn",
            )
    two = 'syntax = "proto2"; '
    plain = message("int32 f = 1;")
    yield "a field comes", plain, message("int32 f = 1; string g = 2;"), "yy"
    yield "a field is renamed", plain, message("int32 g = 1;"), "yy"
    yield "a field gets another number", plain, message("int32 f = 2;"), "yy"
    yield (
        "a required field comes",
        message("optional int32 f = 1;", two),
        message("optional int32 f = 1; required int32 g = 2;", two),
        "nn",
    )
    yield (
        "a field becomes required",
        message("optional int32 f = 1;", two),
        message("required int32 f = 1;", two),
        "ny",
    )
    yield "a reserved number is used", message("reserved 2;"), message("int32 g = 2;"), "ly"
    yield "a reserved name is used", message('reserved "g";'), message("int32 g = 2;"), "ly"
    yield "one number becomes many", plain, message("repeated int32 f = 1;"), "nn"
    yield "one text becomes many", message("string f = 1;"), message("repeated string f = 1;"), "yy"
    yield "a field joins a new oneof", plain, message("oneof o { int32 f = 1; }"), "yy"
    pair = "int32 f = 1; int32 g = 2;"
    yield "two fields join a oneof", message(pair), message(f"oneof o {{ {pair} }}"), "ny"
    yield "a oneof gets one more", message("oneof o { int32 f = 1; }"), message(f"oneof o {{ {pair} }}"), "yn"
    yield "a number becomes an enum", plain, f"{message('E f = 1;')} enum E {{ A = 0; }}", "yy"
    yield (
        "an enum has one constant more",
        f"{message('E f = 1;')} enum E {{ A = 0; }}",
        f"{message('E f = 1;')} enum E {{ A = 0; B = 1; }}",
        "yy",
    )
    yield "a number becomes a message", plain, f"{message('T f = 1;')} message T {{ }}", "nn"
    yield "a message comes", plain, f"{plain} message T {{ }}", "yn"
    yield (
        "the type of a field is renamed",
        f"{message('T f = 1;')} message T {{ }}",
        f"{message('U f = 1;')} message U {{ }}",
        "nn",
    )
    yield "the package changes", f"package a; {plain[19:]}", f"package b; {plain[19:]}", "nn"
    yield (
        "a map's values change",
        message("map<string, int32> f = 1;"),
        message("map<string, string> f = 1;"),
        "nn",
    )
    yield (
        "a map's values are of one group",
        message("map<string, int32> f = 1;"),
        message("map<string, int64> f = 1;"),
        "yy",
    )
    inner = "T f = 1; message T { %s t = 1; }"
    yield "a field inside changes", message(inner % "int32"), message(inner % "string"), "nn"


ROWS = [
    *_json(),
    *(("AVRO", name, json.dumps(old), json.dumps(new), verdict) for name, old, new, verdict in _avro()),
    *(("PROTOBUF", name, old, new, verdict) for name, old, new, verdict in _protobuf()),
]
