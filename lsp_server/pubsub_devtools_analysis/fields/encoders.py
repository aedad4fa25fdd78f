"""Calls that give a payload on in another form: encoders, copies, dicts of objects."""

ENCODERS: dict[str, tuple[str, int]] = dict.fromkeys(
    (
        "json.dumps", "json.dump", "simplejson.dumps", "ujson.dumps", "orjson.dumps", "rapidjson.dumps", "pickle.dumps",
        "msgpack.packb", "msgpack.dumps", "umsgpack.packb", "ormsgpack.packb", "yaml.dump", "yaml.safe_dump", "cbor2.dumps",
        "bson.encode", "msgspec.json.encode", "msgspec.msgpack.encode", "msgspec.to_builtins", "msgspec.structs.asdict",
        "dataclasses.asdict", "dataclasses.replace", "attr.asdict", "attrs.asdict", "attr.evolve", "attrs.evolve",
        "cattrs.unstructure", "cattr.unstructure", "pydantic_core.to_json", "pydantic_core.to_jsonable_python",
        "pydantic.json.pydantic_encoder", "fastapi.encoders.jsonable_encoder", "copy.copy", "copy.deepcopy",
        "builtins.vars", "builtins.bytes", "builtins.bytearray", "builtins.list", "builtins.tuple", "builtins.iter",
        "builtins.reversed", "builtins.next", "builtins.anext", "types.MappingProxyType", "typing.cast", "zlib.compress",
        "gzip.compress", "base64.b64encode", "asyncio.wait_for", "asyncio.shield", "builtins.set", "collections.deque",
        "django.core.serializers.json.DjangoJSONEncoder().encode", "json.JSONEncoder().encode", "builtins.filter",
    ),
    ("obj", 0),
)  # fmt: skip
"""Functions whose argument at this position is the message."""
ENCODERS["typing.cast"] = ("val", 1)
ENCODERS["builtins.filter"] = ("iterable", 1)

DICTS = frozenset({"builtins.dict", "collections.OrderedDict", "types.SimpleNamespace"})
"""Functions whose keywords are the message."""

METHODS = frozenset(
    {
        "model_dump", "model_dump_json", "dict", "json", "to_dict", "as_dict", "asdict", "_asdict", "to_json", "as_json", "dumps",
        "encode", "copy", "model_copy", "deepcopy", "serialize", "SerializeToString", "to_representation", "asjson", "dump",
        "to_mongo", "to_payload", "_replace", "replace",
    }
)  # fmt: skip
"""Methods that give the object they are called on, in another form."""
