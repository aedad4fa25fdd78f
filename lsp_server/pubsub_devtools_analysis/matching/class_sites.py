"""The sites that a class makes by being one: subclasses, `on_x` methods, lists of handlers."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import At, constant_text
from pubsub_devtools_analysis.facts import (
    FileFacts,
    Scope,
    ScopeRef,
)
from pubsub_devtools_analysis.known import Rule
from pubsub_devtools_analysis.matching.calls import Calls
from pubsub_devtools_analysis.matching.class_names import is_text
from pubsub_devtools_analysis.matching.draft import Draft
from pubsub_devtools_analysis.values import (
    Class,
    External,
    Function,
    Items,
    Made,
    Str,
    Value,
    Values,
)


class ClassSites(Calls):
    """The sites that a class makes by being one: subclasses, `on_x` methods, lists of handlers."""

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
                    run = (
                        self.evaluator.own_member(cls, str(rule.pattern.handler[0]))
                        if rule.pattern.handler
                        else None
                    )
                    functions = [f for f in run or () if isinstance(f, Function)]
                    is_base = not functions or "__init_subclass__" in scope.names
                    if is_base and not self.is_named_itself(cls, spec):
                        continue
                    handler = functions[0] if functions else None
                    key = key if functions else scope.key
                else:
                    key = scope.key
                payload = cls if rule.kind == "declare" else None
                found.extend(
                    Draft(rule.kind, rule.dialect.name, rule.dialect.carrier, n, path, span, key, handler,
                          reason="subclass", payload=payload)
                    for n in names
                )  # fmt: skip
        return found

    def is_named_itself(self, cls: Class, spec: EventSpec) -> bool:
        """Whether a class has the event's name itself, and what it does from a base: it stands at the class."""
        own = self.evaluator.own_member(cls, spec.attribute) if spec.attribute else ()
        return any(is_text(constant_text(v)) for v in own or ())

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
