"""Which `ast` operator a libcst operator is, and the tokens that it is written with."""

from __future__ import annotations

import ast

import libcst as cst

BINARY: dict[type[cst.CSTNode], tuple[type[ast.operator], str]] = {
    cst.Add: (ast.Add, "+"),
    cst.Subtract: (ast.Sub, "-"),
    cst.Multiply: (ast.Mult, "*"),
    cst.Divide: (ast.Div, "/"),
    cst.FloorDivide: (ast.FloorDiv, "//"),
    cst.Modulo: (ast.Mod, "%"),
    cst.Power: (ast.Pow, "**"),
    cst.LeftShift: (ast.LShift, "<<"),
    cst.RightShift: (ast.RShift, ">>"),
    cst.BitOr: (ast.BitOr, "|"),
    cst.BitAnd: (ast.BitAnd, "&"),
    cst.BitXor: (ast.BitXor, "^"),
    cst.MatrixMultiply: (ast.MatMult, "@"),
}

AUGMENTED: dict[type[cst.CSTNode], tuple[type[ast.operator], str]] = {
    cst.AddAssign: (ast.Add, "+="),
    cst.SubtractAssign: (ast.Sub, "-="),
    cst.MultiplyAssign: (ast.Mult, "*="),
    cst.DivideAssign: (ast.Div, "/="),
    cst.FloorDivideAssign: (ast.FloorDiv, "//="),
    cst.ModuloAssign: (ast.Mod, "%="),
    cst.PowerAssign: (ast.Pow, "**="),
    cst.LeftShiftAssign: (ast.LShift, "<<="),
    cst.RightShiftAssign: (ast.RShift, ">>="),
    cst.BitOrAssign: (ast.BitOr, "|="),
    cst.BitAndAssign: (ast.BitAnd, "&="),
    cst.BitXorAssign: (ast.BitXor, "^="),
    cst.MatrixMultiplyAssign: (ast.MatMult, "@="),
}

UNARY: dict[type[cst.CSTNode], tuple[type[ast.unaryop], str]] = {
    cst.Plus: (ast.UAdd, "+"),
    cst.Minus: (ast.USub, "-"),
    cst.BitInvert: (ast.Invert, "~"),
    cst.Not: (ast.Not, "not"),
}

BOOLEAN: dict[type[cst.CSTNode], tuple[type[ast.boolop], str]] = {
    cst.And: (ast.And, "and"),
    cst.Or: (ast.Or, "or"),
}

COMPARING: dict[type[cst.CSTNode], tuple[type[ast.cmpop], tuple[str, ...]]] = {
    cst.LessThan: (ast.Lt, ("<",)),
    cst.GreaterThan: (ast.Gt, (">",)),
    cst.Equal: (ast.Eq, ("==",)),
    cst.LessThanEqual: (ast.LtE, ("<=",)),
    cst.GreaterThanEqual: (ast.GtE, (">=",)),
    cst.NotEqual: (ast.NotEq, ("!=",)),
    cst.In: (ast.In, ("in",)),
    cst.NotIn: (ast.NotIn, ("not", "in")),
    cst.Is: (ast.Is, ("is",)),
    cst.IsNot: (ast.IsNot, ("is", "not")),
}
