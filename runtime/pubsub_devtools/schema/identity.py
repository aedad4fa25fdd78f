"""Event ids: UUIDv7 as text, so that ids sort by the time they were made and need no coordination."""

import os
import time

_SIZE, _AT_ONCE = 10, 256
_noise: list[bytes] = []
"""Drawn from the system and not used yet: each piece is taken once, whatever threads do, and by no fork of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_noise.clear)


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562): 48 bits of Unix time in milliseconds, the rest from the system's random source.

    The system's source, not a seeded generator: a forked worker or a test that calls ``random.seed`` never repeats an id.

    Example:
        >>> len(new_id()), new_id()[14]
        (36, '7')
    """
    try:
        noise = _noise.pop()
    except IndexError:
        noise = _draw()
    return format_id(time.time_ns() // 1_000_000, noise)


def _draw() -> bytes:
    """Ask the system once for many ids, since each question takes as long as making two of them."""
    drawn = os.urandom(_SIZE * _AT_ONCE)
    first, *others = (drawn[start : start + _SIZE] for start in range(0, len(drawn), _SIZE))
    _noise.extend(others)
    return first


def format_id(milliseconds: int, noise: bytes) -> str:
    """Return the UUIDv7 of a time and 10 random bytes.

    Args:
        milliseconds: Unix time in milliseconds; only its low 48 bits are used.
        noise: 10 bytes, of which 74 bits are used.

    Example:
        >>> format_id(0x0190_0000_0000, bytes(10))
        '01900000-0000-7000-8000-000000000000'
    """
    random = int.from_bytes(noise, "big")
    number = (
        (milliseconds & 0xFFFF_FFFF_FFFF) << 80
        | 0x7 << 76
        | (random >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | random & 0x3FFF_FFFF_FFFF_FFFF
    )
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
