"""How a command ends when it cannot do what was asked: one line for the person, one code for the script."""

from __future__ import annotations

from typing import Literal

FINDINGS = 1
"""Something was found that the command is told to fail on."""

USAGE: Literal[2] = 2
"""Wrong usage, or a name that is ambiguous or unknown."""

UNREADABLE: Literal[3] = 3
"""The path as a whole could not be read."""

INTERRUPTED = 130
"""Ctrl-C."""


class Failure(Exception):  # noqa: N818 (it is an outcome, told to the user, not a fault of the program)
    """Ends a command with a message and an exit code. ``details`` are further lines, such as candidates."""

    def __init__(self, message: str, code: Literal[2, 3] = USAGE, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details
