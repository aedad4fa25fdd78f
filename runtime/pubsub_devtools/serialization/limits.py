"""`Limits`: what a message may cost to read, checked before the cost arises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

import msgspec

from pubsub_devtools.serialization.errors import LimitExceededError

__all__ = ["Limits", "check_depth", "check_json_depth", "check_size"]

_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")


class Limits(msgspec.Struct, frozen=True):
    """How large a message may be, in both directions.

    ``size`` is in bytes as it travels, ``decompressed`` in bytes after decompression (a small message can be a bomb),
    ``depth`` how deep lists and objects of the payload lie in each other, itself included.

    Example:
        >>> Limits(size=1000).depth
        64
    """

    size: int = 4 * 1024 * 1024
    decompressed: int = 16 * 1024 * 1024
    depth: int = 64


def check_size(what: str, size: int, limit: int, name: str) -> None:
    """Refuse what is larger than a limit.

    Raises:
        LimitExceededError: It is; ``name`` is the limit's.
    """
    if size > limit:
        raise LimitExceededError(f"{what} has {size:,} bytes, the limit is {limit:,} (Limits.{name})")


def check_depth(what: str, value: object, limits: Limits) -> None:
    """Refuse a value whose lists and dicts lie too deep in each other. It goes down level by level, so it needs no stack.

    Raises:
        LimitExceededError: They do.

    Example:
        >>> check_depth("Order", [[[]]], Limits(depth=2))
        Traceback (most recent call last):
        pubsub_devtools.serialization.errors.LimitExceededError: Order is nested more than 2 deep (Limits.depth)
    """
    level = _nested((value,))
    for _ in range(limits.depth):
        if not level:
            return
        level = [inner for outer in level for inner in _nested(outer)]
    if level:
        raise _too_deep(what, limits)


def check_json_depth(what: str, text: bytes, limits: Limits) -> None:
    """Refuse JSON text that is nested too deep, without parsing it. Text that is no JSON may pass.

    Strings are taken out, then all but brackets; each round takes away the innermost pairs, so the rounds are the depth.

    Raises:
        LimitExceededError: It is.

    Example:
        >>> check_json_depth("Order", b'{"a": [{"b": "]]]"}]}', Limits(depth=3))
        >>> check_json_depth("Order", b'{"a": [{"b": []}]}', Limits(depth=3))
        Traceback (most recent call last):
        pubsub_devtools.serialization.errors.LimitExceededError: Order is nested more than 3 deep (Limits.depth)
    """
    if text.count(b"[") + text.count(b"{") <= limits.depth:
        return
    brackets = _TEXTS.sub(b"", text).translate(_AS_SQUARE, _NOT_BRACKETS)
    for _ in range(limits.depth):
        brackets = brackets.replace(b"[]", b"")
    if b"[" in brackets:
        raise _too_deep(what, limits)


def _nested(outer: object) -> list[object]:
    held = cast("dict[object, object]", outer).values() if isinstance(outer, dict) else outer
    return [inner for inner in cast("Iterable[object]", held) if isinstance(inner, dict | list)]


def _too_deep(what: str, limits: Limits) -> LimitExceededError:
    return LimitExceededError(f"{what} is nested more than {limits.depth} deep (Limits.depth)")
