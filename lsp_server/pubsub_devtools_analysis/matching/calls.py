"""The sites of calls and decorators."""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.evaluation import At, spread
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Decorator,
    Element,
    FileFacts,
    Item,
    Name,
    Scope,
    Span,
    Star,
)
from pubsub_devtools_analysis.matching.draft import Draft, Given
from pubsub_devtools_analysis.matching.interfaces import Interfaces
from pubsub_devtools_analysis.matching.texts import flat
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    External,
    Function,
    Items,
    Made,
    Method,
    Pending,
    Str,
    Unknown,
    Value,
    Values,
)


class Calls(Interfaces):
    """The sites of calls and decorators."""

    def of_call(self, path: str, index: int) -> tuple[Draft, ...]:
        """The sites that one call makes."""
        return self.memo.get(("sites", path, index), lambda: self._of_call(path, index), ())

    def _of_call(self, path: str, index: int) -> tuple[Draft, ...]:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        call = facts.calls[index]
        if isinstance(call.func, CallRef) and len(call.args) == 1:
            return tuple(self.of_applied(path, facts, call.func.index, index))
        found: list[Draft] = []
        for row in self.rows(path, facts, call) or [{}]:
            self.evaluator.fixed = row
            found.extend(self.of_plain_call(path, facts, index, call))
            self.evaluator.fixed = {}
        if any(isinstance(d.name, Str) and d.kind == "publish" for d in found):
            return tuple(dict.fromkeys(found))
        waiting = self.on_parameter(path, facts, index, call)
        if not waiting and all(isinstance(d.name, Unknown) for d in found):
            waiting = self.forwarding(path, facts, index, call)
        if waiting:
            found = [d for d in found if not isinstance(d.name, Unknown)]
        return tuple(dict.fromkeys((*found, *waiting)))

    def rows(self, path: str, facts: FileFacts, call: Call) -> list[dict[tuple[str, int, str], Values]]:
        """`for event, handler in TABLE: bus.on(event, handler)`: the loop's variables, row by row."""
        names = [a.id for a in (*call.args, *(v for _, v in call.keywords)) if isinstance(a, Name)]
        scope = facts.scopes[call.scope]
        source: AnyExpr | None = None
        places: dict[str, int] = {}
        for name in names:
            for binding in scope.names.get(name, ()):
                bound = binding.value
                if isinstance(bound, Item) and isinstance(bound.value, Element) and binding.line <= call.line:
                    source = bound.value.value if source is None else source
                    if bound.value.value == source:
                        places[name] = bound.index
        if source is None or len(places) < 2:
            return []
        rows: list[dict[tuple[str, int, str], Values]] = []
        at = self.evaluator.at_call(path, facts, call)
        for value in self.evaluator.elements(self.evaluator.eval(at, source)):
            if isinstance(value, Items) and value.ordered and max(places.values()) < len(value.items):
                rows.append({(path, call.scope, n): value.items[i] for n, i in places.items()})
        return rows[:400]

    def of_plain_call(self, path: str, facts: FileFacts, index: int, call: Call) -> list[Draft]:
        """The sites of one call, with loop variables as they stand."""
        found: list[Draft] = []
        callees = self.evaluator.callees(path, facts, call)
        for callee in self.received(path, facts, call, callees):
            given = self.given(path, facts, index, callee)
            rules = self.rules(callee)
            matched = [d for rule in rules if not rule.decorator for d in self.apply(rule, given)]
            if isinstance(callee, Function | Bound) and call.target:
                found.extend(self.from_factory(path, facts, index, call))
            found.extend(matched)
            if not rules or not matched:
                found.extend(self.through(given, callee) or self.implemented(given, callee))
        return found

    def from_factory(self, path: str, facts: FileFacts, index: int, call: Call) -> list[Draft]:
        """An event's object that a workspace function makes: the assignment declares it."""
        scope = facts.scopes[call.scope]
        return [
            Draft(
                "declare",
                made.dialect,
                self.known.dialects[made.dialect].carrier,
                name,
                path,
                (call.line, *call.span[1:]),
                scope.key,
                reason="factory",
            )
            for made in self.evaluator.result(path, index)
            if isinstance(made, Made) and made.call == (path, index)
            for name in made.names
        ]

    def forwarding(self, path: str, facts: FileFacts, index: int, call: Call) -> list[Draft]:
        """A call that hands on all arguments of the function around it: `self.client.subscribe(*args, **kwargs)`."""
        scope = facts.scopes[call.scope]
        stars = [a.value.id for a in call.args if isinstance(a, Star) and isinstance(a.value, Name)]
        stars += [v.id for k, v in call.keywords if k == "**" and isinstance(v, Name)]
        own = [p.name for p in scope.params if p.kind in ("*", "**") and p.name in stars]
        if not own or (call.args and not isinstance(call.args[0], Star)):
            return []
        name = Argument(path, scope.key, own[0])
        return [
            Draft(
                rule.kind,
                rule.dialect.name,
                "",
                name,
                path,
                call.span,
                scope.key,
                receiver=callee,
                call=index,
            )
            for callee in self.received(path, facts, call, self.evaluator.callees(path, facts, call))
            for rule in self.rules(callee)[:1]
            if isinstance(callee, Method | External)
        ]

    def on_parameter(self, path: str, facts: FileFacts, index: int, call: Call) -> list[Draft]:
        """A publishing method of a parameter: what it is, the callers know."""
        if not isinstance(call.func, Attr) or not isinstance(call.func.base, Name):
            return []
        values = self.evaluator.eval(self.evaluator.at_call(path, facts, call), call.func.base)
        rules = self.known.on_parameters.get(call.name) or [
            rule
            for value in values
            if isinstance(value, Argument)
            for made in self.evaluator.expand(value)
            if isinstance(made, Made) and not made.names
            for rule in self.known.methods.get((made.dialect, made.type, call.name), ())
            if rule.pattern.event.receiver
        ]
        if not rules and not self.is_sender(values, call.name):
            return []
        scope = facts.scopes[call.scope].key
        return [
            Draft(
                rules[0].kind if rules else "publish",
                rules[0].dialect.name if rules else "",
                "",
                value,
                path,
                call.span,
                scope,
                receiver=value,
                call=index,
            )
            for value in values
            if isinstance(value, Argument)
        ]

    def is_sender(self, values: Values, name: str) -> bool:
        """Whether a method of a parameter is one of the workspace that sends to what its object was made with."""
        return any(
            isinstance(bound, Bound) and any(self.templates(bound.function))
            for value in values
            if isinstance(value, Argument)
            for bound in self.evaluator.argument_attribute(value, name)
        )

    def of_decorated(self, path: str, key: str) -> tuple[Draft, ...]:
        """The sites that a function's decorators make."""
        return self.memo.get(("by decorator", path, key), lambda: self._of_decorated(path, key), ())

    def _of_decorated(self, path: str, key: str) -> tuple[Draft, ...]:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        scope = self.workspace.get(path, key)
        function = Function(path, key)
        return tuple(
            dict.fromkeys(
                d
                for dec in reversed(scope.decorators)
                for d in self.of_decorator(path, facts, scope, dec, function)
            )
        )

    def of_decorator(
        self, path: str, facts: FileFacts, scope: Scope, decorator: Decorator, function: Function
    ) -> list[Draft]:
        """The sites that one decorator makes of a function."""
        at = At(path, facts, scope.parent, scope.block, scope.span[0])
        found: list[Draft] = []
        parent = facts.scopes[scope.parent].key if scope.parent >= 0 else ""
        value = decorator.value
        if isinstance(value, CallRef):
            call = facts.calls[value.index]
            callees = self.evaluator.callees(path, facts, call)
            for callee in self.received(path, facts, call, callees):
                given = msgspec.structs.replace(
                    self.given(path, facts, value.index, callee), decorated=function
                )
                matched = [d for rule in self.rules(callee) for d in self.apply(rule, given)]
                found.extend(matched)
                if not matched and given.call is not None:
                    matched = [
                        d for d in self.through(given, callee) if d.kind == "handle" and d.handler == function
                    ]
                    found.extend(matched)
                if not matched:
                    for inner in self.evaluator.called(path, facts, value.index, call, callee):
                        found.extend(self.applied(path, facts, inner, function, decorator.span, parent, at))
        else:
            for callee in self.evaluator.eval(at, value):
                found.extend(self.applied(path, facts, callee, function, decorator.span, parent, at))
        return found

    def applied(
        self, path: str, facts: FileFacts, callee: Value, function: Function, span: Span, parent: str, at: At
    ) -> list[Draft]:
        """The sites of `callee(function)`, where that is how a decorator is applied."""
        if isinstance(callee, Pending):
            return self.decorated_by(callee, function, path, span, parent)
        receiver = (
            callee.owner
            if isinstance(callee, Method | Bound)
            else callee
            if isinstance(callee, Made)
            else None
        )
        given = Given(path, facts, None, at, span, parent, receiver, "", -1, function)
        found = [d for rule in self.rules(callee) for d in self.apply(rule, given)]
        if found:
            return found
        target = callee.function if isinstance(callee, Bound) else callee
        if not isinstance(target, Function) or target == function:
            return []
        owner = callee.owner if isinstance(callee, Bound) else None
        arguments = self.decorator_arguments(target, function, owner)
        return [
            done
            for template in self.templates(target)
            for done in self.filled(
                template, arguments, given, str(self.workspace.symbol(target.path, target.key))
            )
        ]

    def decorated_by(
        self, pending: Pending, function: Function, path: str, span: Span, parent: str
    ) -> list[Draft]:
        """The sites that a decorator made elsewhere makes of a function."""
        facts = self.workspace.facts(pending.path)
        if facts is None:
            return []
        given = msgspec.structs.replace(
            self.given(pending.path, facts, pending.call, pending.callee),
            decorated=function,
            bound=pending.bound,
        )
        step = (self.workspace.symbol(pending.path, given.scope), pending.path, given.span[0])
        bound = dict(pending.bound)
        return [
            msgspec.structs.replace(
                draft, name=name, path=path, span=span, scope=parent if draft.scope == given.scope else draft.scope,
                steps=(step, *draft.steps)[:6], reason="wrapper",
            )
            for rule in self.rules(pending.callee)
            for draft in self.apply(rule, given)
            for name in flat(self, spread(draft.name, bound), draft.form)
        ]  # fmt: skip

    def of_applied(self, path: str, facts: FileFacts, inner: int, outer: int) -> list[Draft]:
        """`app.agent(topic)(function)`: a decorator applied as a call."""
        call = facts.calls[inner]
        handlers = self.evaluator.eval(
            self.evaluator.at_call(path, facts, facts.calls[outer]), facts.calls[outer].args[0]
        )
        found: list[Draft] = []
        for callee in self.received(path, facts, call, self.evaluator.callees(path, facts, call)):
            given = msgspec.structs.replace(self.given(path, facts, inner, callee), handler=handlers)
            matched = [d for rule in self.rules(callee) for d in self.apply(rule, given)]
            found.extend(matched)
            if not matched:
                functions = [h for h in handlers if isinstance(h, Function)]
                for value in self.evaluator.called(path, facts, inner, call, callee):
                    for function in functions:
                        at = self.evaluator.at_call(path, facts, call)
                        found.extend(self.applied(path, facts, value, function, call.span, given.scope, at))
        return found
