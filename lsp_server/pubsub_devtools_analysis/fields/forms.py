"""The forms in which frameworks take the fields of an event, each on the call that gives them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.dialect import Pattern
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import Call, CallRef, Lit, Map, Seq, Star
from pubsub_devtools_analysis.fields.arguments import Arguments, arguments
from pubsub_devtools_analysis.fields.giving import Giving
from pubsub_devtools_analysis.fields.payload import Payloads
from pubsub_devtools_analysis.fields.shape import EMPTY, OPAQUE, Part, Shape, merged, plain
from pubsub_devtools_analysis.fields.spot import Filled, Spot, origin
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Function

_OWN = frozenset({"self", "cls", "ctx"})


class Forms(Payloads):
    """The forms in which frameworks take the fields of an event."""

    def given(self, giving: Giving) -> Shape:
        """The fields that a call gives, in the form that its pattern tells."""
        pattern, call = giving.pattern, giving.call
        if pattern is None:
            return OPAQUE
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
            given = arguments(self.evaluator, spot, call)
            return OPAQUE if given.open or "**" in dict(given.keywords) else EMPTY
        return self.body(found, pattern)

    def batch(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """Each positional argument is a message."""
        given = arguments(self.evaluator, spot, call)
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
        made = origin(filled)
        if isinstance(made.expr, CallRef):
            call = made.spot.at.facts.calls[made.expr.index]
            inner = self.argument(made.spot, call, pattern.payload_body)
            return OPAQUE if inner is None or inner.expr is None else self.shape(inner.spot, inner.expr)
        values = self.entries(made, pattern.payload_body)
        return merged(values) if values else OPAQUE

    def entries(self, filled: Filled, keys: tuple[str | int, ...]) -> list[Shape]:
        """What stands under one of these keys in a dict, or in the dicts of a list."""
        found = origin(filled)
        if isinstance(found.expr, Seq):
            return [s for item in found.expr.items for s in self.entries(Filled(found.spot, item), keys)]
        if not isinstance(found.expr, Map):
            return []
        return [
            self.shape(found.spot, value)
            for key, value in zip(found.expr.keys, found.expr.values, strict=True)
            if key is not None and set(keys) & set(self.texts(found.spot, key))
        ]

    # -- arguments

    def arguments(self, spot: Spot, call: Call, pattern: Pattern, function: Function | None) -> Shape:
        """Positional arguments by the task's parameters, and keywords."""
        given = arguments(self.evaluator, spot, call).after(_first(pattern))
        return self.by_parameters(given, pattern, function)

    def by_parameters(self, given: Arguments, pattern: Pattern, function: Function | None) -> Shape:
        """Arguments of a task by the names of its parameters."""
        names = self.parameters(function)
        parts = [self.part(n, f) for n, f in zip(names, given.positional, strict=False)]
        is_open = given.open or len(given.positional) > len(names)
        keywords = given.lacking(pattern.payload_skip).keywords
        return plain(merged((Shape(tuple(parts), is_open), self.keywords(keywords))))

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
        given = arguments(self.evaluator, spot, call)
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
        if args is not None and args.expr is not None and args.expr != Lit(None):
            # `args=x` is `*x`.
            starred = msgspec.structs.replace(call, args=(Star(args.expr),), keywords=())
            given = arguments(self.evaluator, args.spot, starred)
            found.append(self.by_parameters(given, pattern, function))
        if kwargs is not None and kwargs.expr is not None:
            found.append(plain(self.shape(kwargs.spot, kwargs.expr)))
        return merged(found)

    # -- keywords and objects

    def named(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """Keywords are the fields."""
        given = arguments(self.evaluator, spot, call).lacking(pattern.payload_skip)
        return plain(self.keywords(given.keywords))

    def objects(self, spot: Spot, call: Call, pattern: Pattern, _: Function | None) -> Shape:
        """One object is a message; of several none is a field of it. Keywords are fields."""
        own = (*pattern.payload_skip, *(p for p in pattern.event.argument if isinstance(p, str)))
        given = arguments(self.evaluator, spot, call).after(_first(pattern)).lacking(own)
        return self.handed(given)

    def handed(self, given: Arguments) -> Shape:
        """Objects and keywords that handlers are called with."""
        self.is_loose = False
        found = [plain(self.keywords(given.keywords))]
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


def _first(pattern: Pattern) -> int:
    """The position from which arguments are the event's."""
    return next((p for p in pattern.payload if isinstance(p, int)), 0)
