"""The sites of a file: which of its calls, decorators and classes publish, handle or declare which event.

Patterns of the dialects are matched against evaluated callees. A site whose event or handler is still a parameter is a
*template* of the function around it: every call of that function becomes a site, to a fixpoint, and the wrapper's own body
is none. `site` here means a draft: names are values, handlers are functions; `graph` turns drafts into the model.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import msgspec

from pubsub_devtools.model import Certainty, Kind
from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.dialect import EventSpec, Pattern
from pubsub_devtools_analysis.evaluate import At, Evaluator, argument_of, fill, join, mentions, spread
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Decorator,
    Element,
    FileFacts,
    Item,
    Lit,
    Map,
    Name,
    Scope,
    ScopeRef,
    Span,
    Star,
    Typed,
)
from pubsub_devtools_analysis.known import Known, Rule
from pubsub_devtools_analysis.layout import is_test
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
    Pending,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)
from pubsub_devtools_analysis.values import Pattern as TextPattern


SKIPPED = Unknown("skipped")


class Draft(msgspec.Struct, frozen=True):
    """A site before it is placed: `name` is a text, a pattern, or still a parameter; `handler` the handling function.

    `scope` is the key of the scope around the site, `steps` the wrappers on the way to the framework.
    """

    kind: Kind
    dialect: str
    transport: str
    name: Value
    path: str
    span: Span
    scope: str
    handler: Value | None = None
    certainty: Certainty = "sure"
    reason: str = "call"
    steps: tuple[tuple[str, str, int], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    payload: Value | None = None
    receiver: Value | None = None
    call: int = -1
    here: bool = False
    form: EventSpec | None = None


class Given(msgspec.Struct, frozen=True):
    """A call as a pattern sees it: where, its arguments, its receiver, and the function it decorates."""

    path: str
    facts: FileFacts
    call: Call | None
    at: At
    span: Span
    scope: str
    receiver: Value | None
    target: str
    index: int = -1
    decorated: Function | None = None
    handler: Values | None = None
    bound: tuple[tuple[Argument, Values], ...] = ()


class Finder:
    """Finds the sites of files, and the templates of functions."""

    def __init__(self, evaluator: Evaluator, known: Known) -> None:
        self.evaluator = evaluator
        self.known = known
        self.workspace = evaluator.workspace
        self.memo = evaluator.memo
        self.hot: set[str] = set(known.hot)
        self.wrappers: dict[str, set[tuple[str, str]]] = {}
        self.seeds: dict[str, list[Draft]] = {}
        self.classes: dict[str, Class] = {}
        evaluator.make = self.made_by_call
        evaluator.decorated = self.made_by_decorators

    # -- all drafts of a file

    def drafts(self, path: str) -> tuple[Draft, ...]:
        """Every site of a file, those with parameters still open included."""
        return self.memo.get(("drafts", path, ""), lambda: self._drafts(path), ())

    def _drafts(self, path: str) -> tuple[Draft, ...]:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        found: list[Draft] = []
        decorators = decorator_calls(facts)
        applied = applied_calls(facts)
        for name in self.workspace.call_names(path):
            if name in self.hot:
                for index in self.workspace.calls(path, name):
                    if index not in decorators and index not in applied:
                        found.extend(self.of_call(path, index))
        for outer in applied.values():
            found.extend(self.of_call(path, outer))
        for scope in facts.scopes:
            if scope.decorators and scope.kind != "class":
                found.extend(self.of_decorated(path, scope.key))
            if scope.kind == "class":
                found.extend(self.of_class(path, facts, scope))
        found.extend(self.of_tables(path, facts))
        found.extend(self.of_arguments(path, facts))
        found.extend(self.seeds.get(path, ()))
        return tuple(found)

    # -- calls

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
                value = binding.value
                if isinstance(value, Item) and isinstance(value.value, Element) and binding.line <= call.line:
                    source = value.value.value if source is None else source
                    if value.value.value == source:
                        places[name] = value.index
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
            found.extend(matched)
            if not rules or not matched:
                found.extend(self.through(given, callee))
        return found

    def forwarding(self, path: str, facts: FileFacts, index: int, call: Call) -> list[Draft]:
        """A call that hands on all arguments of the function around it: `self.client.subscribe(*args, **kwargs)`."""
        scope = facts.scopes[call.scope]
        stars = [a.value.id for a in call.args if isinstance(a, Star) and isinstance(a.value, Name)]
        stars += [v.id for k, v in call.keywords if k == "**" and isinstance(v, Name)]
        own = [p.name for p in scope.params if p.kind in ("*", "**") and p.name in stars]
        if not own or call.args and not isinstance(call.args[0], Star):
            return []
        name = Argument(path, scope.key, own[0])
        return [
            Draft(rule.kind, rule.dialect.name, "", name, path, call.span, scope.key, receiver=callee, call=index)
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
        if not rules:
            return []
        scope = facts.scopes[call.scope].key
        return [
            Draft(rules[0].kind, rules[0].dialect.name, "", value, path, call.span, scope, receiver=value, call=index)
            for value in values
            if isinstance(value, Argument)
        ]

    def received(self, path: str, facts: FileFacts, call: Call, callees: Values) -> Values:
        """The callees, with what convention says of a receiver that nothing else is known of."""
        found: list[Value] = []
        for value in callees:
            callee = self.as_method(value)
            if isinstance(callee, Method) and not self.rules(callee) and not self.evaluator.types(callee.owner):
                found.extend(self.guessed(path, facts, call, callee) or (callee,))
            else:
                found.append(callee)
        if isinstance(call.func, Name) and all(isinstance(c, Argument) for c in callees):
            owners = [o for o in self.wrappers.get(call.func.id, ()) if "." not in o[1]]
            if len(owners) == 1:
                found.append(Method(Function(*owners[0]), "?"))
            found.extend(self.class_by_name(facts, call.func.id))
        if not callees and isinstance(call.func, Attr):
            found.extend(self.guessed(path, facts, call, Method(Unknown("receiver"), call.func.name)))
        return tuple(found)

    def class_by_name(self, facts: FileFacts, name: str) -> list[Value]:
        """A parameter that is called by the name of a library's class: `def get_consumers(self, Consumer, channel)`."""
        return [
            External(path)
            for path, rules in self.known.functions.items()
            if name[:1].isupper() and path.rpartition(".")[2] == name
            and any(self.evaluator.imports(facts, rule.dialect.name) for rule in rules)
        ][:1]

    def as_method(self, callee: Value) -> Value:
        """A method of something outside the workspace, where only one kind of object has such a method."""
        if isinstance(callee, External) and callee.path not in self.known.functions:
            owner, _, name = callee.path.rpartition(".")
            if name in self.known.external and owner and "()" not in owner:
                return Method(External(owner), name)
            made = self.of_library(owner, name)
            if made is not None:
                return Method(made, name)
        return callee

    def of_library(self, owner: str, name: str) -> Made | None:
        """An object of a known library that no table names, taken for the one type that has such a method."""
        if "()" not in owner:
            return None
        root = owner.partition(".")[0]
        for dialect in self.known.dialects.values():
            if any(module.partition(".")[0] == root for module in dialect.imports):
                for type_name in dialect.types:
                    if self.known.methods.get((dialect.name, type_name, name)):
                        return Made(dialect.name, type_name, sure=False)
        return None

    def guessed(self, path: str, facts: FileFacts, call: Call, callee: Method) -> Values:
        """A method of an object known by its variable's conventional name, or of the only class that has it."""
        base = call.func.base if isinstance(call.func, Attr) else None
        name = base.name if isinstance(base, Attr) else base.id if isinstance(base, Name) else ""
        found: list[Value] = []
        for made in self.evaluator.conventional(path, facts, name.lstrip("_")):
            if isinstance(made, Made) and self.known.methods.get((made.dialect, made.type, callee.name)):
                found.append(Method(made, callee.name))
        if not found and not isinstance(callee.owner, Made | Instance | Class):
            found.extend(Method(Made(*key, sure=False), callee.name) for key in self.known.distinct.get(callee.name, [])[:1])
        return tuple(found) or self.only(callee.name)

    def only(self, name: str) -> Values:
        """The one workspace function of this name that is a wrapper, if no other wrapper has the name."""
        owners = self.wrappers.get(name, ())
        if len(owners) != 1 or name in library.COMMON:
            return ()
        path, key = next(iter(owners))
        return (Method(Function(path, key), "?"),)

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

    def rules(self, callee: Value) -> list[Rule]:
        """The patterns that speak of a callee."""
        match callee:
            case External(path=path):
                return self.known.functions.get(path, [])
            case Method(owner=owner, name=name):
                found: list[Rule] = []
                for dialect, type_name in self.evaluator.types(owner):
                    found.extend(self.known.methods.get((dialect, type_name, name), []))
                if not found and isinstance(owner, External) and not owner.path.startswith("builtins."):
                    found = self.external_rules(owner.path, name)
                return found
            case Bound(function=function, owner=owner):
                return self.overridden(function, owner)
            case Partial(function=function):
                return self.rules(function)
            case Made(dialect=dialect, type=type_name):
                return self.known.methods.get((dialect, type_name, "()"), [])
            case Class():
                found = []
                for base in self.evaluator.ancestors(callee):
                    if isinstance(base, External):
                        found.extend(self.known.functions.get(base.path, []))
                return found
            case _:
                return []

    def overridden(self, function: Function, owner: Value) -> list[Rule]:
        """Patterns of a library's method that a workspace subclass overrides: it is assumed to do the same."""
        name = function.key.rpartition(".")[2]
        found: list[Rule] = []
        for dialect, type_name in self.evaluator.types(owner):
            found.extend(self.known.methods.get((dialect, type_name, name), []))
        return found

    def external_rules(self, path: str, name: str) -> list[Rule]:
        """Patterns for a method of something outside the workspace that only one kind of object has."""
        for dialect, type_name in self.known.external.get(name, []):
            paths = self.known.type((dialect, type_name)).paths
            if not paths or any(fnmatchcase(path, pattern) for pattern in paths):
                return self.known.methods.get((dialect, type_name, name), [])
        return []

    # -- decorators

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
            dict.fromkeys(d for dec in reversed(scope.decorators) for d in self.of_decorator(path, facts, scope, dec, function))
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
                given = msgspec.structs.replace(self.given(path, facts, value.index, callee), decorated=function)
                matched = [d for rule in self.rules(callee) for d in self.apply(rule, given)]
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
        receiver = callee.owner if isinstance(callee, Method | Bound) else callee if isinstance(callee, Made) else None
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
            for done in self.filled(template, arguments, given, str(self.workspace.symbol(target.path, target.key)))
        ]

    def decorated_by(self, pending: Pending, function: Function, path: str, span: Span, parent: str) -> list[Draft]:
        """The sites that a decorator made elsewhere makes of a function."""
        facts = self.workspace.facts(pending.path)
        if facts is None:
            return []
        given = msgspec.structs.replace(
            self.given(pending.path, facts, pending.call, pending.callee), decorated=function, bound=pending.bound
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

    def decorator_arguments(self, target: Function, function: Function, owner: Value | None) -> dict[Argument, Values]:
        """What a decorator function gets: the decorated one as its first free parameter."""
        scope = self.workspace.get(target.path, target.key)
        positional = [p for p in scope.params if p.kind in "p*"]
        if owner is not None and positional:
            positional = positional[1:]
        found: dict[Argument, Values] = dict(target.bound)
        if positional:
            found[Argument(target.path, target.key, positional[0].name)] = (function,)
        return found

    def of_applied(self, path: str, facts: FileFacts, inner: int, outer: int) -> list[Draft]:
        """`app.agent(topic)(function)`: a decorator applied as a call."""
        call = facts.calls[inner]
        handlers = self.evaluator.eval(self.evaluator.at_call(path, facts, facts.calls[outer]), facts.calls[outer].args[0])
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

    # -- wrappers

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
        for i in range(index + 1, len(facts.scopes)):
            if facts.scopes[i].parent in inside:
                inside.add(i)
        prefixes = (function.key, function.key + ".")
        keys = {facts.scopes[i].key for i in inside}
        found: list[Draft] = [
            seed
            for seed in self.seeds.get(function.path, ())
            if seed.scope in keys and closed_under(seed, prefixes, seed.scope == function.key)
        ]
        for i, call in enumerate(facts.calls):
            if call.scope in inside and call.name in self.hot or call.scope == index and isinstance(call.func, CallRef):
                for draft in self.of_call(function.path, i):
                    if is_open(draft) and closed_under(draft, prefixes, facts.scopes[call.scope].key == function.key):
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
        function, owner = target_of(callee)
        if function is None or given.call is None:
            return []
        if isinstance(callee, Method) and is_test(function.path) and not is_test(given.path):
            return []
        templates = self.templates(function)
        if not templates:
            return []
        arguments = self.evaluator.arguments(given.path, given.facts, given.call, function, owner)
        if isinstance(callee, Partial):
            arguments = {**partial_arguments(self, callee, function), **arguments}
        if isinstance(callee, Method):
            arguments = self.evaluator.arguments(
                given.path, given.facts, given.call, function, Unknown("receiver") if self.is_method(function) else None
            )
        symbol = self.workspace.symbol(function.path, function.key)
        return [
            msgspec.structs.replace(done, certainty="likely", reason="only-wrapper") if isinstance(callee, Method) else done
            for template in templates
            for done in self.filled(template, arguments, given, symbol)
        ]

    def is_method(self, function: Function) -> bool:
        """Whether a function stands in a class."""
        facts = self.workspace.facts(function.path)
        scope = self.workspace.get(function.path, function.key)
        return facts is not None and scope.parent >= 0 and facts.scopes[scope.parent].kind == "class"

    def filled(self, template: Draft, arguments: dict[Argument, Values], given: Given, symbol: str) -> list[Draft]:
        """A template with a call's arguments: one site a name."""
        if template.receiver is not None:
            return self.received_by(template, arguments, given, symbol)
        names = spread(template.name, arguments)
        names = flat(self, names, template.form)
        handlers: Values | list[None] = [None]
        if template.handler is not None:
            handlers = handlers_in(self, spread(template.handler, arguments)) or (Unknown("handler"),)
        if given.decorated is not None and template.handler is None and template.kind == "handle":
            handlers = (given.decorated,)
        step = (symbol, template.path, template.span[0])
        found: list[Draft] = []
        for name in names:
            for handler in handlers:
                if name == template.name and handler == template.handler:
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
        for value in spread(template.receiver, arguments):
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
            for rule in self.rules(callee):
                for draft in self.apply(rule, inner):
                    found.extend(self.filled(draft, arguments, given, symbol) if is_open(draft) else [
                        msgspec.structs.replace(
                            draft, path=given.path, span=given.span, scope=given.scope, reason="wrapper",
                            steps=((symbol, template.path, template.span[0]), *draft.steps)[:6],
                        )
                    ])  # fmt: skip
        return found

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

    # -- patterns

    def apply(self, rule: Rule, given: Given) -> list[Draft]:
        """The sites that one pattern makes of one call."""
        pattern = rule.pattern
        if pattern.unless and self.argument(given, pattern.unless) is not None:
            return []
        if pattern.given and self.argument(given, pattern.given) is None:
            return []
        if given.decorated is not None and not rule.decorator and rule.kind != "handle":
            return []
        if pattern.skip and given.decorated is not None and given.decorated.key.rpartition(".")[2] in pattern.skip:
            return []
        if rule.kind == "declare" and pattern.event.otherwise == "variable.path" and not given.target:
            return []
        if rule.decorator and given.decorated is None and given.handler is None:
            return []
        handlers = self.handlers(rule, given) if rule.kind == "handle" else (None,)
        if not handlers or not pattern.site:
            return []
        if pattern.pairs:
            return self.paired(rule, given)
        certainty, reason = self.trust(rule, given)
        names = self.names(rule, given, handlers)
        options = self.options(pattern, given)
        payload = self.payload(pattern, given)
        span = given.span
        scope = given.scope
        if rule.kind == "publish" and given.decorated is not None and not pattern.schedule:
            scope = given.decorated.key
        if rule.kind == "declare" and given.call is not None and given.target:
            span = (given.call.line, span[1], span[2], span[3])
        return [
            Draft(
                kind=rule.kind,
                dialect=rule.dialect.name,
                transport=self.transport(rule),
                name=name,
                path=given.path,
                span=span,
                scope=scope,
                handler=handler,
                certainty=certainty,
                reason=reason,
                options=options,
                payload=payload,
                here=given.call is not None and self.is_factory(pattern, given),
                form=pattern.event if pattern.event.class_ else None,
            )
            for handler in handlers
            for name in names
            if name != SKIPPED
        ]

    def paired(self, rule: Rule, given: Given) -> list[Draft]:
        """Handlers given by name: `subscribe(orders=on_order)`, `subscribe(**{"orders": on_order})`."""
        found: list[Draft] = []
        pairs: list[tuple[Values, Values]] = []
        for keyword, expr in given.call.keywords if given.call is not None else ():
            values = self.evaluator.eval(given.at, expr)
            if keyword != "**":
                pairs.append(((Str(keyword),), values))
            for value in values if keyword == "**" else ():
                pairs.extend(value.entries if isinstance(value, Table) else ())
        certainty, reason = self.trust(rule, given)
        for names, values in pairs:
            for handler in handlers_in(self, values) or (None,):
                for name in names:
                    found.append(
                        Draft(rule.kind, rule.dialect.name, self.transport(rule), name, given.path, given.span,
                              given.scope, handler, certainty, reason)
                    )  # fmt: skip
        return found

    def is_factory(self, pattern: Pattern, given: Given) -> bool:
        """Whether the handler is made on the spot by a workspace function: `connect(make_handler(X))`."""
        expr = self.argument(given, pattern.handler) if pattern.handler else None
        if not isinstance(expr, CallRef):
            return False
        callees = self.evaluator.callees(given.path, given.facts, given.facts.calls[expr.index])
        return any(isinstance(c, Function | Bound) for c in callees)

    def transport(self, rule: Rule) -> str:
        """The transport of a pattern's receiver."""
        own = rule.pattern.transport
        if rule.type in rule.dialect.types:
            own = own or rule.dialect.types[rule.type].transport
        return own or rule.dialect.carrier

    def trust(self, rule: Rule, given: Given) -> tuple[Certainty, str]:
        """How far a match can be trusted, and by which rule."""
        if rule.dialect.certainty == "likely" or rule.pattern.certainty == "likely":
            return "likely", "by-shape" if rule.dialect.certainty == "likely" else "by-convention"
        if isinstance(given.receiver, Made) and not given.receiver.sure:
            return "likely", "by-name"
        return "sure", "decorator" if given.decorated is not None else "call"

    def argument(self, given: Given, places: tuple[str | int, ...]) -> AnyExpr | None:
        """The first of these arguments that a call gives."""
        if given.call is None:
            return None
        keywords = dict(given.call.keywords)
        for place in places:
            if isinstance(place, str):
                if place in keywords:
                    return keywords[place]
            elif place < len(given.call.args):
                if not any(isinstance(a, Star) for a in given.call.args[: place + 1]):
                    return given.call.args[place]
        return None

    def handlers(self, rule: Rule, given: Given) -> Values | tuple[None, ...]:
        """The handlers of a handling pattern; `(None,)` when the call itself consumes."""
        pattern = rule.pattern
        if given.handler is not None:
            return tuple(self.stands_for(h) for h in handlers_in(self, given.handler)) or (None,)
        if pattern.handler:
            expr = self.argument(given, pattern.handler)
            if expr is not None and expr != Lit(None):
                found = handlers_in(self, self.evaluator.eval(given.at, expr))
                return tuple(self.stands_for(h) for h in found) or (Unknown("handler"),)
        if given.decorated is not None:
            return (given.decorated,)
        if pattern.receiver_handler and isinstance(given.receiver, Made) and given.receiver.function:
            return (given.receiver.function,)
        return (None,) if pattern.loop else ()

    def stands_for(self, handler: Value) -> Value:
        """The parameter that a nested handler only wraps: `def wrapper(*args): return func(*args)`."""
        if not isinstance(handler, Function):
            return handler
        facts = self.workspace.facts(handler.path)
        if facts is None:
            return handler
        index = self.workspace.scope(handler.path, handler.key)
        parent = facts.scopes[index].parent
        outer = {p.name: facts.scopes[i].key for i in around(facts, parent) for p in facts.scopes[i].params}
        own = {p.name for p in facts.scopes[index].params}
        returned = {v.index for v in facts.scopes[index].returns if isinstance(v, CallRef)}
        inside = [i for i, c in enumerate(facts.calls) if c.scope == index]
        for i in inside:
            call = facts.calls[i]
            passes = i in returned or len(inside) == 1 or forwards(call)
            if passes and isinstance(call.func, Name) and call.func.id in outer.keys() - own:
                argument = Argument(handler.path, outer[call.func.id], call.func.id)
                return dict(handler.bound).get(argument, (argument,))[0]
        return handler

    def names(self, rule: Rule, given: Given, handlers: Values | tuple[None, ...]) -> Values:
        """The names of the event that a match speaks of; never none: an `Unknown` says why."""
        spec = rule.pattern.event
        found = self.variable(given) if spec.otherwise == "variable.path" and spec.argument else ()
        found = found or self.named(spec, rule, given)
        if not found:
            if spec.class_ == "none" and spec.argument and self.argument(given, spec.argument) is not None:
                return (SKIPPED,)
            found = self.otherwise(spec, given, handlers)
        if spec.exchange:
            found = self.exchanged(spec, given, found)
        if not found:
            return (Unknown("dynamic"),)
        return union(tuple(shaped(name, spec) for name in found))

    def named(self, spec: EventSpec, rule: Rule, given: Given) -> Values:
        """The names that arguments or the receiver give."""
        found: list[Values] = []
        exprs: list[AnyExpr] = []
        if spec.argument:
            expr = self.argument(given, spec.argument)
            if expr is not None:
                exprs.append(expr)
            else:
                found.append(self.handed_on(given, spec.argument))
        if spec.rest is not None and given.call is not None:
            exprs.extend(given.call.args[spec.rest :])
        for expr in exprs:
            values = self.evaluator.eval(given.at, expr)
            if not values:
                found.append((Unknown("dynamic"),))
            for value in values:
                if spec.within and isinstance(value, Str) and given.decorated is not None:
                    found.append((self.inside(value, given.decorated),))
                else:
                    found.append(self.name_of(value, spec, given))
        if spec.receiver and given.receiver is not None and not exprs:
            found.append(self.name_of(given.receiver, spec, given))
        names = union(*found)
        if spec.prefix and given.receiver is not None:
            names = self.prefixed(names, given.receiver, spec.prefix)
        known = tuple(n for n in names if not isinstance(n, Unknown))
        return known or names

    def handed_on(self, given: Given, places: tuple[str | int, ...]) -> Values:
        """An argument that comes with `**options` of the function around the call."""
        stars = [v for k, v in given.call.keywords if k == "**"] if given.call is not None else []
        found: Values = ()
        for expr in stars:
            for value in self.evaluator.eval(given.at, expr):
                for table in spread(value, dict(given.bound)):
                    if isinstance(table, Table):
                        for place in places:
                            found = found or self.evaluator.looked_up_exactly(table, str(place))
        return tuple(v for v in found if isinstance(v, Str | TextPattern))

    def prefixed(self, names: Values, receiver: Value, keyword: str) -> Values:
        """Names with what the receiver was made with before them."""
        prefixes = self.made_with(receiver, keyword)
        return union(*(tuple(join((p, n)) for n in names) for p in prefixes)) if prefixes else names

    def made_with(self, receiver: Value, keyword: str) -> Values:
        """An argument of the call that made a receiver, as far as it is a text."""
        place = receiver.call if isinstance(receiver, Made | Instance) else None
        facts = self.workspace.facts(place[0]) if place is not None else None
        if place is None or facts is None:
            return ()
        call = facts.calls[place[1]]
        expr = dict(call.keywords).get(keyword)
        if expr is None:
            return ()
        return tuple(
            v for v in self.evaluator.eval(self.evaluator.at_call(place[0], facts, call), expr) if isinstance(v, Str)
        )

    def name_of(self, value: Value, spec: EventSpec, given: Given) -> Values:  # noqa: C901 - one line a kind
        """The event's names that a value stands for."""
        match value:
            case Str() | TextPattern() | Joined() | Argument():
                return (value,)
            case Made(names=names):
                return names or self.bound_names(value) or (Unknown("anonymous"),)
            case Items(items=items) if spec.entries:
                return self.entry_names(items, spec)
            case Items(items=items):
                return union(*(self.name_of(v, spec, given) for group in items for v in group))
            case Table(entries=entries) if spec.keys:
                return union(*(self.name_of(v, spec, given) for key, _ in entries for v in key))
            case Table() if spec.entries:
                return self.entry_names(((value,),), spec)
            case Class() if spec.class_ and spec.class_ != "none":
                return (self.class_name(value, spec),) if self.descends(value, spec) else ()
            case Instance(cls=cls) if spec.receiver and not spec.class_:
                return self.subclass_names(cls) or (Unknown("object"),)
            case Instance(cls=cls):
                if spec.class_ and not self.evaluator.is_enum(cls):
                    return (self.class_name(cls, spec),) if self.descends(cls, spec) else ()
                types = self.evaluator.types(value)
                if spec.attribute:
                    return self.class_text(cls, spec.attribute)
                return (Unknown("object"),) if types or not spec.attribute else ()
            case External(path=path) if spec.class_ and path.endswith("()"):
                return (Str(path[:-2]),) if spec.unresolved == "path" else (Unknown("outside"),)
            case External(path=path):
                if spec.unresolved == "path" and not path.startswith("builtins."):
                    return (Str(path.removesuffix("()"), path),)
                return (Unknown("outside"),)
            case Function() if spec.otherwise.startswith("function"):
                return self.function_name(value, spec)
            case Method(owner=owner, name="value"):
                return self.name_of(owner, spec, given)
            case Method(owner=owner):
                return (Unknown("parameter" if mentions(owner) else "attribute"),)
            case Unknown():
                return (value,)
            case _:
                return ()

    def bound_names(self, value: Made) -> Values:
        """The events that an anonymous queue is bound to."""
        if value.names or value.call is None:
            return ()
        return self.memo.get(("bound to", value.call[0], ""), lambda: self._bound(value.call[0]), {}).get(value.call, ())

    def _bound(self, path: str) -> dict[tuple[str, int], Values]:
        """Bindings made in a file: the object that is bound, and what it is bound to."""
        found: dict[tuple[str, int], Values] = {}
        facts = self.workspace.facts(path)
        if facts is None:
            return found
        for method in {key[2] for key in self.known.bindings}:
            for index in self.workspace.calls(path, method):
                call = facts.calls[index]
                for callee in self.evaluator.callees(path, facts, call):
                    if isinstance(callee, Method) and isinstance(callee.owner, Made):
                        given = self.given(path, facts, index, callee)
                        for source, target in self.bound_by(callee.owner, method, given):
                            if target.call is not None:
                                found[target.call] = union(found.get(target.call, ()), source)
        return found

    def bound_by(self, owner: Made, method: str, given: Given) -> list[tuple[Values, Made]]:
        """What a binding call routes: the names of its source, and the object that hears them."""
        found: list[tuple[Values, Made]] = []
        for _, binding in self.known.bindings.get((owner.dialect, owner.type, method), ()):
            expr = self.argument(given, binding.source)
            sources = self.evaluator.eval(given.at, expr) if expr is not None else ()
            form = EventSpec(template=binding.source_template)
            names: Values = ()
            for value in sources:
                plain = self.name_of(value, form, given)
                names = union(names, tuple(shaped(n, form) for n in plain) if isinstance(value, Str) else plain)
            targets: Values = (owner,)
            if binding.target:
                place = self.argument(given, binding.target)
                targets = self.evaluator.eval(given.at, place) if place is not None else ()
            found.extend((names, target) for target in targets if isinstance(target, Made))
        return found

    def entry_names(self, items: tuple[Values, ...], spec: EventSpec) -> Values:
        """Names made of the entries of dicts: `Source:DetailType`."""
        found: list[Value] = []
        for value in (v for group in items for v in group):
            if isinstance(value, Table):
                parts: list[Value] = []
                for key in spec.entries:
                    hit = flat(self, self.evaluator.looked_up_exactly(value, key))
                    parts.append(self.evaluator.one_text(hit))
                separated = [p for part in parts for p in (Str(":"), part)][1:]
                found.append(join(tuple(separated)))
            elif isinstance(value, Argument):
                found.append(value)
        return tuple(found)

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
        self.classes[self.workspace.symbol(cls.path, cls.key)] = cls
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
        """A text that a class holds under a name."""
        return tuple(v for v in self.evaluator.member(cls, name) or () if isinstance(v, Str))

    def otherwise(self, spec: EventSpec, given: Given, handlers: Values | tuple[None, ...]) -> Values:
        """The name where no argument gives one: after the function or the variable."""
        if spec.otherwise == "variable.path":
            return self.variable(given)
        if spec.annotation is not None:
            return union(*(self.annotation(h, spec) for h in handlers if isinstance(h, Function)))
        if spec.otherwise.startswith("function"):
            functions = [h for h in (given.decorated, *handlers) if isinstance(h, Function)]
            if isinstance(given.receiver, Made) and given.receiver.function is not None and not functions:
                functions = [given.receiver.function]
            opened = [h for h in handlers if isinstance(h, Argument)]
            if opened and not functions:
                return (Method(opened[0], spec.otherwise),)
            return self.function_name(functions[0], spec) if functions else ()
        return ()

    def variable(self, given: Given) -> Values:
        """The dotted path of the variable that a call is assigned to."""
        if not given.target:
            return ()
        scope = given.facts.scopes[given.at.scope]
        target = given.target
        if scope.kind not in ("module", "class") and "." not in target:
            return ()
        if target.startswith(("self.", "cls.")):
            owner = given.facts.scopes[scope.parent] if scope.parent >= 0 else scope
            return (Str(self.workspace.symbol(given.path, f"{owner.qualname}.{target.partition('.')[2]}")),)
        return (Str(self.workspace.symbol(given.path, f"{scope.qualname}.{target}".strip("."))),)

    def function_name(self, function: Function, spec: EventSpec) -> Values:
        """A function's name in the form that a pattern asks for."""
        qualname = function.key.partition("#")[0]
        match spec.otherwise:
            case "function.path":
                return (Str(self.workspace.symbol(function.path, qualname.rpartition(".")[2])),)
            case "function.colon":
                return (Str(f"{self.workspace.modules.canonical(function.path)}:{qualname.rpartition('.')[2]}"),)
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

    def exchanged(self, spec: EventSpec, given: Given, routed: Values) -> Values:
        """AMQP: a named exchange names the event, the default one leaves it to the routing key."""
        expr = self.argument(given, spec.exchange)
        values = self.evaluator.eval(given.at, expr) if expr is not None else ()
        found: list[Value] = []
        for value in values:
            match value:
                case Str(text=""):
                    continue
                case Str(text=text):
                    found.append(Str(text if text.startswith("exchange:") else f"exchange:{text}"))
                case Made(names=names):
                    found.extend(names)
                case Argument() | Joined():
                    found.append(value)
                case TextPattern() | Method() | Unknown():
                    found.append(Unknown("dynamic"))
                case _:
                    continue
        if expr is None and isinstance(given.receiver, Made):
            found.extend(n for n in given.receiver.names if isinstance(n, Str | TextPattern) and "exchange:" in n.text)
        return tuple(found) or routed

    def options(self, pattern: Pattern, given: Given) -> tuple[tuple[str, str], ...]:
        """Delivery options that a call declares, as written."""
        found: list[tuple[str, str]] = []
        for name in ("delay", "retries", "dead_letter", "idempotent"):
            expr = self.argument(given, getattr(pattern.options, name))
            if expr is not None:
                found.append((name, written(self, given, expr)))
        return tuple(found)

    def payload(self, pattern: Pattern, given: Given) -> Value | None:
        """The class of the payload, where it is one of the workspace's."""
        expr = self.argument(given, pattern.payload) if pattern.payload else None
        values = self.evaluator.eval(given.at, expr) if expr is not None else ()
        return next((v.cls for v in values if isinstance(v, Instance)), None)

    # -- objects that patterns make

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
                found.append(Made(made.dialect, made.type, known or (Method(value, form),), made.call, None, made.sure))
            else:
                names = union(*(spread(n, dict(pending.bound)) for n in made.names))
                found.append(Made(made.dialect, made.type, names, made.call, value, made.sure))
        return found

    def objects(self, callee: Value, given: Given) -> list[Value]:
        """The objects that one callee gives."""
        found: list[Value] = []
        place = (given.path, given.index) if given.index >= 0 else None
        for rule in self.rules(callee):
            if rule.pattern.makes and not (rule.decorator and given.decorated is None):
                handlers: Values | tuple[None, ...] = (given.decorated,) if given.decorated is not None else (None,)
                if rule.pattern.handler and given.decorated is None:
                    handlers = self.handlers(rule, given) or (None,)
                function = next((h for h in handlers if isinstance(h, Function)), None)
                names = tuple(n for n in self.names(rule, given, handlers) if not is_nameless(n))
                sure = not isinstance(given.receiver, Made) or given.receiver.sure
                found.append(Made(rule.dialect.name, rule.pattern.makes, names, place, function, sure))
        if found:
            return found
        if given.decorated is None and given.index >= 0 and any(r.decorator and not r.type for r in self.rules(callee)):
            return [Pending(callee, given.path, given.index)]
        if given.decorated is None and given.index >= 0 and isinstance(callee, Method):
            if any(r.decorator and r.pattern.makes for r in self.rules(callee)):
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
                found.extend(v for v in self.objects(callee, given) if isinstance(v, Made) and v.function == function)
                if not found:
                    for inner in self.evaluator.called(path, facts, decorator.value.index, call, callee):
                        found.extend(self.made_by(inner, function))
            return found
        return [v for callee in self.evaluator.eval(at, decorator.value) for v in self.made_here(path, facts, at, callee, function, decorator)]

    def made_here(self, path: str, facts: FileFacts, at: At, callee: Value, function: Function, decorator: Decorator) -> list[Value]:
        """What a bare decorator makes of a function."""
        receiver = callee.owner if isinstance(callee, Method) else None
        given = Given(path, facts, None, at, decorator.span, "", receiver, "", -1, function)
        made = [v for v in self.objects(callee, given) if isinstance(v, Made) and v.function == function]
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
                found.append(Made(value.dialect, value.type, names, value.call, inner or function, value.sure))
        return found

    def renamed(self, name: Value, arguments: dict[Argument, Values]) -> Value:
        """A name that is a function's, once the function is known."""
        if isinstance(name, Method) and isinstance(name.owner, Argument):
            for value in arguments.get(name.owner, ()):
                if isinstance(value, Function):
                    return self.function_name(value, EventSpec(otherwise=name.name))[0]  # type: ignore[arg-type]
        return fill(name, arguments)

    # -- classes, tables, values

    def of_class(self, path: str, facts: FileFacts, scope: Scope) -> list[Draft]:
        """The sites that a class makes by being one: subclasses, `on_x` methods, lists of handlers."""
        cls = Class(path, scope.key)
        found: list[Draft] = []
        if scope.bases and self.known.subclasses:
            found.extend(self.of_subclass(path, facts, scope, cls))
        if self.known.named_methods and scope.bases:
            found.extend(self.of_methods(path, facts, scope, cls))
        for name in scope.names.keys() & self.known.attributes.keys():
            found.extend(self.of_attribute(path, facts, scope, cls, name))
        return found

    def of_subclass(self, path: str, facts: FileFacts, scope: Scope, cls: Class) -> list[Draft]:
        """A subclass of a library's class: a task class, an event class."""
        found: list[Draft] = []
        parent = facts.scopes[scope.parent].key if scope.parent >= 0 else ""
        bases = self.evaluator.ancestors(cls)
        for base in bases[1:]:
            dotted = base.path if isinstance(base, External) else self.workspace.symbol(base.path, base.key)
            for rule in self.known.subclasses.get(dotted, ()):
                spec = rule.pattern.event
                names = self.names_of_class(cls, spec)
                handler: Value | None = None
                span, key = scope.span, parent
                if rule.kind == "handle":
                    run = self.evaluator.own_member(cls, str(rule.pattern.handler[0])) if rule.pattern.handler else None
                    functions = [f for f in run or () if isinstance(f, Function)]
                    if not functions:
                        continue
                    handler = functions[0]
                else:
                    key = scope.key
                payload = cls if rule.kind == "declare" else None
                found.extend(
                    Draft(rule.kind, rule.dialect.name, rule.dialect.carrier, n, path, span, key, handler,
                          reason="subclass", payload=payload)
                    for n in names
                )  # fmt: skip
        return found

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
        form = "name" if spec.otherwise == "class.name" or spec.class_ == "name" else "path"
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

    def of_methods(self, path: str, facts: FileFacts, scope: Scope, cls: Class) -> list[Draft]:
        """Methods that handle by their name."""
        found: list[Draft] = []
        for rule in self.known.named_methods:
            wanted = {(rule.dialect.name, t) for t in rule.pattern.of}
            if not wanted & set(self.evaluator.class_types(cls)):
                continue
            if rule.pattern.cases:
                found.extend(self.of_cases(rule, path, facts, scope))
                continue
            for name, bindings in scope.names.items():
                inner = bindings[-1].value
                if fnmatchcase(name, rule.pattern.method) and isinstance(inner, ScopeRef):
                    method = facts.scopes[inner.index]
                    if method.kind == "function" and not method.decorators:
                        text = Str(name.removeprefix(rule.pattern.event.strip))
                        found.append(
                            Draft("handle", rule.dialect.name, rule.dialect.carrier, text, path, method.span, scope.key,
                                  Function(path, method.key), reason="method-name")
                        )  # fmt: skip
        return found

    def of_cases(self, rule: Rule, path: str, facts: FileFacts, scope: Scope) -> list[Draft]:
        """The classes that a method tells apart by `isinstance` or `match`."""
        found: list[Draft] = []
        for case in facts.cases:
            method = facts.scopes[case.scope]
            if method.name != rule.pattern.method or facts.scopes[method.parent] is not scope:
                continue
            at = At(path, facts, case.scope, -1, case.span[0])
            for value in self.evaluator.elements((Items((self.evaluator.eval(at, case.cls),)),)):
                if isinstance(value, Class):
                    name = self.class_name(value, rule.pattern.event)
                    found.append(
                        Draft("handle", rule.dialect.name, rule.dialect.carrier, name, path, case.span, method.key,
                              Function(path, method.key), reason="isinstance")
                    )  # fmt: skip
        return found

    def of_attribute(self, path: str, facts: FileFacts, scope: Scope, cls: Class, name: str) -> list[Draft]:
        """A class attribute that lists handlers."""
        found: list[Draft] = []
        for rule in self.known.attributes[name]:
            owner = rule.method.rpartition(".")[0]
            if not fnmatchcase(scope.name, owner):
                continue
            values = self.evaluator.own_member(cls, name) or ()
            found.extend(self.listed(rule, path, scope.names[name][-1].line, scope.key, values))
        return found

    def listed(self, rule: Rule, path: str, line: int, scope: str, values: Values) -> list[Draft]:
        """Handlers in a list."""
        found: list[Draft] = []
        for value in self.evaluator.elements(values):
            names: Values = ()
            handler: Value | None = value
            if isinstance(value, Made):
                names, handler = value.names, value.function
            if isinstance(value, Str):
                names = (Str(value.text.rpartition(".")[2]),)
            if isinstance(handler, Function) and not names:
                names = self.function_name(handler, rule.pattern.event)
            if isinstance(handler, Function):
                found.extend(
                    Draft("handle", rule.dialect.name, rule.dialect.carrier, n, path, (line, 0, line, 0), scope, handler,
                          reason="listed")
                    for n in names
                )  # fmt: skip
        return found

    def of_tables(self, path: str, facts: FileFacts) -> list[Draft]:
        """Assigned dicts whose entries name events: beat schedules."""
        found: list[Draft] = []
        for name, rules in self.known.tables.items():
            for index, scope in enumerate(facts.scopes):
                for binding in scope.names.get(name, ()):
                    at = At(path, facts, index, binding.block, binding.line)
                    found.extend(self.in_table(rules, at, binding.value))
                for member in scope.attrs.get(name, ()):
                    found.extend(self.in_table(rules, At(path, facts, member.scope), member.value))
            for store in facts.stores:
                if store.attr == name:
                    at = At(path, facts, store.scope, -1, store.span[0])
                    found.extend(self.in_table(rules, at, store.value))
            for call in facts.calls:
                for keyword, value in call.keywords:
                    if keyword == name:
                        found.extend(self.in_table(rules, self.evaluator.at_call(path, facts, call), value))
        return found

    def in_table(self, rules: list[Rule], at: At, value: AnyExpr) -> list[Draft]:
        """The named entries of a dict of dicts."""
        found: list[Draft] = []
        while isinstance(value, Typed) and value.value is not None:
            value = value.value
        if not isinstance(value, Map):
            return found
        for entry in value.values:
            pairs: list[tuple[AnyExpr, AnyExpr, int]] = []
            if isinstance(entry, Map):
                pairs = [(k, v, n) for k, v, n in zip(entry.keys, entry.values, entry.lines, strict=True) if k is not None]
            elif isinstance(entry, CallRef) and at.facts.calls[entry.index].name == "dict":
                made = at.facts.calls[entry.index]
                pairs = [(Lit(k), v, made.span[0]) for k, v in made.keywords]
            for key, inner, line in pairs:
                for rule in rules:
                    if key == Lit(rule.pattern.entry):
                        names = [n for v in self.evaluator.eval(at, inner) for n in self.name_of(v, EventSpec(receiver=True), None)]  # type: ignore[arg-type]
                        scope = at.facts.scopes[at.scope].key
                        found.extend(
                            Draft(rule.kind, rule.dialect.name, rule.dialect.carrier, n, at.path, (line, 0, line, 0), scope,
                                  reason="table")
                            for n in names
                        )  # fmt: skip
        return found

    def of_arguments(self, path: str, facts: FileFacts) -> list[Draft]:
        """Publishing methods that are passed on uncalled: `run(task.delay)`, `partial(task.delay, 1)`."""
        found: list[Draft] = []
        for call in facts.calls:
            for expr in (*call.args, *(v for _, v in call.keywords)):
                if not isinstance(expr, Attr) or expr.name not in self.hot:
                    continue
                at = self.evaluator.at_call(path, facts, call)
                for value in self.evaluator.eval(at, expr):
                    if not isinstance(value, Method) or not isinstance(value.owner, Made):
                        continue
                    scope = facts.scopes[call.scope].key
                    given = Given(path, facts, None, at, call.span, scope, value.owner, "")
                    for rule in self.rules(value):
                        if rule.kind == "publish" and rule.pattern.event.receiver:
                            found.extend(
                                msgspec.structs.replace(d, reason="passed-on") for d in self.apply(rule, given)
                            )
        return found


# -- pure helpers


def decorator_calls(facts: FileFacts) -> set[int]:
    """The calls that are decorators."""
    return {d.value.index for s in facts.scopes for d in s.decorators if isinstance(d.value, CallRef)}


def around(facts: FileFacts, index: int) -> list[int]:
    """The functions around a scope, this one included."""
    found: list[int] = []
    while index > 0:
        if facts.scopes[index].kind == "function":
            found.append(index)
        index = facts.scopes[index].parent
    return found


def is_nameless(name: Value) -> bool:
    """Whether a name says nothing: unknown, or empty as for a queue that the broker names."""
    return isinstance(name, Unknown) or isinstance(name, Str) and not name.text


def forwards(call: Call) -> bool:
    """Whether a call hands on whatever arguments came: `func(*args, **kwargs)`."""
    return any(isinstance(a, Star) for a in call.args) or any(k == "**" for k, _ in call.keywords)


def applied_calls(facts: FileFacts) -> dict[int, int]:
    """Calls whose result is called at once with one argument: `decorate(x)(function)`."""
    return {
        call.func.index: index
        for index, call in enumerate(facts.calls)
        if isinstance(call.func, CallRef) and len(call.args) == 1
    }


def is_open(draft: Draft) -> bool:
    """Whether a draft waits for a caller."""
    return mentions(draft.name) or draft.handler is not None and mentions(draft.handler)


def owns_handler(draft: Draft, function: Function) -> bool:
    """Whether a draft's handler is a function nested in this one."""
    return isinstance(draft.handler, Function) and draft.handler.key.startswith(function.key + ".")


def closed_under(draft: Draft, prefixes: tuple[str, str], own: bool) -> bool:
    """Whether every parameter that a draft waits for is one of the function's own (or it stands in its own body)."""
    if own:
        return True
    waiting = [a for v in (draft.name, draft.handler) if v is not None for a in parameters(v)]
    return bool(waiting) and all(a.key == prefixes[0] for a in waiting)


def parameters(value: Value) -> list[Argument]:
    """The parameters that a value waits for."""
    match value:
        case Argument():
            return [value]
        case Joined(parts=parts):
            return [a for p in parts for a in parameters(p)]
        case Method(owner=owner) | Bound(owner=owner):
            return parameters(owner)
        case Made(names=names):
            return [a for n in names for a in parameters(n)]
        case _:
            return []


def target_of(callee: Value) -> tuple[Function | None, Value | None]:
    """The workspace function behind a callee, and the object it is bound to."""
    match callee:
        case Function():
            return callee, None
        case Bound(function=function, owner=owner):
            return function, owner
        case Partial(function=function):
            return target_of(function)
        case Method(owner=Function() as function, name="?"):
            return function, None
        case _:
            return None, None


def partial_arguments(finder: Finder, partial: Partial, function: Function) -> dict[Argument, Values]:
    """What a partial has already given."""
    scope = finder.workspace.get(function.path, function.key)
    positional = [p for p in scope.params if p.kind == "p"]
    if isinstance(partial.function, Bound):
        positional = positional[1:]
    found = {
        Argument(function.path, function.key, p.name): v for p, v in zip(positional, partial.args, strict=False)
    }
    found.update({Argument(function.path, function.key, k): v for k, v in partial.keywords})
    return found


def flat(finder: Finder, values: Values, form: EventSpec | None = None) -> Values:
    """Names, with lists laid open and objects turned into the names of their events."""
    found: list[Value] = []
    form = form or EventSpec(class_="path")
    for value in values:
        match value:
            case Items(items=items):
                found.extend(flat(finder, union(*items), form))
            case Made(names=names):
                found.extend(names)
            case Instance(cls=cls) if not finder.evaluator.is_enum(cls):
                found.append(finder.class_name(cls, form))
            case Class():
                found.append(finder.class_name(value, form))
            case Method(owner=Function() as function, name=form) if form.startswith("function."):
                found.extend(finder.function_name(function, EventSpec(otherwise=form)))  # type: ignore[arg-type]
            case Method(owner=owner, name=name) if not isinstance(owner, Method):
                inner = finder.evaluator.attribute(owner, name)
                texts = tuple(v for v in inner if isinstance(v, Str | TextPattern | Joined | Argument))
                found.extend(texts or (value if mentions(owner) else Unknown("dynamic"),))
            case Method() | External():
                found.append(Unknown("dynamic"))
            case _:
                found.append(value)
    return union(tuple(found))


def handlers_in(finder: Finder, values: Values) -> Values:
    """The handlers among values: functions, bound methods, partials, callables; parameters stay."""
    found: list[Value] = []
    for value in values:
        match value:
            case Function() | Argument():
                found.append(value)
            case Bound(function=function):
                found.append(function)
            case Partial(function=function):
                found.extend(handlers_in(finder, (function,)))
            case Made(function=Function() as function):
                found.append(function)
            case Items(items=items):
                found.extend(handlers_in(finder, union(*items)))
            case Instance() | Class():
                cls = value.cls if isinstance(value, Instance) else value
                members = finder.evaluator.member(cls, "__call__") or finder.evaluator.member(cls, "__init__") or ()
                found.extend(v for v in members if isinstance(v, Function))
            case External():
                found.append(value)
            case Method(owner=owner):
                found.append(Unknown("handler") if not mentions(owner) else Unknown("parameter"))
            case _:
                pass
    return union(tuple(found))


def shaped(name: Value, spec: EventSpec) -> Value:
    """A name in the form that the event's spec asks for."""
    if isinstance(name, Str):
        text = name.text
        if spec.last:
            for mark in spec.last:
                text = text.rpartition(mark)[2] or text
        if spec.strip:
            text = text.removeprefix(spec.strip)
        if spec.template:
            text = spec.template.replace("{}", text)
        return name if text == name.text else Str(text, name.origin)
    if isinstance(name, TextPattern):
        text = name.text
        if spec.last:
            for mark in spec.last:
                text = text.rpartition(mark)[2] or text
        if spec.template:
            text = spec.template.replace("{}", text)
        if not text.strip("*"):
            return Unknown("dynamic")
        return TextPattern(text)
    return name


def written(finder: Finder, given: Given, expr: AnyExpr) -> str:
    """An option as text: its value where that is known, else the name that stands for it."""
    values = finder.evaluator.eval(given.at, expr)
    for value in values:
        if isinstance(value, Number | Str):
            return value.text
    if isinstance(expr, Attr):
        return expr.name
    return expr.id if isinstance(expr, Name) else "set"


__all__ = ["Draft", "Finder", "Given", "argument_of"]
