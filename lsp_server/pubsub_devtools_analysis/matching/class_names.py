"""Names that come from classes and functions."""

from __future__ import annotations

from typing import Literal

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import At, constant_text
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    CallRef,
    FileFacts,
    Star,
)
from pubsub_devtools_analysis.matching.draft import Given
from pubsub_devtools_analysis.matching.layer import Layer
from pubsub_devtools_analysis.values import (
    Bound,
    Class,
    External,
    Function,
    Instance,
    Method,
    Partial,
    Pattern,
    Str,
    Value,
    Values,
)


class ClassNames(Layer):
    """Names that come from classes and functions."""

    def given(self, path: str, facts: FileFacts, index: int, callee: Value) -> Given:
        """A call as patterns see it."""
        call = facts.calls[index]
        at = self.evaluator.at_call(path, facts, call)
        receiver = callee.owner if isinstance(callee, Method | Bound) else None
        if isinstance(callee, Partial):
            inner = callee.function
            receiver = inner.owner if isinstance(inner, Method | Bound) else None
        scope = facts.scopes[call.scope].key
        return Given(path, facts, call, at, call.span, scope, receiver, call.target, index)

    def argument(self, given: Given, places: tuple[str | int, ...]) -> AnyExpr | None:
        """The first of these arguments that a call gives."""
        if given.call is None:
            return None
        keywords = dict(given.call.keywords)
        for place in places:
            if isinstance(place, str):
                if place in keywords:
                    return keywords[place]
            elif place < len(given.call.args) and not any(
                isinstance(a, Star) for a in given.call.args[: place + 1]
            ):
                return given.call.args[place]
        return None

    def descends(self, cls: Class, spec: EventSpec) -> bool:
        """Whether a class is one of those that a spec admits."""
        if not spec.of:
            return True
        return any(
            (b.path if isinstance(b, External) else self.workspace.symbol(b.path, b.key)) in spec.of
            for b in self.evaluator.ancestors(cls)
        )

    def schema_name(self, cls: Class, decorator: str) -> Value | None:
        """The name that a class's schema decorator gives."""
        facts = self.workspace.facts(cls.path)
        if facts is None:
            return None
        scope = self.workspace.get(cls.path, cls.key)
        at = At(cls.path, facts, scope.parent, scope.block, scope.span[0])
        for value in (d.value for d in scope.decorators):
            if isinstance(value, CallRef):
                call = facts.calls[value.index]
                if External(decorator) in self.evaluator.callees(cls.path, facts, call):
                    expr = dict(call.keywords).get("name", call.args[0] if call.args else None)
                    names = self.evaluator.eval(at, expr) if expr is not None else ()
                    return next((n for n in names if isinstance(n, Str)), None)
        return None

    def class_name(self, cls: Class, spec: EventSpec) -> Value:
        """A class's name as the event's."""
        self.claim(cls)
        if spec.schema:
            named = self.schema_name(cls, spec.schema)
            if named is not None:
                return named
        if spec.attribute:
            texts = self.class_text(cls, spec.attribute)
            if texts:
                return texts[0]
        if spec.class_ == "name":
            return Str(cls.key.rpartition(".")[2], self.workspace.symbol(cls.path, cls.key))
        return Str(self.workspace.symbol(cls.path, cls.key))

    def class_text(self, cls: Class, name: str) -> Values:
        """A text that a class holds under a name; a library's constant goes by its path."""
        return tuple(v for v in map(constant_text, self.evaluator.member(cls, name) or ()) if is_text(v))

    def function_name(self, function: Function, spec: EventSpec) -> Values:
        """A function's name in the form that a pattern asks for."""
        qualname = function.key.partition("#")[0]
        match spec.otherwise:
            case "function.path":
                return (Str(self.workspace.symbol(function.path, qualname.rpartition(".")[2])),)
            case "function.colon":
                return (
                    Str(f"{self.workspace.modules.canonical(function.path)}:{qualname.rpartition('.')[2]}"),
                )
            case "function.camel":
                name = "".join(part.capitalize() for part in qualname.rpartition(".")[2].split("_"))
                return (self.inside(Str(name), function),)
            case _:
                return (Str(qualname.rpartition(".")[2]),)

    def inside(self, name: Value, function: Function) -> Value:
        """A class named inside the class of a method."""
        if not isinstance(name, Str):
            return name
        owner = function.key.rpartition(".")[0].partition("#")[0]
        return Str(self.workspace.symbol(function.path, f"{owner}.{name.text}".strip(".")))

    def annotation(self, function: Function, spec: EventSpec) -> Values:
        """The class of a handler's parameter."""
        facts = self.workspace.facts(function.path)
        if facts is None or spec.annotation is None:
            return ()
        scope = self.workspace.get(function.path, function.key)
        params = [p for p in scope.params if p.kind == "p" and p.name not in ("self", "cls")]
        if spec.annotation >= len(params):
            return ()
        annotation = params[spec.annotation].annotation
        if annotation is None:
            return ()
        at = At(function.path, facts, scope.parent, scope.block, scope.span[0])
        return tuple(
            self.class_name(v.cls, spec)
            for v in self.evaluator.annotated(at, annotation)
            if isinstance(v, Instance) and self.descends(v.cls, spec)
        )

    def names_of_class(self, cls: Class, spec: EventSpec) -> Values:
        """The name that a subclass of a library's class goes by: an attribute's text, else after the class."""
        owner, _, attribute = spec.attribute.rpartition(".")
        inner = self.evaluator.own_member(cls, owner) if owner else (cls,)
        for value in inner or ():
            if isinstance(value, Class) and attribute:
                texts = self.class_text(value, attribute)
                if texts:
                    return texts
        if not spec.otherwise and not spec.schema and not spec.class_:
            return ()
        form: Literal["name", "path"] = (
            "name" if spec.otherwise == "class.name" or spec.class_ == "name" else "path"
        )
        return (self.class_name(cls, EventSpec(class_=form, schema=spec.schema)),)

    def subclass_names(self, cls: Class) -> Values:
        """The event of an instance of a class that is one by its base: a task class."""
        for base in self.evaluator.ancestors(cls)[1:]:
            dotted = base.path if isinstance(base, External) else self.workspace.symbol(base.path, base.key)
            for rule in self.known.subclasses.get(dotted, ()):
                names = self.names_of_class(cls, rule.pattern.event)
                if names:
                    return names
        return ()


def is_text(value: Value) -> bool:
    """Whether a value can name an event; a pattern must begin with something that is known."""
    return isinstance(value, Str) or (isinstance(value, Pattern) and not value.text.startswith("*"))
