"""The event graph: who publishes which event, who handles it, what follows, and the evidence for each claim.

One value describes a whole code base across frameworks. It is what the analysis makes and what every renderer,
command, editor feature and documentation page reads. Its JSON form carries ``format``; the JSON Schema and the
TypeScript types are generated from this module (``make generate``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model.field_type import FieldType

FORMAT: Literal[1] = 1

Certainty = Literal["sure", "likely", "guess"]
"""How far a claim can be trusted: ``sure`` follows from the code, ``likely`` from a convention, ``guess`` from a name."""

Kind = Literal["publish", "handle", "declare"]
Delivery = Literal["at-most-once", "at-least-once", "in-process"]
Origin = Literal["workspace", "builtin", "external", "linked"]
"""Where an event comes from: this code, its framework (``post_save``), configuration, or another repository's graph."""

LinkKind = Literal["wildcard", "binding", "subclass"]
"""Why what is published under one event reaches the handlers of another."""


class Place(msgspec.Struct, frozen=True, order=True):
    """A stretch of source text.

    ``path`` is POSIX and relative to the graph's root. Lines count from 1; columns count Unicode code points from 0,
    the end is exclusive.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Evidence(msgspec.Struct, frozen=True):
    """One step of the reasoning that led to a claim, in words and at a place."""

    note: str
    place: Place


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a publisher or handler declares about delivery, as written in the code (``"3"``, ``"settings.RETRIES"``)."""

    delay: str = ""
    retries: str = ""
    dead_letter: str = ""
    idempotent: str = ""


class FieldUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of an event's payload that a handler reads or a publisher gives, and where.

    ``name`` is dotted where payloads nest (``customer.email``); indexes are left out (``items.sku``). ``type`` is what is
    known of a given value, as a type is written (``int``, ``str | None``); it is empty for what a handler reads.
    ``positional`` tells a value that is given by its place among the arguments of a task.
    """

    name: str
    place: Place
    type: str = ""
    positional: bool = False


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of a declared schema, or one parameter of a handler, with its type as written in the code."""

    name: str
    type: str
    required: bool = True
    default: str = ""


class Site(msgspec.Struct, frozen=True, omit_defaults=True):
    """One publisher, handler or declaration: the place in the code where it stands.

    ``place`` is the publishing call, the handler's ``def`` or the declaring statement; ``registered`` is where a handler
    was attached, when that is elsewhere. ``symbol`` is the qualified name inside the file (``Class.method``,
    ``<module>``). ``reason`` is the code of the rule behind ``certainty``. ``origin`` names the repository that a
    linked graph came from, and is empty for this one.

    ``reads`` are the fields that a handler reads, ``passed_whole_to`` the callables outside the workspace that get its
    whole message, so that more may be read. ``takes`` are a handler's parameters where each of them is a field (tasks,
    signals), those that take any number with their stars (``**kwargs``). ``keys`` are the fields that a publisher gives;
    ``open`` tells that it may give more. ``schema`` is the symbol of the schema that it gives or takes, where the code
    names one. Fields are looked for when they are asked for.
    """

    id: str
    kind: Kind
    event: str
    dialect: str
    symbol: str
    place: Place
    certainty: Certainty
    reason: str
    registered: Place | None = None
    service: str = ""
    in_tests: bool = False
    evidence: tuple[Evidence, ...] = ()
    options: Options = Options()
    origin: str = ""
    reads: tuple[FieldUse, ...] = ()
    passed_whole_to: tuple[str, ...] = ()
    takes: tuple[Field, ...] | None = None
    keys: tuple[FieldUse, ...] = ()
    open: bool = False
    schema: str = ""


class SchemaVersion(msgspec.Struct, frozen=True, omit_defaults=True):
    """One shape of an event's payload: declared, or, where nothing declares one, ``inferred`` from what publishers give.

    ``version`` is empty where the code names none. ``type`` tells the fields as values that can be compared; it is
    looked for together with the fields of sites. ``members`` are what the class has besides: methods and properties.
    """

    symbol: str
    place: Place
    version: str = ""
    fields: tuple[Field, ...] = ()
    doc: str = ""
    type: FieldType | None = None
    members: tuple[str, ...] = ()
    inferred: bool = False


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event: a name on a transport. ``id`` is ``transport:name``; ``pattern`` tells that the name holds wildcards."""

    id: str
    name: str
    transport: str
    dialects: tuple[str, ...]
    origin: Origin = "workspace"
    delivery: Delivery = "in-process"
    aliases: tuple[str, ...] = ()
    schemas: tuple[SchemaVersion, ...] = ()
    pattern: bool = False
    doc: str = ""


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is published under ``source`` also reaches the handlers of ``target``."""

    source: str
    target: str
    kind: LinkKind
    certainty: Certainty = "sure"
    evidence: tuple[Evidence, ...] = ()


class Flow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A handler goes on to publish: from site ``handler`` to site ``publisher``.

    ``hops`` are the calls on the way, from the handler's body to the function that publishes; empty when the handler's
    own body publishes.
    """

    handler: str
    publisher: str
    certainty: Certainty = "sure"
    hops: tuple[Evidence, ...] = ()


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a declared saga and the name of the action that compensates it."""

    name: str
    place: Place
    compensation: str = ""


class Saga(msgspec.Struct, frozen=True, omit_defaults=True):
    """A declared saga: its steps in the order of the code."""

    name: str
    symbol: str
    place: Place
    steps: tuple[Step, ...] = ()


class Service(msgspec.Struct, frozen=True):
    """A deployable or logical part of the code: a package, or what the configuration names."""

    name: str
    path: str


class Unnamed(msgspec.Struct, frozen=True):
    """A site that was seen but whose event could not be named, why, and what would help."""

    kind: Kind
    dialect: str
    symbol: str
    place: Place
    reason: str
    hint: str


class Problem(msgspec.Struct, frozen=True):
    """A file that could not be read whole, and what was done about it."""

    path: str
    line: int
    code: str
    message: str


class Coverage(msgspec.Struct, frozen=True):
    """What the analysis looked at: all files found, those read for events, and sites seen and named."""

    files: int = 0
    files_read: int = 0
    sites: int = 0
    named: int = 0


class EventGraph(msgspec.Struct, frozen=True):
    """The event graph of one root directory. Every tuple is sorted, so the same tree gives the same bytes.

    Example:
        >>> import msgspec
        >>> graph = EventGraph(root="shop")
        >>> msgspec.json.decode(msgspec.json.encode(graph), type=EventGraph) == graph
        True
    """

    root: str
    format: Literal[1] = FORMAT
    events: tuple[Event, ...] = ()
    sites: tuple[Site, ...] = ()
    links: tuple[Link, ...] = ()
    flows: tuple[Flow, ...] = ()
    sagas: tuple[Saga, ...] = ()
    services: tuple[Service, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()
    problems: tuple[Problem, ...] = ()
    coverage: Coverage = Coverage()
