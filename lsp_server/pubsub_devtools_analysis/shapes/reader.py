"""What an expression is to a hand-written bus: a table, a look-up in one, a key or a handler that a caller gives."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model import Kind
from pubsub_devtools_analysis.evaluation import At, Evaluator, fill
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Either,
    FileFacts,
    Map,
    Name,
    ParamRef,
    Seq,
    Span,
    Star,
    Sub,
    Typed,
)
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.words import COPIES, DIALECT, SUBSCRIBES
from pubsub_devtools_analysis.values import Argument, Bound, Class, Function, Method, Value
from pubsub_devtools_analysis.workspace import Workspace


class Lookup(msgspec.Struct, frozen=True):
    """A look-up in a table: `table[key]` or `table.get(key)`.

    `open` and `by_type` are set where the look-up stands in another function: the key in terms of the caller's parameters.
    """

    table: AnyExpr
    key: AnyExpr
    open: Value | None = None
    by_type: bool = False


class Reader:
    """What the expressions of one file mean to a hand-written bus."""

    def __init__(self, evaluator: Evaluator, workspace: Workspace, path: str, facts: FileFacts) -> None:
        self.evaluator = evaluator
        self.workspace = workspace
        self.path = path
        self.facts = facts

    def lookup(self, expr: AnyExpr, scope: int, depth: int = 0) -> Lookup | None:
        """An expression as a look-up in a table, through local variables and copies."""
        if depth > 4:
            return None
        match expr:
            case Sub(base=base, key=key):
                return Lookup(base, key)
            case Name(id=name):
                bindings = self.facts.scopes[self.function(scope)].names.get(name, [])
                hits = [
                    self.lookup(b.value, scope, depth + 1)
                    for b in bindings
                    if not isinstance(b.value, ParamRef)
                ]
                return next((h for h in hits if h is not None), None)
            case CallRef(index=index):
                call = self.facts.calls[index]
                if call.name in ("get", "setdefault", "pop") and isinstance(call.func, Attr) and call.args:
                    return Lookup(call.func.base, call.args[0])
                if call.name in COPIES:
                    inner = (
                        call.args[0] if call.args else call.func.base if isinstance(call.func, Attr) else None
                    )
                    return self.lookup(inner, scope, depth + 1) if inner is not None else None
                return self.looked_up_by(call, scope, depth + 1)
            case Seq(items=items) if items and isinstance(items[0], Star):
                hits = [self.lookup(i.value, scope, depth + 1) for i in items if isinstance(i, Star)]
                return next((h for h in hits if h is not None), None)
            case Typed(value=value) if value is not None:
                return self.lookup(value, scope, depth + 1)
            case _:
                return None

    def looked_up_by(self, call: Call, scope: int, depth: int) -> Lookup | None:
        """A look-up that another function of the file or class makes: `for handler in self.handlers_of(event)`."""
        owner = self.method_owner(self.function(scope))
        for callee in self.evaluator.callees(self.path, self.facts, call):
            function = callee.function if isinstance(callee, Bound) else callee
            if not isinstance(function, Function) or function.path != self.path:
                continue
            index = self.workspace.scope(self.path, function.key)
            if self.method_owner(index) not in (None, owner):
                continue
            for value in self.facts.scopes[index].returns:
                found = self.lookup(value, index, depth)
                key = self.key_of(found, index) if found is not None else None
                if found is None or key is None:
                    continue
                bound = callee.owner if isinstance(callee, Bound) else None
                given = self.evaluator.arguments(self.path, self.facts, call, function, bound)
                filled = fill(key, given)
                if isinstance(filled.owner if isinstance(filled, Method) else filled, Argument):
                    return Lookup(found.table, found.key, filled, self.is_by_type(found))
        return None

    def key_of(self, found: Lookup, scope: int) -> Value | None:
        """What a look-up is made with, if a caller decides."""
        return found.open if found.open is not None else self.open_value(found.key, scope)

    def is_by_type(self, found: Lookup) -> bool:
        """Whether a look-up is made with the type of something."""
        return found.by_type or self.is_type_of(found.key)

    def table(self, expr: AnyExpr, scope: int) -> tuple[str, str] | None:
        """Which table it is: an attribute of the class, or a variable of the module or function around."""
        match expr:
            case Attr(base=Name(id=base), name=name):
                index = self.function(scope)
                owner = self.method_owner(index)
                if owner is not None and base in ("self", "cls", owner.rpartition(".")[2]):
                    return owner, name
                values = self.evaluator.eval(At(self.path, self.facts, scope), Name(base))
                own = next((v for v in values if isinstance(v, Class) and v.path == self.path), None)
                return (own.key, name) if own is not None else None
            case Name(id=name):
                index = scope
                while index >= 0:
                    names = self.facts.scopes[index].names
                    if name in names and self.facts.scopes[index].kind != "comp":
                        is_table = any(self.is_table(b.value) for b in names[name])
                        return (self.facts.scopes[index].key, name) if is_table else None
                    index = self.facts.scopes[index].parent
                return None
            case Sub(base=base):
                return self.table(base, scope)
            case Either(options=options):
                hits = [self.table(o, scope) for o in options]
                return next((h for h in hits if h is not None), None)
            case _:
                return None

    def is_table(self, value: AnyExpr) -> bool:
        """Whether a variable starts as a dict."""
        match value:
            case Map():
                return True
            case Typed(value=inner, annotation=annotation):
                named = annotation.base if isinstance(annotation, Sub) else annotation
                name = getattr(named, "id", "") or getattr(named, "name", "")
                return name.lower() in ("dict", "defaultdict", "mapping", "mutablemapping") or (
                    inner is not None and self.is_table(inner)
                )
            case CallRef(index=index):
                return self.facts.calls[index].name in (
                    "dict",
                    "defaultdict",
                    "OrderedDict",
                    "WeakKeyDictionary",
                )
            case _:
                return False

    def open_value(self, expr: AnyExpr, scope: int) -> Value | None:
        """A key that a caller decides: a parameter, its type, or an attribute of it."""
        if isinstance(expr, Seq) and expr.items:
            return self.open_value(expr.items[0], scope)
        at = At(self.path, self.facts, scope)
        if isinstance(expr, Attr):
            owner = next((v for v in self.evaluator.eval(at, expr.base) if isinstance(v, Argument)), None)
            if owner is not None:
                return owner if expr.name == "__class__" else Method(owner, expr.name)
        for value in self.evaluator.eval(at, expr):
            if isinstance(value, Argument):
                return value
            if isinstance(value, Method) and isinstance(value.owner, Argument):
                return value.owner if value.name == "__class__" else value
        return None

    def parameter(self, expr: AnyExpr, scope: int) -> Argument | None:
        """A handler that a caller gives; a parameter stays one where only its default is replaced."""
        own = self.facts.scopes[self.function(scope)]
        is_method = own.parent >= 0 and self.facts.scopes[own.parent].kind == "class"
        names = {param.name for param in (own.params[1:] if is_method else own.params)}
        if isinstance(expr, Name) and expr.id in names:
            return Argument(self.path, own.key, expr.id)
        values = self.evaluator.eval(At(self.path, self.facts, scope), expr)
        return next((v for v in values if isinstance(v, Argument)), None)

    def parts(self, value: AnyExpr, scope: int) -> list[AnyExpr]:
        """A stored value, or what a stored tuple, record or union of sets was made of."""
        found = [value]
        if isinstance(value, Name):
            bindings = self.facts.scopes[self.function(scope)].names.get(value.id, [])
            found.extend(b.value for b in bindings if isinstance(b.value, Seq | CallRef))
        for part in list(found):
            found.extend(self.within_part(part))
            if isinstance(part, Either | Seq):
                inner = [p.value if isinstance(p, Star) else p for p in self.within_part(part)]
                found.extend(item for p in inner if isinstance(p, Seq) for item in p.items)
        return found

    def within_part(self, part: AnyExpr) -> tuple[AnyExpr, ...]:
        """What a tuple, a union `a | b` or a call is made of."""
        match part:
            case Seq(items=items):
                return items
            case Either(options=options):
                return options
            case CallRef(index=index):
                call = self.facts.calls[index]
                is_asked = isinstance(call.func, Attr) and SUBSCRIBES.match(call.name)
                return () if is_asked else (*call.args, *(v for _, v in call.keywords))
            case _:
                return ()

    def is_type_of(self, key: AnyExpr) -> bool:
        """`type(x)` or `x.__class__`."""
        if isinstance(key, CallRef):
            return self.facts.calls[key.index].name == "type"
        if isinstance(key, Name):
            found = [b.value for s in self.facts.scopes for b in s.names.get(key.id, [])]
            return any(self.is_type_of(v) for v in found if isinstance(v, CallRef | Attr))
        return isinstance(key, Attr) and key.name == "__class__"

    # -- scopes

    def function(self, scope: int) -> int:
        """The function around a comprehension."""
        while self.facts.scopes[scope].kind == "comp" and self.facts.scopes[scope].parent >= 0:
            scope = self.facts.scopes[scope].parent
        return scope

    def within(self, scope: int, outer: int) -> bool:
        """Whether a scope is inside another."""
        while scope > outer:
            scope = self.facts.scopes[scope].parent
        return scope == outer

    def method_owner(self, scope: int) -> str | None:
        """The key of the class around a method, also for functions nested in it."""
        while scope > 0:
            parent = self.facts.scopes[scope].parent
            if self.facts.scopes[parent].kind == "class":
                return self.facts.scopes[parent].key
            scope = parent
        return None

    def draft(self, kind: Kind, name: Value, handler: Value | None, scope: int, span: Span) -> Draft:
        """A seed."""
        key = self.facts.scopes[self.function(scope)].key
        return Draft(
            kind, DIALECT, DIALECT, name, self.path, span, key, handler, certainty="likely", reason="by-shape"
        )
