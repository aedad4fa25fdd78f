"""Calls in one function's body: what they are given, and what their results stand for."""

from __future__ import annotations

import ast

from pubsub_devtools_analysis.fields.body import (
    UNKNOWN,
    Pass,
    Ref,
    Refs,
    as_text,
    bare,
    elements,
    extend,
    held,
    union,
)
from pubsub_devtools_analysis.fields.expressions import Expressions
from pubsub_devtools_analysis.fields.written import arguments, called, root_of, slots, written

# The result is the argument in another form, or has it for elements.
_DECODERS = frozenset(
    [
        "loads",
        "load",
        "decode",
        "unpackb",
        "unpack",
        "literal_eval",
        "b64decode",
        "decompress",
        "FromString",
        "from_bytes",
        "parse_raw",
        "parse_obj",
        "model_validate",
        "model_validate_json",
        "validate_python",
        "validate_json",
        "from_json",
        "from_dict",
        "int",
        "float",
        "bytes",
        "bytearray",
        "list",
        "tuple",
        "set",
        "frozenset",
        "sorted",
        "reversed",
        "iter",
        "aiter",
        "next",
        "anext",
        "dict",
        "copy",
        "deepcopy",
        "wait_for",
        "shield",
        "cast",
    ]
)
_FIRST = frozenset({"next", "anext"})
_TEXTS = frozenset({"str", "repr", "format", "ascii"})
_BLIND = frozenset(
    [
        "isinstance",
        "issubclass",
        "len",
        "type",
        "id",
        "bool",
        "hash",
        "callable",
        "super",
        "range",
        "enumerate",
        "zip",
        "hasattr",
        "getattr",
    ]
)
_SAME = frozenset(
    {"decode", "copy", "__iter__", "__aiter__", "__next__", "__anext__", "__enter__", "__aenter__"}
)
_COLLECTORS = frozenset({"append", "appendleft", "add", "insert", "extend", "put_nowait"})
_KEYED = frozenset({"get", "pop", "setdefault", "__getitem__"})


class Calling(Expressions):
    """Visits calls."""

    def call(self, node: ast.Call) -> Refs:
        """What a call stands for; one that was asked for stands for itself too."""
        name = called(node)
        result = self.of_call(node, name)
        span = self.span(node)
        return union(result, (Ref(root_of(span)),)) if span in self.calls else result

    def of_call(self, node: ast.Call, name: str) -> Refs:
        """What a call's result stands for."""
        if isinstance(node.func, ast.Name) and name in ("getattr", "hasattr") and len(node.args) > 1:
            return self.getattr_(node)
        base: Refs = ()
        if isinstance(node.func, ast.Attribute):
            base = self.visit(node.func.value)
            if name in _KEYED and node.args and any(not ref.text for ref in base):
                return self.keyed(node, base)
            if name == "format" and isinstance(node.func.value, ast.Constant):
                return union(*(self.part(value) for value in arguments(node)))
        elif not isinstance(node.func, ast.Name):
            self.use(node.func)
        given = self.given(node, name)
        if isinstance(node.func, ast.Attribute) and name in _COLLECTORS:
            self.collect(node.func.value, given)
        if base:
            if name in _SAME:
                return base
            made = extend(base, f"{name}()")
            self.note(made, node)
            return made
        if name in _DECODERS:
            return given
        return as_text(given) if name in _TEXTS else ()

    def collect(self, into: ast.expr, refs: Refs) -> None:
        """`found.append(x)`: from now on the elements of `found` can be `x`."""
        if isinstance(into, ast.Name) and into.id not in self.sticky and refs:
            self.env[into.id] = union(self.env.get(into.id, ()), held(refs))

    def getattr_(self, node: ast.Call) -> Refs:
        """`getattr(x, "name", default)`: the attribute, or the default."""
        refs, key = self.visit(node.args[0]), node.args[1]
        step = self.key(key)
        if called(node) == "hasattr":
            self.note(extend(refs, step), node)
            return ()
        return union(extend(refs, step), *(self.visit(default) for default in node.args[2:]))

    def keyed(self, node: ast.Call, base: Refs) -> Refs:
        """`x.get("key", default)`: the entry, or the default. Without a known key it is a method like others."""
        step = self.key(node.args[0])
        if step == UNKNOWN or step.startswith(("#", "=")):
            step = f"{step}()"
        return union(extend(base, step), *(self.visit(default) for default in arguments(node)[1:]))

    def given(self, node: ast.Call, name: str) -> Refs:
        """Note what a call is given. Gives the values that its result may stand for."""
        callee, span = written(node.func), self.span(node)
        plain = isinstance(node.func, ast.Name)
        quiet = plain and name in _BLIND
        shown, decodes = plain and name in _TEXTS, name in _DECODERS
        found: list[Refs] = []
        for slot, value in slots(node):
            refs = self.visit(value)
            self.note(refs, value, weak=decodes)
            found.append(refs)
            for ref in refs if not quiet and not shown else ():
                self._passes[Pass(ref.root, bare(ref), span, callee, slot, ref.text, decodes)] = None
        if name == "cast":
            return union(*found[1:2])
        first = tuple(Ref(ref.root, ref.path) for ref in union(*found[:1]))
        return elements(first) if name in _FIRST else first
