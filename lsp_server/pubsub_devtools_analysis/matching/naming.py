"""The name of the event that a match speaks of, as its pattern says it is found."""

from __future__ import annotations

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import join, mentions, spread
from pubsub_devtools_analysis.facts import (
    AnyExpr,
)
from pubsub_devtools_analysis.known import Rule
from pubsub_devtools_analysis.matching.class_names import ClassNames
from pubsub_devtools_analysis.matching.draft import SKIPPED, Given
from pubsub_devtools_analysis.matching.texts import flat, shaped
from pubsub_devtools_analysis.values import (
    Argument,
    Class,
    External,
    Function,
    Instance,
    Items,
    Joined,
    Made,
    Method,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)
from pubsub_devtools_analysis.values import Pattern as TextPattern


class Naming(ClassNames):
    """The name of the event that a match speaks of, as its pattern says it is found."""

    def names(self, rule: Rule, given: Given, handlers: Values | tuple[None, ...]) -> Values:
        """The names of the event that a match speaks of; never none: an `Unknown` says why."""
        spec = rule.pattern.event
        is_kept = given.target.startswith(("self.", "cls."))
        is_named_by_variable = spec.otherwise == "variable.path" and spec.argument and not is_kept
        found = self.variable(given) if is_named_by_variable else ()
        found = found or self.named(spec, rule, given)
        if not found:
            if spec.class_ == "none" and spec.argument and self.argument(given, spec.argument) is not None:
                return (SKIPPED,)
            found = self.own_names(rule, given) or self.otherwise(spec, given, handlers)
        if spec.exchange:
            found = self.exchanged(spec, given, found)
        if spec.of and rule.kind == "publish":
            # The pattern speaks of these classes alone: anything else that is handed over is no event.
            found = tuple(n for n in found if not isinstance(n, Unknown)) or (SKIPPED,)
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
            v
            for v in self.evaluator.eval(self.evaluator.at_call(place[0], facts, call), expr)
            if isinstance(v, Str)
        )

    def name_of(self, value: Value, spec: EventSpec, given: Given | None = None) -> Values:
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
                if spec.unresolved == "path" and "()" not in path and not path.startswith("builtins."):
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
        path = value.call[0]
        start: dict[tuple[str, int], Values] = {}
        return self.memo.get(("bound to", path, ""), lambda: self._bound(path), start).get(value.call, ())

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
                names = union(
                    names, tuple(shaped(n, form) for n in plain) if isinstance(value, Str) else plain
                )
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

    def own_names(self, rule: Rule, given: Given) -> Values:
        """The names that callable objects have as functions do: `__name__`, a text in their class."""
        is_named_after_function = rule.pattern.event.otherwise == "function.name"
        expr = self.argument(given, rule.pattern.handler) if is_named_after_function else None
        values = self.evaluator.eval(given.at, expr) if expr is not None else ()
        return union(*(self.class_text(v.cls, "__name__") for v in values if isinstance(v, Instance)))

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
            found.extend(
                n for n in given.receiver.names if isinstance(n, Str | TextPattern) and "exchange:" in n.text
            )
        return tuple(found) or routed
