"""The words by which hand-written buses are told from other tables of callables."""

from __future__ import annotations

import re

DIALECT = "custom_bus"
"""What sites of such buses are labelled with."""

_MARK = rb"\(\w+,\s*[\"']\w*(?:handler|listen|callback|subscri|event|hook|signal|topic)"
CANDIDATE = re.compile(
    rb"(?i)(?:handler|listener|callback|subscri|observer|receiver|consumer|hook|registry|event|signal|topic|dispatch"
    rb"|g(etattr" + _MARK + rb")|h(asattr" + _MARK + rb"))\w*"
    rb"(?(1)|(?(2)|\s*(?:\[|\.(?:append|add)\(|\.setdefault\(|\.get\(|\.items\("
    rb"|(?::[^=\n]*)?=\s*(?:\{|(?:collections\.)?defaultdict\(|(?:\w+\.)?dict\())))"
)
"""Bytes of a file that may hold a table of handlers, or ask for their mark.

Every alternative begins with a letter, by which the search skips what none can begin with: it goes through every file.
"""

EVENTS = re.compile(
    r"(?i)event|signal|message|topic|listen|subscri|publish|emit|dispatch|notif|bus\b|hook|observ|handler|trigger|broadcast"
)
"""Words of which a bus has at least one in its names: a table of callbacks by setting or by URL is none."""

SETTINGS = re.compile(r"(?i)(?:settings?|config(?:uration)?|preferences|options)$")
"""Classes that tell of changed values by their keys: a value that is kept is no event, though its change is told."""

HANDLERS = re.compile(r"(?i)handler|listener|callback|subscri|observer|receiver|consumer")
VERBS = re.compile(
    r"(?i)^_*(?:async_|do_|a)?(?:publish|emit|dispatch|handle|send|fire|notify|trigger|raise|execute|invoke|post|broadcast|"
    r"call|process|deliver|route|propagate)"
)
EMITS = re.compile(
    r"^(?:async_|a)?(?:publish|emit|dispatch|fire|notify|trigger|broadcast|raise_event|post_event|send_event)(?:_\w+)?$"
)

NO_VERBS = re.compile(
    r"(?i)^_*(?:(?:has|is|remove|delete|discard|disconnect|detach|deregister|off|un(?:subscribe|register|bind|hook|listen))"
    r"(?:_|$)|(?:add|register|subscribe|bind|connect|attach)(?:_|$))"
)
"""Names of methods that go through the handlers of an event for another reason than to call them."""

NO_EVENTS = frozenset({"self", "cls", "source", "sender", "emitter", "origin"})
"""Parameters of a publishing method that stand before its event and tell who publishes."""

RANKS = re.compile(r"(?i)^(?:prio|priority|weight|order|rank|once)$")
"""Parameters that are stored beside a handler and tell when it is called."""

SUBSCRIBES = re.compile(r"(?i)^p?(?:subscribe|consume|connect|listen)(?:_|$)")
"""Methods that give a handler to another object: what they return is kept to end it, and is no handler."""

ADDERS = frozenset({"append", "add", "insert", "appendleft", "extend"})
COPIES = frozenset({"list", "tuple", "sorted", "reversed", "set", "copy", "enumerate", "iter"})
