"""The objects that patterns make: signals, tasks, topics, and decorators that wait for a function."""

from __future__ import annotations

from typing import cast

import msgspec

from pubsub_devtools_analysis.dialect import EventSpec, Pattern, Strategy
from pubsub_devtools_analysis.evaluation import At, Evaluator, fill, spread
from pubsub_devtools_analysis.facts import (
    Call,
    CallRef,
    Decorator,
    FileFacts,
    Scope,
)
from pubsub_devtools_analysis.known import Known, Rule
from pubsub_devtools_analysis.matching.applying import Applying
from pubsub_devtools_analysis.matching.draft import Given
from pubsub_devtools_analysis.matching.shapes_of_calls import is_nameless
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    External,
    Function,
    Made,
    Method,
    Pending,
    Unknown,
    Value,
    Values,
    union,
)


class Objects(Applying):
    """The objects that patterns make: signals, tasks, topics, and decorators that wait for a function."""

    def decorator_arguments(
        self, target: Function, function: Function, owner: Value | None
    ) -> dict[Argument, Values]:
        """What a decorator function gets: the decorated one as its first free parameter."""
        params = self.evaluator.head(target.path, target.key).params
        positional = [p for p in params if p.kind in "p*"]
        if owner is not None and positional:
            positional = positional[1:]
        found: dict[Argument, Values] = dict(target.bound)
        if positional:
            found[Argument(target.path, target.key, positional[0].name)] = (function,)
        return found

    def __init__(self, evaluator: Evaluator, known: Known) -> None:
        super().__init__(evaluator, known)
        # The evaluation asks back what a call or a decorator makes: only the tables know.
        evaluator.make = self.made_by_call
        evaluator.decorated = self.made_by_decorators

    def made_by_call(self, path: str, index: int, callees: Values) -> Values | None:
        """The dialect's objects that a call gives; nothing when no pattern speaks of it."""
        facts = self.workspace.facts(path)
        if facts is None:
            return None
        found: list[Value] = []
        call = facts.calls[index]
        if isinstance(call.func, CallRef) and len(call.args) == 1:
            return self.made_by_applying(path, facts, call) or None
        for callee in callees:
            given = self.given(path, facts, index, callee)
            found.extend(self.objects(callee, given))
        return tuple(found) or None

    def made_by_applying(self, path: str, facts: FileFacts, call: Call) -> Values:
        """`shared_task(queue="slow")(function)`."""
        at = self.evaluator.at_call(path, facts, call)
        found: list[Value] = []
        for pending in self.evaluator.eval(at, call.func):
            for value in self.evaluator.eval(at, call.args[0]) if isinstance(pending, Pending) else ():
                if isinstance(pending, Pending) and isinstance(value, Function | Argument):
                    found.extend(self.finished(pending, value))
        return tuple(found)

    def finished(self, pending: Pending, value: Function | Argument) -> list[Value]:
        """The objects that a waiting decorator makes of a function; a parameter is filled in later."""
        facts = self.workspace.facts(pending.path)
        if facts is None:
            return []
        given = msgspec.structs.replace(
            self.given(pending.path, facts, pending.call, pending.callee),
            decorated=value if isinstance(value, Function) else Function(value.path, value.key),
            bound=pending.bound,
        )
        found: list[Value] = []
        for made in self.objects(pending.callee, given):
            if not isinstance(made, Made):
                continue
            if isinstance(value, Argument):
                rules = [r for r in self.rules(pending.callee) if r.pattern.makes == made.type]
                named = self.named(rules[0].pattern.event, rules[0], given) if rules else ()
                known = tuple(n for n in named if not isinstance(n, Unknown))
                form = rules[0].pattern.event.otherwise if rules else ""
                found.append(
                    Made(made.dialect, made.type, known or (Method(value, form),), made.call, None, made.sure)
                )
            else:
                names = union(*(spread(n, dict(pending.bound)) for n in made.names))
                found.append(Made(made.dialect, made.type, names, made.call, value, made.sure))
        return found

    def objects(self, callee: Value, given: Given) -> list[Value]:
        """The objects that one callee gives."""
        found: list[Value] = []
        place = (given.path, given.index) if given.index >= 0 else None
        for rule in self.rules(callee):
            if rule.pattern.given and self.argument(given, rule.pattern.given) is None:
                continue
            if rule.pattern.makes and not (rule.decorator and given.decorated is None):
                handlers: Values | tuple[None, ...] = (
                    (given.decorated,) if given.decorated is not None else (None,)
                )
                if rule.pattern.handler and given.decorated is None:
                    handlers = self.handlers(rule, given) or (None,)
                function = next((h for h in handlers if isinstance(h, Function)), None)
                names = tuple(n for n in self.names(rule, given, handlers) if not is_nameless(n))
                sure = not isinstance(given.receiver, Made) or given.receiver.sure
                found.append(Made(rule.dialect.name, rule.pattern.makes, names, place, function, sure))
        if found:
            return found
        if (
            given.decorated is None
            and given.index >= 0
            and any(r.decorator and not r.type for r in self.rules(callee))
        ):
            return [Pending(callee, given.path, given.index)]
        waits = given.decorated is None and given.index >= 0 and isinstance(callee, Method)
        if waits and any(r.decorator and r.pattern.makes for r in self.rules(callee)):
            return [Pending(callee, given.path, given.index)]
        key = self.known.classes.get(callee.path) if isinstance(callee, External) else None
        if key is None and isinstance(callee, Method):
            for dialect, type_name in self.evaluator.types(callee.owner):
                key = key or self.known.member_gives.get((dialect, type_name, callee.name + "()"))
        if key is None and isinstance(callee, External):
            key = self.known.gives.get(callee.path + "()")
        if key is None:
            return []
        spec = self.known.type(key).event
        names = ()
        if spec is not None:
            rule = Rule("declare", self.known.dialects[key[0]], Pattern(event=spec), key[1], "", False)
            names = tuple(n for n in self.names(rule, given, (None,)) if not is_nameless(n))
        sure = not (isinstance(callee, Method) and isinstance(callee.owner, Made)) or callee.owner.sure
        return [Made(*key, names=names, call=place, sure=sure)]

    def made_by_decorators(self, path: str, key: str, function: Function) -> Values | None:
        """What decorators make of a function: a task, an agent, a publisher."""
        facts = self.workspace.facts(path)
        if facts is None:
            return None
        scope = self.workspace.get(path, key)
        found: list[Value] = []
        for decorator in reversed(scope.decorators):
            found.extend(self.made_by_decorator(path, facts, scope, decorator, function))
        return union(tuple(found)) or None

    def made_by_decorator(
        self, path: str, facts: FileFacts, scope: Scope, decorator: Decorator, function: Function
    ) -> list[Value]:
        """What one decorator makes of a function."""
        at = At(path, facts, scope.parent, scope.block, scope.span[0])
        if isinstance(decorator.value, CallRef):
            call = facts.calls[decorator.value.index]
            callees = self.received(path, facts, call, self.evaluator.callees(path, facts, call))
            found: list[Value] = []
            for callee in callees:
                given = msgspec.structs.replace(
                    self.given(path, facts, decorator.value.index, callee), decorated=function
                )
                found.extend(
                    v for v in self.objects(callee, given) if isinstance(v, Made) and v.function == function
                )
                if not found:
                    for inner in self.evaluator.called(path, facts, decorator.value.index, call, callee):
                        found.extend(self.made_by(inner, function))
            return found
        return [
            v
            for callee in self.evaluator.eval(at, decorator.value)
            for v in self.made_here(path, facts, at, callee, function, decorator)
        ]

    def made_here(
        self, path: str, facts: FileFacts, at: At, callee: Value, function: Function, decorator: Decorator
    ) -> list[Value]:
        """What a bare decorator makes of a function."""
        receiver = callee.owner if isinstance(callee, Method) else None
        given = Given(path, facts, None, at, decorator.span, "", receiver, "", -1, function)
        made: list[Value] = [
            v for v in self.objects(callee, given) if isinstance(v, Made) and v.function == function
        ]
        return made or self.made_by(callee, function)

    def made_by(self, decorator: Value, function: Function) -> list[Value]:
        """What a workspace decorator returns for a function, if that is a dialect's object."""
        if isinstance(decorator, Pending):
            return self.finished(decorator, function)
        target = decorator.function if isinstance(decorator, Bound) else decorator
        if not isinstance(target, Function) or target == function:
            return []
        owner = decorator.owner if isinstance(decorator, Bound) else None
        arguments = self.decorator_arguments(target, function, owner)
        returned = union(*(spread(v, arguments) for v in self.evaluator.returned(target)))
        found: list[Value] = []
        for value in returned:
            if isinstance(value, Made):
                names = union(tuple(self.renamed(n, arguments) for n in value.names))
                inner = value.function
                found.append(
                    Made(value.dialect, value.type, names, value.call, inner or function, value.sure)
                )
        return found

    def renamed(self, name: Value, arguments: dict[Argument, Values]) -> Value:
        """A name that is a function's, once the function is known."""
        if isinstance(name, Method) and isinstance(name.owner, Argument):
            for value in arguments.get(name.owner, ()):
                if isinstance(value, Function):
                    return self.function_name(value, EventSpec(otherwise=cast("Strategy", name.name)))[0]
        return fill(name, arguments)
