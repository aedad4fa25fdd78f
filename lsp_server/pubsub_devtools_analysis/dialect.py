"""What a framework looks like, as a table: the form of `dialects/*.toml` and of a user's own bus in `pyproject.toml`.

References in patterns are dotted paths of the library (`celery.shared_task`) or `type.method`, where `type` is one of
the table's own `[types]`. `()` stands for a call: `redis.Redis.from_url()`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

from pubsub_devtools.model import Delivery

HANDWRITTEN = "custom_bus"
"""The dialect of hand-written buses. Several tables may have this name: they are one dialect."""

Strategy = Literal[
    "",
    "function.path",
    "function.name",
    "function.colon",
    "function.camel",
    "class.name",
    "variable.path",
    "class.path",
]
"""What names an event when no argument does."""

PayloadForm = Literal[
    "message",
    "batch",
    "arguments",
    "packed",
    "keywords",
    "objects",
    "returned",
    "parameters",
    "nothing",
]
"""How a publishing call gives the fields of its event."""


class DialectError(ValueError):
    """A dialect table that is not of the form; the message names the table and the key."""


class Type(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"is_": "is", "from_": "from"}):
    """A kind of object that the framework hands out.

    `is`: classes whose instances (also by annotation, also of subclasses) are of this type. `from`: expressions that
    give one. `names`: conventional variable names, trusted as likely where the file imports the library (`always`: in
    every file). `distinct`: methods that only such an object has, whatever it is called. `external`: methods that make
    any object from outside the workspace one of this type. `paths`: globs of dotted paths that `external` is limited to.
    `transport`: where this type speaks on another transport than the table's. `event`: how the arguments of its making
    name the event that it stands for.
    """

    is_: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    always: bool = False
    external: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    transport: str = ""
    event: EventSpec | None = None


class EventSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """How a pattern's event is named.

    `argument`: names and positions of the argument that holds it, the first that is given counts; `rest`: all positional
    arguments from there on. `receiver`: the event of the object the method is called on. `class`: an instance or
    class stands for its event, named by its dotted `path` or its `name`. `keys`: the keys of the dict given.
    `entries`: these keys of each dict in the list given, joined by `:`. `exchange`: the argument with an exchange,
    which names the event where it is not the default one. `prefix`: argument of the receiver's making that stands before.
    `last`: only the part after the last of these characters. `strip`: a prefix that does not belong to the name.
    `template`: what the name becomes, `{}` standing for it. `attribute`: the class attribute that holds it.
    `unresolved`: `path` takes the dotted path of a name from outside the workspace for its value.
    `of`: only classes that descend from one of these. `schema`: a class decorator whose `name` names the event.
    `within`: a text names a class inside the class around the handler.
    `otherwise`: what names it when no argument does. `annotation`: the type of the handler's parameter at this position.
    """

    argument: tuple[str | int, ...] = ()
    rest: int | None = None
    receiver: bool = False
    class_: Literal["", "path", "name", "none"] = ""
    of: tuple[str, ...] = ()
    schema: str = ""
    within: bool = False
    keys: bool = False
    entries: tuple[str, ...] = ()
    exchange: tuple[str | int, ...] = ()
    prefix: str = ""
    template: str = ""
    last: str = ""
    strip: str = ""
    attribute: str = ""
    annotation: int | None = None
    unresolved: Literal["", "path"] = ""
    otherwise: Strategy = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments that declare delivery options.

    `delay`: names and positions of the argument that delays. `retries`: of the one that says how often it is retried.
    `dead_letter`: of the one that says where it goes when all fail. `idempotent`: of the one that guards against repeats.
    """

    delay: tuple[str | int, ...] = ()
    retries: tuple[str | int, ...] = ()
    dead_letter: tuple[str | int, ...] = ()
    idempotent: tuple[str | int, ...] = ()


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a handler's parameters is the event's payload.

    `form`: `message` where one parameter carries it, `parameters` where each parameter is a field (tasks, signals),
    `arity` where one parameter alone carries it and several are fields (emitters). `nested`: fields that are parameters
    have fields themselves. `parameter`: names and positions of the parameter that carries it; the first one when left
    out. `body`: ways from the parameter to the payload: `data`, `value()`, `items().#1`, the empty text for itself.
    `skip`: names and positions of parameters that are the framework's own (`sender`, `ctx`). `injected`: globs of
    what the annotation or default of an injected parameter names. `wrapped`: globs of annotations that alone make `body`
    hold, for a parameter that carries the message where no other does. `loop`: ways for a call that consumes without a handler, from its
    result or its receiver to a message and, after a colon, on to the payload: `messages:data`.
    """

    form: Literal["message", "parameters", "arity"] = "message"
    nested: bool = False
    parameter: tuple[str | int, ...] = ()
    body: tuple[str, ...] = ()
    skip: tuple[str | int, ...] = ()
    injected: tuple[str, ...] = ()
    wrapped: tuple[str, ...] = ()
    loop: tuple[str, ...] = ()


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One form of publishing, handling or declaring.

    `call` and `decorator`: references to what is called, or put above a function. `function`: functions and methods of
    the workspace's own bus, by dotted path; `event.argument`, with the `event.attribute` of it that counts, and
    `handler` are parameters of theirs, or of the functions around them. `collect`: attributes in which
    the workspace's objects collect events for the bus to fetch, `self.events.append(OrderPlaced())`; only classes
    that it handles, or that share a base with one, are events. `subclass`: every subclass of these.
    `method`: methods of this name (`on_*`) in subclasses of `of`. `of`: types, for `method`. `table`: an assigned dict
    (`beat_schedule`) whose entries' `entry` names events; with `pairs` the dotted path of a dict of the workspace,
    `{OrderPlaced: [bill, pack]}`. `entry`: the key that names the event in a `table`.
    `attribute`: a class attribute that lists handlers. `event`: how the event is named. `handler`: argument with the
    handler; left out, a decorated function is the handler, or with `loop` the call itself. `loop`: without a handler the call itself consumes. `makes`: the
    type of the result. `payload`: argument with the payload. `payload_form`: how its fields are given: by that one
    argument as a `message`, by each positional one from there on in a `batch`, as `arguments` of the task (positional ones
    from there on, and keywords), `packed` in a list of these and a dict, as `keywords` alone, as `objects` from there on, of
    which one alone is a message, by what the decorated function `returned`, by its `parameters`, or by `nothing`.
    `payload_keywords`: argument with the dict, where they are packed. `payload_skip`: keywords that are the framework's
    own. `payload_body`: the part of the message that holds its fields, where a message is an object or a dict of the
    framework. `unless` and `given`: the pattern holds only where this argument is missing, or is there. `skip`: names of
    functions that it does not hold for. `schedule`: the decorator has the function sent by a clock; its body does not
    publish. `pairs`: the keywords, or the keys of a `table`, are the events and their values the handlers. `cases`: the classes that the method
    tells apart by `isinstance` or `match` are the events. `transport`: where this form speaks on another one than the
    table's. `site`: false for what only makes an object. `options`: arguments that declare delivery options.
    `certainty`: `likely` for a form that other libraries have too. `message`: what of the handler's parameters is the
    payload, where this form differs from the table's.
    """

    call: tuple[str, ...] = ()
    decorator: tuple[str, ...] = ()
    function: tuple[str, ...] = ()
    collect: tuple[str, ...] = ()
    subclass: tuple[str, ...] = ()
    method: str = ""
    of: tuple[str, ...] = ()
    table: tuple[str, ...] = ()
    entry: str = ""
    attribute: tuple[str, ...] = ()
    event: EventSpec = EventSpec()
    handler: tuple[str | int, ...] = ()
    loop: bool = False
    makes: str = ""
    payload: tuple[str | int, ...] = ()
    payload_form: PayloadForm = "message"
    payload_keywords: tuple[str | int, ...] = ()
    payload_skip: tuple[str, ...] = ()
    payload_body: tuple[str | int, ...] = ()
    unless: tuple[str | int, ...] = ()
    given: tuple[str | int, ...] = ()
    pairs: bool = False
    schedule: bool = False
    skip: tuple[str, ...] = ()
    cases: bool = False
    transport: str = ""
    site: bool = True
    options: Settings = Settings()
    certainty: Literal["sure", "likely"] = "sure"
    message: Message | None = None


class Binding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call that routes one event to another: an exchange to a queue, a topic to a subscription.

    Each side is an argument, or the receiver where none is named. `call`: references. `source`: names and positions of
    the argument that events come from. `target`: of the one that they go to. `source_template`: what the source's name
    becomes, `{}` standing for it.
    """

    call: tuple[str, ...]
    source: tuple[str | int, ...] = ()
    target: tuple[str | int, ...] = ()
    source_template: str = ""


class Sagas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a saga is declared: a class decorator, a step's decorator, and the step's argument that names its undoing.

    `decorator`: reference of the class decorator. `step`: of the decorator of its methods. `compensation`: that argument.
    """

    decorator: str
    step: str
    compensation: str


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of code and what must be found in it: `publish NAME LINE`, `handle NAME LINE`, `declare NAME LINE`.

    `title`: what it shows. `code`: one file, `app.py`, or several, each after a line `# file: pkg/tasks.py`.
    `finds`: all that is found, one each; with several files the line is `pkg/tasks.py:7`.
    """

    title: str
    code: str
    finds: tuple[str, ...]


class Dialect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One framework.

    `name`: what it is called in outputs, once only. `title`: what people call it. `doc`: a sentence that says what its
    events are. `transport`: dialects of one transport share their events; the name, where it is left out. `delivery`:
    what the framework promises. `retries`: how it retries, in words. `wildcards`: the syntax of patterns in names.
    `imports`: modules whose import puts the table in force. `words`: texts that make a file worth reading besides.
    `certainty`: `likely` where all that is found is. `types`: kinds
    of objects, by the word that stands for them in references. `publish`: forms that publish. `handle`: forms that
    handle. `declare`: forms that declare. `bind`: forms that route one event to another. `builtin`: globs of events that
    the framework itself publishes or handles. `message`: what of a handler's parameters is the payload. `constants`:
    values of the library's constants, by dotted path.
    `aliases`: dotted paths by which the library's names are known too. `saga`: how sagas are declared. `samples`: code
    and what is found in it; they are its tests and its documentation.
    """

    name: str
    title: str = ""
    doc: str = ""
    transport: str = ""
    delivery: Delivery = "in-process"
    retries: str = ""
    wildcards: Literal["", "nats", "amqp", "glob", "dotted"] = ""
    imports: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    certainty: Literal["sure", "likely"] = "sure"
    types: dict[str, Type] = {}
    publish: tuple[Pattern, ...] = ()
    handle: tuple[Pattern, ...] = ()
    declare: tuple[Pattern, ...] = ()
    bind: tuple[Binding, ...] = ()
    builtin: tuple[str, ...] = ()
    message: Message = Message()
    constants: dict[str, str] = {}
    aliases: dict[str, str] = {}
    saga: Sagas | None = None
    samples: tuple[Sample, ...] = ()

    @property
    def carrier(self) -> str:
        """The transport's name: two dialects of one transport share their events."""
        return self.transport or self.name

    @property
    def is_handwritten(self) -> bool:
        """Whether it speaks of a bus of the workspace's own, which carries the classes that it handles."""
        patterns = (*self.publish, *self.handle)
        return self.name == HANDWRITTEN or any(p.function or p.collect for p in patterns)


def parse(data: dict[str, Any], where: str) -> Dialect:
    """A dialect from its table.

    Args:
        data: the decoded TOML table.
        where: how to name the table in an error: a file, or a key of the configuration.

    Raises:
        DialectError: a key or value is not of the form, or a pattern speaks of a type that the table lacks.
    """
    try:
        dialect = msgspec.convert(data, Dialect)
    except msgspec.ValidationError as error:
        raise DialectError(f"{where}: {error}") from None
    for pattern in (*dialect.publish, *dialect.handle, *dialect.declare):
        if pattern.makes and pattern.makes not in dialect.types:
            raise DialectError(f"{where}: a pattern makes '{pattern.makes}', which is not one of [types]")
    return dialect


@cache
def shipped() -> tuple[Dialect, ...]:
    """The dialects that come with the analysis, by name."""
    folder = resources.files("pubsub_devtools_analysis") / "dialects"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(parse(tomllib.loads(f.read_text("utf-8")), f.name) for f in files)
