"""What can be wrong with a file, as a value: reading never raises, it reports."""

from __future__ import annotations

from dataclasses import dataclass

SYNTAX = "syntax"
NEWER_SYNTAX = "newer-syntax"
ENCODING = "encoding"
NUL_BYTE = "nul-byte"
TOO_DEEP = "too-deep"
TOO_BIG = "too-big"
REPAIRED = "repaired"


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """One finding about the text of a file: the 1-based line, a stable code, a sentence."""

    line: int
    code: str
    message: str
