"""Event ids: UUIDv7 as text, so that ids sort by the time they were made and need no coordination."""

import os
import time

_VARIANTS = "89ab"
_NOISE = 10
_noise: list[bytes] = []
"""Random bytes for ids to come, each for one; taken by ``pop``, so that no two threads get the same."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_noise.clear)


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562): 48 bits of Unix time in milliseconds, the rest from the system's random source.

    The system's source, not a seeded generator: a test that calls ``random.seed`` never repeats an id. It is asked for many
    ids at once, and what is left of that is forgotten in a forked worker.

    Example:
        >>> len(new_id()), new_id()[14]
        (36, '7')
    """
    try:
        noise = _noise.pop()
    except IndexError:
        noise = _more_noise()
    return format_id(time.time_ns() // 1_000_000, noise)


def _more_noise() -> bytes:
    drawn = os.urandom(_NOISE * 256)
    _noise.extend(drawn[at : at + _NOISE] for at in range(_NOISE, len(drawn), _NOISE))
    return drawn[:_NOISE]


def format_id(milliseconds: int, noise: bytes) -> str:
    """Return the UUIDv7 of a time and 10 random bytes.

    Args:
        milliseconds: Unix time in milliseconds; only its low 48 bits are used.
        noise: 10 bytes, of which 74 bits are used.

    Example:
        >>> format_id(0x0190_0000_0000, bytes(10))
        '01900000-0000-7000-8000-000000000000'
    """
    time, random = f"{milliseconds & 0xFFFF_FFFF_FFFF:012x}", noise.hex()
    variant = _VARIANTS[noise[2] >> 6]
    return f"{time[:8]}-{time[8:]}-7{random[:3]}-{variant}{random[5:8]}-{random[8:]}"
