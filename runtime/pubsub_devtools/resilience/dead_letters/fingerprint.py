"""What failures of one cause have in common, whatever order, customer or line number they happened at.

A fingerprint is made of the exception's type, its message without what differs from event to event, and the functions of
the user's code on the way to it. Lines that move, and functions that move within their module, leave it as it is.
"""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby
from types import CodeType, TracebackType

_VARYING = (
    (re.compile(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b", re.I), "<id>"),
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"), "<email>"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"<>)\]]+", re.I), "<url>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.I), "<address>"),
    (re.compile(r"(?<![\w.])/(?:[\w.-]+/)+[\w.-]*"), "<path>"),
    (re.compile(r"\b(?=[\w-]*\d)[\w-]*[a-z_-][\w-]*\b", re.I), "<id>"),
    (re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?", re.I), "<n>"),
)
_LONGEST = 200
_TRACEBACK_LONGEST = 32_000
_OURS = "pubsub_devtools."
_NOT_THE_USERS = tuple(
    path for name in ("stdlib", "platstdlib", "purelib", "platlib") if (path := sysconfig.get_path(name))
)
_INLINED = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
"""Comprehensions are functions in some versions of Python and not in others."""


def fingerprint(error: BaseException) -> str:
    """Return what this failure has in common with others of its cause: twelve hexadecimal digits.

    Example:
        >>> def charge(order):
        ...     raise ValueError(f"order {order} is unknown")
        >>> def failing(order):
        ...     try:
        ...         charge(order)
        ...     except ValueError as error:
        ...         return fingerprint(error)
        >>> failing("o-17") == failing("o-18"), failing("o-17") == fingerprint(ValueError("no order"))
        (True, False)
    """
    parts = [part for one in _chain(error) for part in (type_name(one), normalised(message_of(one)))]
    return blake2b("\n".join((*parts, *_frames(error))).encode(), digest_size=6).hexdigest()


def type_name(error: BaseException) -> str:
    """Return the dotted name of an exception's type; builtin ones stand alone.

    Example:
        >>> type_name(ValueError()), type_name(re.error(""))
        ('ValueError', 're.error')
    """
    cls = type(error)
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def message_of(error: BaseException) -> str:
    """Return the text of an exception, which must not fail even where its ``__str__`` does."""
    try:
        return str(error)
    except Exception as broken:
        return f"<its __str__ raised {type(broken).__name__}>"


def traceback_of(error: BaseException) -> str:
    """Return the traceback as Python prints it, shortened in the middle where it is very long."""
    text = "".join(traceback.format_exception(error))
    if len(text) <= _TRACEBACK_LONGEST:
        return text
    half = _TRACEBACK_LONGEST // 2
    return f"{text[:half]}\n... {len(text) - 2 * half:,} characters left out ...\n{text[-half:]}"


def normalised(message: str) -> str:
    """Return a message without ids, numbers, times, addresses and the like.

    Example:
        >>> normalised("order 17 of ada@example.org failed at 2030-01-01T10:00:00Z after 0.25 s")
        'order <n> of <email> failed at <time> after <n> s'
    """
    text = message.strip()
    for pattern, word in _VARYING:
        text = pattern.sub(word, text)
    return text[:_LONGEST]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those it was raised from; what happened merely meanwhile is no cause."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__


def _frames(error: BaseException) -> list[str]:
    """Return the user's functions from the handler to where it was raised, a recursion once; all functions if none is."""
    frames = list(_walk(error.__traceback__))
    users = [name for name, code in frames if _is_users(name, code)]
    return [name for name, _ in groupby(users or [name for name, _ in frames if not name.startswith(_OURS)])]


def _walk(at: TracebackType | None) -> Iterator[tuple[str, CodeType]]:
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_name not in _INLINED:
            yield f"{at.tb_frame.f_globals.get('__name__', '')}.{code.co_qualname}", code
        at = at.tb_next


def _is_users(name: str, code: CodeType) -> bool:
    return not name.startswith(_OURS) and not code.co_filename.startswith((*_NOT_THE_USERS, "<frozen"))
