"""What the analysis knows of Python's own library: calls that pass values on, enumerations, containers, properties."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.facts import AnyExpr, Call, FileFacts, Name
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Items,
    Made,
    Number,
    Partial,
    Read,
    Record,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from pubsub_devtools_analysis.evaluation import Evaluator

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
ENUMS = frozenset(
    {
        "enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag", "strenum.StrEnum",
        "django.db.models.TextChoices", "django.db.models.IntegerChoices", "homeassistant.backports.enum.StrEnum",
        "backports.strenum.StrEnum", "django.db.models.enums.TextChoices", "aenum.Enum",
    }
)  # fmt: skip
LAZY = "django.utils.functional.LazyObject"
"""A class whose instances stand for what its `_setup` puts into `self._wrapped`."""
PROPERTIES = frozenset(
    {"property", "cached_property", "hybrid_property", "abstractproperty", "locked_cached_property"}
)
TABLES = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "DefaultDict", "defaultdict", "OrderedDict"})
CONTAINERS = TABLES | {
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple", "Sequence", "Iterable", "Iterator",
    "Collection", "AsyncIterator", "AsyncIterable", "Generator", "AsyncGenerator", "deque", "Deque", "MutableSequence",
}  # fmt: skip
MAKERS = frozenset(
    {"model_construct", "model_validate", "model_validate_json", "construct", "parse_obj", "parse_raw"}
)
"""Methods of pydantic's classes that give an instance."""
FIELDS = frozenset({"model_fields", "__fields__"})
"""Attributes of pydantic's classes that give their fields by name."""

COMMON = frozenset(
    [
        "get",
        "set",
        "run",
        "start",
        "stop",
        "close",
        "open",
        "add",
        "append",
        "update",
        "save",
        "create",
        "delete",
        "send",
        "publish",
        "emit",
        "on",
        "call",
        "handle",
        "execute",
        "process",
        "setup",
        "main",
        "init",
        "build",
        "__call__",
        "wrapper",
        "inner",
        "decorator",
        "wrapped",
        "func",
    ]
)
"""Names that too many things have: callers of one of them say nothing."""

Special = Callable[["Evaluator", str, FileFacts, int, Call], Values]


def _first(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    """The call gives its first argument on."""
    if not call.args:
        return ()
    values = evaluator.eval(evaluator.at_call(path, facts, call), call.args[0])
    return tuple(Items(v.items, False) if isinstance(v, Items) else v for v in values)


def _same(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    return evaluator.eval(evaluator.at_call(path, facts, call), call.args[0]) if call.args else ()


def _property(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    getter = call.args[0] if call.args else dict(call.keywords).get("fget")
    values = evaluator.eval(evaluator.at_call(path, facts, call), getter) if getter is not None else ()
    return tuple(Read(v) for v in values if isinstance(v, Function))


def _partial(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    if not call.args:
        return ()
    at = evaluator.at_call(path, facts, call)
    args = tuple(evaluator.eval(at, a) for a in call.args[1:])
    keywords = tuple((k, evaluator.eval(at, v)) for k, v in call.keywords)
    return tuple(Partial(f, args, keywords) for f in evaluator.eval(at, call.args[0]))


def _getattr(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    if len(call.args) < 2:
        return ()
    at = evaluator.at_call(path, facts, call)
    names = [v.text for v in evaluator.eval(at, call.args[1]) if isinstance(v, Str)]
    bases = evaluator.eval(at, call.args[0])
    found = union(*(evaluator.attribute(base, name) for base in bases for name in names))
    return found or (evaluator.eval(at, call.args[2]) if len(call.args) > 2 else ())


def _record(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    return (Record(path, index),)


def _dict(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    at = evaluator.at_call(path, facts, call)
    entries: tuple[tuple[Values, Values], ...]
    entries = tuple(((Str(k),), evaluator.eval(at, v)) for k, v in call.keywords if k != "**")
    for value in evaluator.eval(at, call.args[0]) if call.args else ():
        if isinstance(value, Table):
            entries = (*value.entries, *entries)
    return (Table(entries),)


def _super(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    scope = call.scope
    while scope >= 0 and facts.scopes[scope].kind != "class":
        scope = facts.scopes[scope].parent
    if scope < 0:
        return ()
    bases = evaluator.ancestors(Class(path, facts.scopes[scope].key))[1:]
    return tuple(Instance(b) if isinstance(b, Class) else evaluator.external(b.path + "()") for b in bases)[
        :4
    ]


def _type(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    if len(call.args) != 1:
        return ()
    values = evaluator.eval(evaluator.at_call(path, facts, call), call.args[0])
    return tuple(
        v.cls if isinstance(v, Instance) else v for v in values if isinstance(v, Instance | Class | Argument)
    )


def _default(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    """`os.getenv("X", default)` and its like: the default is what is known."""
    at = evaluator.at_call(path, facts, call)
    keywords = dict(call.keywords)
    expr = keywords.get("default", call.args[1] if len(call.args) > 1 else None)
    found = evaluator.eval(at, expr) if expr is not None else ()
    return tuple(v for v in found if not isinstance(v, Number)) or (Unknown("environment"),)


def _field(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    at = evaluator.at_call(path, facts, call)
    keywords = dict(call.keywords)
    factory = keywords.get("default_factory", keywords.get("factory"))
    if factory is not None:
        return union(*(_made_by(evaluator, v) for v in evaluator.eval(at, factory)))
    expr = keywords.get("default", call.args[0] if call.args else None)
    return evaluator.eval(at, expr) if expr is not None else ()


def _made_by(evaluator: Evaluator, value: Value) -> Values:
    function = value.function if isinstance(value, Bound) else value
    return evaluator.returned(function) if isinstance(function, Function) else evaluator.instance(value)


def _depends(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    if not call.args:
        return ()
    values = evaluator.eval(evaluator.at_call(path, facts, call), call.args[0])
    return union(*(_made_by(evaluator, v) for v in values))


def _lazy(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    """An object that a function makes when it is first used, or one of a pool that a function fills."""
    return union(*(_made_by(evaluator, v) for v in _same(evaluator, path, facts, index, call)))


def _enumerate(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    elements = evaluator.elements(_same(evaluator, path, facts, index, call))
    return (Items(((Items(((Unknown("number"),), elements)),),), False),)


def _zip(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    at = evaluator.at_call(path, facts, call)
    columns = tuple(evaluator.elements(evaluator.eval(at, a)) for a in call.args)
    return (Items(((Items(columns),),), False),)


def _chain(evaluator: Evaluator, path: str, facts: FileFacts, index: int, call: Call) -> Values:
    at = evaluator.at_call(path, facts, call)
    return (Items(tuple(evaluator.elements(evaluator.eval(at, a)) for a in call.args), False),)


CALLS: dict[str, Special] = {
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
    "builtins.getattr": _getattr,
    "types.SimpleNamespace": _record,
    "argparse.Namespace": _record,
    "builtins.dict": _dict,
    "types.MappingProxyType": _same,
    "builtins.super": _super,
    "builtins.type": _type,
    "builtins.property": _property,
    "os.getenv": _default,
    "os.environ.get": _default,
    "decouple.config": _default,
    "environ.Env().str": _default,
    "environ.Env()": _default,
    "dataclasses.field": _field,
    "attr.ib": _field,
    "attr.field": _field,
    "attrs.field": _field,
    "pydantic.Field": _field,
    "fastapi.Depends": _depends,
    "faststream.Depends": _depends,
    "fast_depends.Depends": _depends,
    "taskiq.TaskiqDepends": _depends,
    "django.utils.functional.SimpleLazyObject": _lazy,
    "werkzeug.local.LocalProxy": _lazy,
    "aio_pika.pool.Pool": _lazy,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.chain": _chain,
    **dict.fromkeys(
        ("builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "builtins.reversed", "builtins.iter"),
        _first,
    ),
    **dict.fromkeys(
        (
            "asyncio.wait_for", "asyncio.shield", "asyncio.create_task", "asyncio.ensure_future", "asyncio.run",
            "copy.copy", "copy.deepcopy", "typing.cast", "inspect.unwrap", "asgiref.sync.sync_to_async",
            "asgiref.sync.async_to_sync", "django.utils.functional.lazy", "contextlib.closing", "contextlib.aclosing", "builtins.next", "builtins.anext",
            "weakref.ref", "weakref.proxy", "weakref.WeakMethod", "staticmethod", "builtins.staticmethod", "builtins.classmethod",
        ),
        _same,
    ),
}  # fmt: skip

__all__ = [
    "BUILTINS",
    "CALLS",
    "COMMON",
    "CONTAINERS",
    "ENUMS",
    "FIELDS",
    "LAZY",
    "MAKERS",
    "PROPERTIES",
    "TABLES",
    "AnyExpr",
    "External",
    "Made",
    "Name",
]

COMMON_WRAPPERS = frozenset(
    [
        "get",
        "set",
        "add",
        "append",
        "pop",
        "run",
        "wrapper",
        "inner",
        "decorator",
        "wrapped",
        "func",
        "__init__",
        "main",
        "setup",
        "items",
        "keys",
        "values",
        "update",
        "list",
        "dict",
        "str",
        "int",
        "print",
        "open",
        "type",
        "super",
        "format",
        "partial",
        "isinstance",
    ]
)
"""Names too common to be looked for, even where a wrapper has one of them."""
