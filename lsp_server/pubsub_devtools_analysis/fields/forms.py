"""The forms in which frameworks take the fields of an event, each on the call that gives them."""

from __future__ import annotations

from collections.abc import Callable

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.dialect import Pattern
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, Call, CallRef, Name, ParamRef, Seq, Star, Typed
from pubsub_devtools_analysis.fields.giving import Giving
from pubsub_devtools_analysis.fields.payload import Payloads
from pubsub_devtools_analysis.fields.shape import EMPTY, OPAQUE, Part, Shape, merged, plain
from pubsub_devtools_analysis.fields.spot import Arguments, Filled, Spot, arguments
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Argument, Function

_OWN = frozenset({"self", "cls", "ctx"})


class Forms(Payloads):
    """The forms in which frameworks take the fields of an event."""

    def given(self, giving: Giving) -> Shape:
        """The fields that a call gives, in the form that its pattern tells."""
        pattern, call = giving.pattern, giving.call
        if pattern is None:
            return self.to_bus(giving)
        if pattern.payload_form in ("returned", "parameters"):
            return self.of_function(giving.function, pattern)
        if pattern.payload_form == "nothing":
            return EMPTY
        if call is None:
            return OPAQUE
        form: Callable[[Spot, Call, Pattern, Function | None], Shape] = {
            "message": self.message,
            "batch": self.batch,
            "arguments": self.arguments,
            "packed": self.packed,
            "keywords": self.named,
            "objects": self.objects,
        }[pattern.payload_form]
        return form(giving.spot, call, pattern, giving.function)

    # -- messages

    def message(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """One argument is the message; a call without it sends none."""
        if not pattern.payload:
            return OPAQUE
        found = self.argument(spot, call, pattern.payload)
        if found is None or found.expr is None:
            given = arguments(spot, call)
            return OPAQUE if given.open or "**" in dict(given.keywords) else EMPTY
        return self.body(found, pattern)

    def batch(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """Each positional argument is a message."""
        given = arguments(spot, call)
        found = [self.body(f, pattern) for f in given.positional[_first(pattern) :]]
        starred = [self.shape(spot, a.value) for a in call.args if isinstance(a, Star)] if given.open else []
        return merged((*found, *starred)) if found or starred else OPAQUE

    def body(self, filled: Filled, pattern: Pattern) -> Shape:
        """A message, or the part of it that holds the fields."""
        if filled.expr is None:
            return OPAQUE
        inner = self.wrapped(filled, pattern) if pattern.payload_body else None
        return self.shape(filled.spot, filled.expr) if inner is None else inner

    def wrapped(self, filled: Filled, pattern: Pattern) -> Shape:
        """The body of a framework's own message object: `Message(body=...)`, `[{"Detail": ...}]`."""
        made = self.made(filled)
        if made is not None:
            spot, call = made
            inner = self.argument(spot, call, pattern.payload_body)
            return OPAQUE if inner is None or inner.expr is None else self.shape(inner.spot, inner.expr)
        values = self.entries(filled.spot, filled.expr, pattern.payload_body)
        return merged(values) if values else OPAQUE

    def made(self, filled: Filled) -> tuple[Spot, Call] | None:
        """The call that makes an object, through one variable or parameter."""
        spot, expr = filled.spot, filled.expr
        for _ in range(4):
            if isinstance(expr, CallRef):
                return spot, spot.at.facts.calls[expr.index]
            if not isinstance(expr, Name):
                return None
            source = self.source(spot, expr)
            if source is None or source.expr is None:
                return None
            spot, expr = source.spot, source.expr
        return None

    def entries(self, spot: Spot, expr: AnyExpr | None, keys: tuple[str | int, ...]) -> list[Shape]:
        """What stands under one of these keys in the dicts of a list."""
        source = Filled(spot, expr)
        if isinstance(expr, Name):
            source = self.source(spot, expr) or source
        if isinstance(source.expr, Seq):
            return [s for item in source.expr.items for s in self.entries(source.spot, item, keys)]
        texts = {str(key) for key in keys}
        pairs = zip(getattr(source.expr, "keys", ()), getattr(source.expr, "values", ()), strict=False)
        return [
            self.shape(source.spot, value)
            for key, value in pairs
            if key is not None and texts & set(self.texts(source.spot, key))
        ]

    # -- arguments

    def arguments(self, spot: Spot, call: Call, pattern: Pattern, function: Function | None) -> Shape:
        """Positional arguments by the task's parameters, and keywords."""
        given = arguments(spot, call)
        positional = Arguments(given.positional[_first(pattern) :], given.keywords, given.open)
        return self.by_parameters(positional, call, pattern, function)

    def by_parameters(
        self, given: Arguments, call: Call, pattern: Pattern, function: Function | None
    ) -> Shape:
        """Arguments of a task by the names of its parameters."""
        names = self.parameters(function)
        parts = [self.part(n, f, call) for n, f in zip(names, given.positional, strict=False)]
        is_open = given.open or len(given.positional) > len(names)
        keywords = tuple((n, f) for n, f in given.keywords if n not in pattern.payload_skip)
        return plain(merged((Shape(tuple(parts), is_open), self.keywords(keywords, call))))

    def parameters(self, function: Function | None) -> list[str]:
        """The positional parameters of a task that its callers give."""
        if function is None:
            return []
        facts = self.workspace.facts(function.path)
        scope = self.workspace.get(function.path, function.key)
        names = [p.name for p in scope.params if p.kind == "p"]
        in_class = facts is not None and facts.scopes[scope.parent].kind == "class"
        binds = facts is not None and any(
            ("bind", True) in [(k, getattr(v, "value", None)) for k, v in facts.calls[d.value.index].keywords]
            for d in scope.decorators
            if isinstance(d.value, CallRef)
        )
        return names[1:] if names and (in_class or binds or names[0] in _OWN) else names

    def packed(self, spot: Spot, call: Call, pattern: Pattern, function: Function | None) -> Shape:
        """`args=(1, 2), kwargs={"x": 3}`."""
        args = self.argument(spot, call, pattern.payload)
        kwargs = self.argument(spot, call, pattern.payload_keywords)
        given = arguments(spot, call)
        is_open = given.open or "**" in dict(given.keywords)
        return merged((self.unpacked(args, kwargs, call, pattern, function), Shape(open=is_open)))

    def unpacked(
        self,
        args: Filled | None,
        kwargs: Filled | None,
        call: Call,
        pattern: Pattern,
        function: Function | None,
    ) -> Shape:
        """A list of positional arguments and a dict of keywords, as a task takes them."""
        found: list[Shape] = []
        if args is not None and args.expr is not None and getattr(args.expr, "value", 0) is not None:
            items = self.items(args)
            more = items is None or any(isinstance(i.expr, Star) for i in items)
            plain_ = tuple(i for i in items or () if not isinstance(i.expr, Star))
            found.append(self.by_parameters(Arguments(plain_, (), more), call, pattern, function))
        if kwargs is not None and kwargs.expr is not None:
            found.append(plain(self.shape(kwargs.spot, kwargs.expr)))
        return merged(found)

    def items(self, filled: Filled) -> list[Filled] | None:
        """The items of a list that is written out, through one variable or parameter."""
        for _ in range(4):
            if isinstance(filled.expr, Seq):
                return [Filled(filled.spot, item) for item in filled.expr.items]
            source = self.source(filled.spot, filled.expr) if isinstance(filled.expr, Name) else None
            if source is None:
                return None
            filled = source
        return None

    def source(self, spot: Spot, name: Name) -> Filled | None:
        """The one value that a variable or parameter has."""
        at = spot.at
        index = at.scope
        while index >= 0 and not at.facts.scopes[index].names.get(name.id):
            index = at.facts.scopes[index].parent
        bindings = at.facts.scopes[index].names.get(name.id, []) if index >= 0 else []
        binding = next((b for b in reversed(bindings) if b.line <= at.line), None)
        if binding is None:
            return None
        if isinstance(binding.value, ParamRef):
            return spot.given.get(Argument(at.path, at.facts.scopes[index].key, name.id))
        inner = At(at.path, at.facts, index, binding.block, binding.line)
        value = binding.value
        return Filled(Spot(inner, spot.given), value.value if isinstance(value, Typed) else value)

    # -- keywords and objects

    def named(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """Keywords are the fields."""
        given = tuple((n, f) for n, f in arguments(spot, call).keywords if n not in pattern.payload_skip)
        return plain(self.keywords(given, call))

    def objects(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """One object is a message; of several none is a field of it. Keywords are fields."""
        given = arguments(spot, call)
        keywords = tuple((n, f) for n, f in given.keywords if n not in pattern.payload_skip)
        named = {str(p) for p in pattern.event.argument}
        objects = given.positional[_first(pattern) :]
        return self.handed(
            Arguments(objects, tuple((n, f) for n, f in keywords if n not in named), given.open), call
        )

    def handed(self, given: Arguments, call: Call) -> Shape:
        """Objects and keywords that handlers are called with."""
        self.is_loose = False
        found = [self.keywords(given.keywords, call)]
        if len(given.positional) == 1 and given.positional[0].expr is not None and not given.open:
            found.append(self.shape(given.positional[0].spot, given.positional[0].expr))
        elif given.positional or given.open:
            found.append(OPAQUE)
        self.is_loose = True
        return merged(found)

    # -- functions

    def of_function(self, function: Function | None, pattern: Pattern) -> Shape:
        """The parameters of a decorated function, or what it returns."""
        facts = self.workspace.facts(function.path) if function is not None else None
        if function is None or facts is None:
            return OPAQUE
        index = self.workspace.scope(function.path, function.key)
        scope = facts.scopes[index]
        if pattern.payload_form == "returned":
            return self.returned(Spot(At(function.path, facts, index), {}), scope) or OPAQUE
        place = Place(function.path, *scope.span)
        return Shape(
            tuple(
                Part(p.name, place, "" if p.annotation is None else written(facts, p.annotation))
                for p in scope.params[1:]
                if p.kind in "pk"
            ),
            open=any(p.kind == "**" for p in scope.params),
        )

    # -- hand-written buses

    def to_bus(self, giving: Giving) -> Shape:
        """A hand-written bus: the argument whose class names the event is the message, else all that stand beside it."""
        call, function = giving.call, giving.function
        if call is None or function is None:
            return OPAQUE
        scope = self.workspace.get(function.path, function.key)
        given = arguments(giving.spot, call)
        names = [p.name for p in scope.params if p.kind == "p"]
        if names and names[0] in _OWN:
            names = names[1:]
        extra = any(p.kind == "**" for p in scope.params)
        by_name = dict(zip(names, given.positional, strict=False))
        rest = list(given.positional[len(names) :])
        loose: list[tuple[str, Filled]] = []
        for name, filled in given.keywords:
            if name in names or name in {p.name for p in scope.params if p.kind == "k"}:
                by_name[name] = filled
            else:
                loose.append((name, filled))
        key = by_name.pop(giving.key, None)
        if self.wanted and key is not None and key.expr is not None:
            return self.shape(key.spot, key.expr)
        return self.handed(
            Arguments((*by_name.values(), *rest), tuple(loose), given.open or (bool(loose) and not extra)), call
        )


def _first(pattern: Pattern) -> int:
    """The position from which arguments are the event's."""
    return next((p for p in pattern.payload if isinstance(p, int)), 0)
