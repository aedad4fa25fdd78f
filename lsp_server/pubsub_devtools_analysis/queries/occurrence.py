"""A stretch of text that means an event, or something of one: what a cursor can stand on."""

from __future__ import annotations

from typing import Literal

import msgspec

Form = Literal["string", "class", "constant", "alias", "method", "handler", "field", "text"]
"""What is written there: the name as a string; the event's class; a constant, enum member or variable that holds the name;
another name for one of these (``import X as Y``); the name of the publishing or registering method; the name of a handler
in its ``def`` and, where the function is the event (tasks), wherever it stands; a field of the payload; the name in quotes
where it is no part of a site, or in a configuration file."""

Role = Literal["publish", "handle", "declare", "mention"]
"""Whether a publisher, a handler or a declaration is what the text is part of; a mention is part of none."""


class Occurrence(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One such stretch, on one line. Lines count from 1, columns in code points from 0, the end is exclusive.

    ``events`` are the ids of the events that are meant, several where one function handles several. ``site`` is the id of
    the site that the text is part of. ``field`` is the dotted name of a field, for ``form="field"``. ``sure`` tells that
    it follows from the code, so that an edit may rely on it. ``symbol`` is the dotted path of the class, constant, signal
    or function that the text is the name of.
    """

    line: int
    column: int
    end_column: int
    form: Form
    role: Role
    events: tuple[str, ...] = ()
    site: str = ""
    field: str = ""
    sure: bool = True
    symbol: str = ""
