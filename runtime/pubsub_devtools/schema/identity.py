"""Event ids: UUIDv7 as text, so that ids sort by the time they were made and need no coordination."""

import os
import time


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562): 48 bits of Unix time in milliseconds, the rest from the system's random source.

    The system's source, not a seeded generator: a forked worker or a test that calls ``random.seed`` never repeats an id.

    Example:
        >>> len(new_id()), new_id()[14]
        (36, '7')
    """
    return format_id(time.time_ns() // 1_000_000, os.urandom(10))


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
