"""What an expression of one file can be, across all files.

An abstract evaluation without running anything. It is asked for what the patterns of the dialects need, remembers every
answer by file, and gives few values or none rather than a wrong one. Parameters stay symbolic (`Argument`); `expand`
turns one into what annotations, defaults and callers say."""

from __future__ import annotations

import re
from functools import partial

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import MOST_VALUES, At
from pubsub_devtools_analysis.evaluation.constructions import Constructions
from pubsub_devtools_analysis.evaluation.filling import fill, join, mentions, spread
from pubsub_devtools_analysis.evaluation.signatures import argument_of
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Either,
    Element,
    Entered,
    FileFacts,
    Import,
    Item,
    Lit,
    Map,
    Name,
    Opaque,
    Param,
    ParamRef,
    ScopeRef,
    Seq,
    Star,
    Sub,
    Text,
    Typed,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Items,
    Joined,
    Made,
    Method,
    Number,
    Partial,
    Pattern,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)

_FIELDS = re.compile(r"([^{]*)\{([^}]*)\}")


def is_foreign(value: Value) -> bool:
    """Whether a value is something that nothing is known of: `app.state.client`, where `app` is a library's."""
    while isinstance(value, Method):
        value = value.owner
    return isinstance(value, Argument | External)


class Evaluator(Constructions):
    """What an expression of one file can be, across all files."""

    def eval(self, at: At, expr: AnyExpr) -> Values:
        """All values that an expression can have; none when nothing is known."""
        if self.depth > 60:
            return ()
        self.depth += 1
        try:
            found = self._eval(at, expr)
        finally:
            self.depth -= 1
        return found if len(found) <= MOST_VALUES else found[:MOST_VALUES]

    def _eval(self, at: At, expr: AnyExpr) -> Values:
        match expr:
            case Name(id=name):
                return self.name(at, name)
            case Attr(base=base, name=name):
                return union(*(self.attribute(value, name) for value in self.eval(at, base)))
            case Lit(value=value):
                return (Str(value),) if isinstance(value, str) else (Number(repr(value)),)
            case CallRef(index=index):
                return self.result(at.path, index)
            case ScopeRef(index=index):
                return self.definition(at.path, index)
            case Import():
                return self.imported(at.path, expr)
            case ParamRef(name=name):
                return self.parameter(at, name)
            case Text(parts=parts):
                return self.text(at, parts)
            case Seq(items=items):
                return self.sequence(at, items)
            case Map(keys=keys, values=values):
                return self.mapping(at, keys, values)
            case Sub(base=base, key=key):
                return self.subscript(at, base, key)
            case Either(options=options):
                return union(*(self.eval(at, option) for option in options))
            case Typed(annotation=annotation, value=value):
                found = () if value is None else self.eval(at, value)
                useful = any(not isinstance(v, Number | Unknown) and not is_foreign(v) for v in found)
                return found if useful else union(self.annotated(at, annotation), found)
            case Element(value=value):
                return self.elements(self.eval(at, value))
            case Item(value=value, index=index):
                return self.items(self.eval(at, value), index)
            case Entered(value=value):
                return self.entered(self.eval(at, value))
            case Star(value=value):
                return self.eval(at, value)
            case Opaque():
                return ()

    def definition(self, path: str, index: int) -> Values:
        """A function, class or lambda; decorators may have made something else of it."""
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        scope = facts.scopes[index]
        if scope.kind == "class":
            cls = Class(path, scope.key)
            symbol = self.workspace.symbol(path, scope.key)
            return (External(symbol),) if symbol in self.known.classes else (cls,)
        if scope.kind == "comp":
            return (Items((self.comprehension(At(path, facts, scope.parent), index),), False),)
        function = Function(path, scope.key)
        if scope.kind == "function":
            symbol = self.workspace.symbol(path, scope.key)
            if symbol in self.known.functions:
                return (External(symbol),)
        if scope.decorators:
            made = self.memo.get(
                ("decorated", path, scope.key), lambda: self.decorated(path, function.key, function), None
            )
            if made is not None:
                return made
        return (function,)

    def result(self, path: str, index: int) -> Values:
        """What a call gives."""
        if self.fixed:
            return self._result(path, index)
        return self.memo.get(("call", path, index), lambda: self._result(path, index), ())

    def _result(self, path: str, index: int) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        call = facts.calls[index]
        callees = self.callees(path, facts, call)
        made = self.make(path, index, callees)
        if made is not None:
            return made
        found = union(*(self.called(path, facts, index, call, callee) for callee in callees))
        return tuple(self.named_by(path, facts, index, call, v) if self.is_unnamed(v) else v for v in found)

    def named_by(self, path: str, facts: FileFacts, index: int, call: Call, value: Value) -> Value:
        """An event's object from a factory, named by the variable that it is assigned to here."""
        scope = facts.scopes[call.scope]
        if not isinstance(value, Made) or not call.target or scope.kind not in ("module", "class"):
            return value
        name = self.workspace.symbol(path, f"{scope.qualname}.{call.target}".strip("."))
        return Made(value.dialect, value.type, (Str(name),), (path, index), sure=value.sure)

    def callees(self, path: str, facts: FileFacts, call: Call) -> Values:
        """What a call calls."""
        return self.eval(self.at_call(path, facts, call), call.func)

    def called(self, path: str, facts: FileFacts, index: int, call: Call, callee: Value) -> Values:
        """The result of calling one value."""
        match callee:
            case External(path=dotted):
                special = library.CALLS.get(dotted)
                if special is not None:
                    return special(self, path, facts, index, call)
                return (self.external(dotted + "()"),)
            case Class():
                return (Instance(callee, (path, index)),)
            case Function():
                return self.substituted(path, facts, call, callee, self.returned(callee), None)
            case Bound(function=function, owner=owner):
                return self.substituted(
                    path, facts, call, function, self.returned_for(function, owner), owner
                )
            case Partial(function=function):
                return self.called(path, facts, index, call, function)
            case Method(owner=owner, name=name):
                return self.method_result(path, facts, call, owner, name)
            case Instance(cls=cls):
                inner = self.member(cls, "__call__")
                found = tuple(v for v in inner or () if isinstance(v, Function))
                return union(
                    *(self.substituted(path, facts, call, f, self.returned(f), callee) for f in found)
                )
            case Made(function=Function() as function):
                return self.returned(function)
            case _:
                return ()

    def method_result(self, path: str, facts: FileFacts, call: Call, owner: Value, name: str) -> Values:
        """The result of a library's method."""
        of = self.gives(owner, name + "()")
        if of:
            return of
        at = self.at_call(path, facts, call)
        match owner:
            case Table(entries=entries) if name in ("items", "values", "keys"):
                rows = {
                    "items": tuple((Items((k, v)),) for k, v in entries),
                    "keys": tuple(k for k, _ in entries),
                    "values": tuple(v for _, v in entries),
                }[name]
                return (Items(rows, False),)
            case Table() if name in ("get", "pop", "setdefault") and len(call.args) > 0:
                default = self.eval(at, call.args[1]) if len(call.args) > 1 else ()
                return union(self.looked_up(owner, self.eval(at, call.args[0])), default)
            case Str(text=text) if name == "format":
                return (self.formatted(at, text, call),)
            case Str(text=text) if name == "split" and len(call.args) == 1:
                marks = [v.text for v in self.eval(at, call.args[0]) if isinstance(v, Str) and v.text]
                return (Items((tuple(Str(part) for part in text.split(marks[0])),), False),) if marks else ()
            case Items() | Str() | Joined() if name in ("copy", "__iter__"):
                return (owner,)
            case Items(items=items) if name in ("pop", "popleft"):
                return union(*items)
            case Argument() | Method() | Unknown():
                return (Unknown("parameter"),) if isinstance(owner, Argument) else ()
            case _ if name in (
                "set",
                "options",
                "with_options",
                "using",
                "clone",
                "bind",
                "copy",
                "acquire",
            ) and isinstance(owner, Made):
                return (owner,)
            case Instance() if name in ("model_copy", "copy"):
                return (owner,)
            case _:
                return ()

    def formatted(self, at: At, template: str, call: Call) -> Value:
        """`TEMPLATE.format(x)`, the template being a constant."""
        parts: list[Value] = []
        keywords = dict(call.keywords)
        for count, (before, field) in enumerate(_FIELDS.findall(template + "{}")):
            parts.append(Str(before))
            name = field.partition("!")[0].partition(":")[0]
            place = int(name) if name.isdigit() else count
            expr = keywords.get(
                name, call.args[place] if place < len(call.args) and (not name or name.isdigit()) else None
            )
            parts.append(Pattern("*") if expr is None else self.one_text(self.eval(at, expr)))
        # The template got a field more, so that its end is found too.
        return join(tuple(parts[:-1]))

    def returned(self, function: Function) -> Values:
        """What a function returns, in terms of its parameters."""
        start: Values = ()
        found = self.memo.get(
            ("returned", function.path, function.key), lambda: self._returned(function), start
        )
        return tuple(fill(value, dict(function.bound)) for value in found) if function.bound else found

    def returned_for(self, function: Function, owner: Value) -> Values:
        """What a method of a base class returns for this class: its own members are meant, where it has them."""
        cls = owner.cls if isinstance(owner, Instance) else owner
        base = function.key.rpartition(".")[0]
        if not isinstance(cls, Class) or (cls.path, cls.key) == (function.path, base):
            return self.returned(function)
        start: Values = ()
        return self.memo.get(
            ("returned for", function.path, (function.key, cls)),
            lambda: self._returned_for(function, Instance(cls) if isinstance(owner, Instance) else cls),
            start,
        )

    def _returned_for(self, function: Function, owner: Value) -> Values:
        scope = self.workspace.get(function.path, function.key)
        if not scope.params or self.fixed:
            return self.returned(function)
        index = self.workspace.scope(function.path, function.key)
        self.fixed = {(function.path, index, scope.params[0].name): (owner,)}
        try:
            return self._returned(function)
        finally:
            self.fixed = {}

    def _returned(self, function: Function) -> Values:
        facts = self.workspace.facts(function.path)
        if facts is None:
            return ()
        index = self.workspace.scope(function.path, function.key)
        scope = facts.scopes[index]
        at = At(function.path, facts, index)
        found = union(*(self.eval(at, value) for value in scope.returns))
        useful = tuple(v for v in found if not isinstance(v, Number | Unknown))
        if not useful and scope.annotation is not None:
            outer = At(function.path, facts, scope.parent, scope.block, scope.span[0])
            return self.annotated(outer, scope.annotation)
        return found

    def substituted(
        self, path: str, facts: FileFacts, call: Call, function: Function, values: Values, owner: Value | None
    ) -> Values:
        """A function's result with the call's arguments in place of its parameters."""
        if not any(mentions(value, function) for value in values):
            return values
        given = self.arguments(path, facts, call, function, owner)
        return union(*(spread(value, given) for value in values))

    def arguments(
        self, path: str, facts: FileFacts, call: Call, function: Function, owner: Value | None
    ) -> dict[Argument, Values]:
        """The values that a call gives for a function's parameters, defaults included."""
        params = self.head(function.path, function.key).params
        at = self.at_call(path, facts, call)
        found: dict[Argument, Values] = dict(function.bound)
        for param in params:
            expr = argument_of(call, params, param.name, method=owner is not None)
            if param.kind == "**":
                named = {p.name for p in params}
                extra = [(k, v) for k, v in call.keywords if k not in named and k != "**"]
                values: Values = (Table(tuple(((Str(k),), self.eval(at, v)) for k, v in extra)),)
            elif expr is not None:
                values = self.eval(at, expr)
            elif param.default is not None:
                values = self.default(function, param)
            else:
                continue
            found[Argument(function.path, function.key, param.name)] = values
        if owner is not None and params:
            found[Argument(function.path, function.key, params[0].name)] = (owner,)
        return found

    def default(self, function: Function, param: Param) -> Values:
        """The values of a parameter's default."""
        if self.fixed:
            return self._default(function, param)
        key = ("default", function.path, (function.key, param.name))
        return self.memo.get(key, partial(self._default, function, param), ())

    def _default(self, function: Function, param: Param) -> Values:
        facts = self.workspace.facts(function.path)
        if facts is None or param.default is None:
            return ()
        scope = facts.scopes[self.workspace.scope(function.path, function.key)]
        return self.eval(At(function.path, facts, scope.parent, scope.block, scope.span[0]), param.default)
