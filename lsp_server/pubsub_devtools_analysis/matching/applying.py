"""One pattern on one call: the drafts that it makes."""

from __future__ import annotations

from pubsub_devtools.model import Certainty
from pubsub_devtools_analysis.dialect import Pattern
from pubsub_devtools_analysis.facts import (
    CallRef,
    Lit,
    Name,
)
from pubsub_devtools_analysis.known import Rule
from pubsub_devtools_analysis.matching.draft import SKIPPED, Draft, Given
from pubsub_devtools_analysis.matching.rules import Rules
from pubsub_devtools_analysis.matching.shapes_of_calls import around, forwards
from pubsub_devtools_analysis.matching.texts import handlers_in, written
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Function,
    Instance,
    Made,
    Str,
    Table,
    Unknown,
    Value,
    Values,
)


class Applying(Rules):
    """One pattern on one call: the drafts that it makes."""

    def apply(self, rule: Rule, given: Given) -> list[Draft]:
        """The sites that one pattern makes of one call."""
        pattern = rule.pattern
        if pattern.unless and self.argument(given, pattern.unless) is not None:
            return []
        if pattern.given and self.argument(given, pattern.given) is None:
            return []
        if given.decorated is not None and not rule.decorator and rule.kind != "handle":
            return []
        if (
            pattern.skip
            and given.decorated is not None
            and given.decorated.key.rpartition(".")[2] in pattern.skip
        ):
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
                message=pattern.message,
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
        return (None,) if pattern.loop else ()

    def stands_for(self, handler: Value) -> Value:
        """The parameter that a nested handler only wraps: `def wrapper(*args): return func(*args)`.

        One that gives it something else, as `def added(device): add_entities([Lamp(device)])`, is a handler of its own.
        """
        if not isinstance(handler, Function):
            return handler
        facts = self.workspace.facts(handler.path)
        if facts is None:
            return handler
        index = self.workspace.scope(handler.path, handler.key)
        parent = facts.summary.parents[index]
        outer = {p.name: facts.scopes[i].key for i in around(facts, parent) for p in facts.scopes[i].params}
        own = {p.name for p in facts.scopes[index].params}
        returned = {v.index for v in facts.scopes[index].returns if isinstance(v, CallRef)}
        inside = [i for i, scope in enumerate(facts.summary.within) if scope == index]
        for i in inside:
            call = facts.calls[i]
            hands_on = not own or not call.args or any(isinstance(a, Name) and a.id in own for a in call.args)
            passes = i in returned or (len(inside) == 1 and hands_on) or forwards(call)
            if passes and isinstance(call.func, Name) and call.func.id in outer.keys() - own:
                argument = Argument(handler.path, outer[call.func.id], call.func.id)
                return dict(handler.bound).get(argument, (argument,))[0]
        return handler

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
        is_message = pattern.payload and pattern.payload_form == "message" and not pattern.payload_body
        expr = self.argument(given, pattern.payload) if is_message else None
        values = self.evaluator.eval(given.at, expr) if expr is not None else ()
        return next((v.cls for v in values if isinstance(v, Instance)), None)
