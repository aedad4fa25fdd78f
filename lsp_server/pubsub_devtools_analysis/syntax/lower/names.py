"""Identifiers and dotted names, as `ast` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import libcst as cst

if TYPE_CHECKING:
    from .cursor import Cursor


def identifier(to: Cursor, name: cst.Name) -> str:
    """The name and the parentheses around it."""
    to.token(*("(" for _ in name.lpar), name.value, *(")" for _ in name.rpar))
    return in_normal_form(name.value)


def in_normal_form(name: str) -> str:
    """Names that differ only in how a character is written are one name (PEP 3131)."""
    return name if name.isascii() else normalize("NFKC", name)


def dotted(to: Cursor, node: cst.BaseExpression) -> str:
    """`a.b.c` of an import."""
    if isinstance(node, cst.Attribute):
        left = dotted(to, node.value)
        to.token(".")
        return f"{left}.{identifier(to, node.attr)}"
    assert isinstance(node, cst.Name)
    return identifier(to, node)


def alias_name(to: Cursor, node: cst.AsName) -> str:
    """`as name`."""
    to.token("as")
    assert isinstance(node.name, cst.Name)
    return identifier(to, node.name)
