"""From a libcst tree to the `ast` nodes that Python would make of the same text.

The analysis walks one kind of tree. A file that uses syntax newer than the running Python is read by libcst and
lowered to it: what the running Python has classes for becomes those, the rest the nearest older construct.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

import libcst as cst

from .calls import CALLS
from .cursor import Cursor, MismatchError
from .dispatch import TABLE
from .displays import DISPLAYS
from .expressions import EXPRESSIONS
from .statements import statements
from .strings import STRINGS

__all__ = ["Lowered", "MismatchError", "lower", "read_concrete"]


for _table in (EXPRESSIONS, CALLS, DISPLAYS, STRINGS):
    TABLE.update(_table)


class Lowered(NamedTuple):
    """The tree, and where (line) it uses which newer syntax."""

    tree: ast.Module
    newer: tuple[tuple[int, str], ...]


def lower(module: cst.Module, text: str) -> Lowered:
    """The `ast` tree of `text`, which `module` was parsed from; its lines end in ``\\n``."""
    cursor = Cursor(text)
    body = statements(cursor, module.body)
    return Lowered(ast.Module(body=body, type_ignores=[]), tuple(cursor.newer))


def read_concrete(text: str) -> Lowered | int:
    """`text` by way of libcst, or the line at which that refuses it. The caller has checked its depth.

    A class that a later libcst adds is a `KeyError` of the tables here, and no reason to fail.
    """
    try:
        return lower(cst.parse_module(text), text)
    except cst.ParserSyntaxError as error:
        return error.raw_line
    except (
        MismatchError,
        RecursionError,
        LookupError,
        ValueError,
        cst.CSTValidationError,
        cst.CSTLogicError,
    ):
        return 1
