"""Sites that a function leaves to its callers, and the calls that fill them in."""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.dialect import HANDWRITTEN
from pubsub_devtools_analysis.evaluation import rows, spread
from pubsub_devtools_analysis.facts import (
    Attr,
)
from pubsub_devtools_analysis.matching.draft import (
    BY_NAME,
    CONFIGURED,
    ONLY,
    Draft,
    Given,
    closed_under,
    is_open,
    owns_handler,
    parameters,
)
from pubsub_devtools_analysis.matching.objects import Objects
from pubsub_devtools_analysis.matching.own_class import with_own_class
from pubsub_devtools_analysis.matching.shapes_of_calls import partial_arguments, target_of
from pubsub_devtools_analysis.matching.texts import flat, handlers_in, is_bare
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Method,
    Partial,
    Unknown,
    Value,
    Values,
    union,
)


def guessed(draft: Draft) -> Draft:
    """A site of a call of which only the function's name is known, on whatever object."""
    reason = BY_NAME if draft.reason in (CONFIGURED, BY_NAME) else ONLY
    return msgspec.structs.replace(draft, certainty="likely", reason=reason)


class Wrappers(Objects):
    """Sites that a function leaves to its callers, and the calls that fill them in."""

    def templates(self, function: Function) -> tuple[Draft, ...]:
        """The sites in a function's body that its callers fill in."""
        return self.memo.get(
            ("templates", function.path, function.key), lambda: self._templates(function), ()
        )

    def _templates(self, function: Function) -> tuple[Draft, ...]:
        facts = self.workspace.facts(function.path)
        if facts is None:
            return ()
        index = self.workspace.scope(function.path, function.key)
        inside = {index}
        for i, parent in enumerate(facts.summary.parents):
            if i > index and parent in inside:
                inside.add(i)
        prefixes = (function.key, function.key + ".")
        keys = {facts.summary.keys[i] for i in inside}
        found: list[Draft] = [
            seed
            for seed in self.seeds.get(function.path, ())
            if seed.scope in keys and closed_under(seed, prefixes, seed.scope == function.key)
        ]
        chained = set(facts.summary.chained)
        for i, scope in enumerate(facts.summary.within):
            if (scope in inside and facts.calls[i].name in self.hot) or (scope == index and i in chained):
                for draft in self.of_call(function.path, i):
                    if is_open(draft) and closed_under(
                        draft, prefixes, facts.summary.keys[scope] == function.key
                    ):
                        found.append(draft)
        found.extend(
            draft
            for i in inside
            if facts.scopes[i].decorators and i != index
            for draft in self.of_decorated(function.path, facts.scopes[i].key)
            if is_open(draft) or owns_handler(draft, function)
        )
        return tuple(dict.fromkeys(found))

    def through(self, given: Given, callee: Value) -> list[Draft]:
        """The sites that a call makes by calling a wrapper."""
        function, owner = self.constructor(callee) if isinstance(callee, Class) else target_of(callee)
        if function is None or given.call is None:
            return []
        templates = self.templates(function)
        if not templates:
            return []
        arguments = self.evaluator.arguments(given.path, given.facts, given.call, function, owner)
        if isinstance(owner, Instance):
            arguments = {**self.evaluator.construction(owner), **arguments}
        if isinstance(callee, Partial):
            arguments = {**partial_arguments(self, callee, function), **arguments}
        if isinstance(callee, Method):
            arguments = self.evaluator.arguments(
                given.path,
                given.facts,
                given.call,
                function,
                Unknown("receiver") if self.is_method(function) else None,
            )
        scope = self.workspace.get(function.path, function.key)
        arguments = with_own_class(given, scope, arguments, owner is not None)
        symbol = self.workspace.symbol(function.path, function.key)
        return [
            guessed(done) if isinstance(callee, Method) else done
            for template in templates
            for row in rows(template.name, arguments)
            for done in self.filled(template, row, given, symbol)
        ]

    def constructor(self, cls: Class) -> tuple[Function | None, Value | None]:
        """The function that a call of a class runs, and the object that it gets."""
        members = self.evaluator.member(cls, "__init__") or ()
        return next((v for v in members if isinstance(v, Function)), None), Instance(cls)

    def is_method(self, function: Function) -> bool:
        """Whether a function stands in a class."""
        return self.evaluator.head(function.path, function.key).in_class

    def filled(
        self, template: Draft, arguments: dict[Argument, Values], given: Given, symbol: str
    ) -> list[Draft]:
        """A template with a call's arguments: one site a name."""
        if template.receiver is not None:
            return self.received_by(template, arguments, given, symbol)
        names = self.namable(template, spread(template.name, arguments))
        names = tuple(Unknown("parameter") if is_bare(n) else n for n in flat(self, names, template.form))
        handlers: Values | list[None] = [None]
        if isinstance(template.handler, Unknown):
            # Whatever the wrapper attaches, it is not what calls it.
            return []
        if template.handler is not None:
            handlers = handlers_in(self, spread(template.handler, arguments)) or (Unknown("handler"),)
        missing = all(h is None or isinstance(h, Unknown) for h in handlers)
        if given.decorated is not None and missing and template.kind == "handle":
            handlers = (given.decorated,)
        step = (symbol, template.path, template.span[0])
        found: list[Draft] = []
        for name in names:
            for handler in handlers:
                if name == template.name and handler == template.handler and not self.stays(template, given):
                    continue
                found.append(
                    msgspec.structs.replace(
                        template,
                        name=name,
                        handler=handler,
                        path=given.path,
                        span=given.span,
                        scope=given.scope,
                        reason="wrapper" if template.reason in ("call", "decorator") else template.reason,
                        steps=(step, *template.steps)[:6],
                    )
                )
        return found

    def namable(self, template: Draft, names: Values) -> Values:
        """What can name an event: a framework whose events are no classes is not given one by an object."""
        if template.form is not None or template.dialect == HANDWRITTEN:
            return names
        return tuple(v for v in names if not isinstance(v, Instance) or self.evaluator.is_enum(v.cls)) or (
            Unknown("object"),
        )

    def stays(self, template: Draft, given: Given) -> bool:
        """Whether a call of another method of `self` still waits for what the constructor gets."""
        call = given.call
        if call is None or not isinstance(call.func, Attr) or not isinstance(template.name, Argument):
            return False
        owners = {argument.key.rpartition(".")[0] for argument in parameters(template.name)}
        values = self.evaluator.eval(given.at, call.func.base)
        return given.scope != template.scope and any(
            isinstance(v, Instance)
            and v.call is None
            and given.scope.startswith(f"{v.cls.key}.")
            and any(
                isinstance(base, Class) and base.key in owners for base in self.evaluator.ancestors(v.cls)
            )
            for v in values
        )

    def received_by(
        self, template: Draft, arguments: dict[Argument, Values], given: Given, symbol: str
    ) -> list[Draft]:
        """A method called on a parameter, now that the object is known."""
        facts = self.workspace.facts(template.path)
        if facts is None or template.receiver is None:
            return []
        if isinstance(template.receiver, Method | External):
            return self.forwarded(template, given, symbol)
        call = facts.calls[template.call]
        found: list[Draft] = []
        received = spread(template.receiver, arguments)
        for value in union(*(self.kept(v, given) for v in received)):
            if isinstance(value, Argument):
                step = (symbol, template.path, template.span[0])
                found.append(
                    msgspec.structs.replace(
                        template, name=value, receiver=value, steps=(step, *template.steps)[:6]
                    )
                )
                continue
            callee = Method(value, call.name)
            inner = self.given(template.path, facts, template.call, callee)
            if isinstance(value, Instance):
                found.extend(
                    self.by_method(value, call.name, inner, given, (symbol, template.path, template.span[0]))
                )
            for rule in self.rules(callee):
                for draft in self.apply(rule, inner):
                    found.extend(self.filled(draft, arguments, given, symbol) if is_open(draft) else [
                        msgspec.structs.replace(
                            draft, path=given.path, span=given.span, scope=given.scope, reason="wrapper",
                            steps=((symbol, template.path, template.span[0]), *draft.steps)[:6],
                        )
                    ])  # fmt: skip
        return found

    def kept(self, value: Value, given: Given) -> Values:
        """The objects that a constructor got and other methods use; a parameter of the function itself stays one."""
        is_kept = isinstance(value, Argument) and value.key.endswith(".__init__") and value.key != given.scope
        return (self.evaluator.expand(value) if isinstance(value, Argument) and is_kept else ()) or (value,)

    def by_method(
        self, owner: Instance, name: str, inner: Given, given: Given, step: tuple[str, str, int]
    ) -> list[Draft]:
        """The sites of a workspace object's method that a function calls on its parameter."""
        return [
            msgspec.structs.replace(
                draft, path=given.path, span=given.span, scope=given.scope, steps=(step, *draft.steps)[:6]
            )
            for bound in self.evaluator.attribute(owner, name)
            if isinstance(bound, Bound)
            for draft in self.through(inner, bound)
            if not is_open(draft)
        ]

    def forwarded(self, template: Draft, given: Given, symbol: str) -> list[Draft]:
        """A call of a function that hands all its arguments on: as if the library's were called here."""
        callee = template.receiver
        if callee is None or given.call is None:
            return []
        receiver = callee.owner if isinstance(callee, Method) else None
        inner = msgspec.structs.replace(given, receiver=receiver)
        step = (symbol, template.path, template.span[0])
        return [
            msgspec.structs.replace(draft, reason="wrapper", steps=(step, *draft.steps)[:6])
            for rule in self.rules(callee)
            for draft in self.apply(rule, inner)
        ]
