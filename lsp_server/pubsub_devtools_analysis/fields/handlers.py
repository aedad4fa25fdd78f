"""What a handler reads of its message: its own body, and that of what is put around it."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools_analysis.dialect import Message
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import Attr, Call, FileFacts, Name, Param, Scope
from pubsub_devtools_analysis.fields.bodies import TextOf
from pubsub_devtools_analysis.fields.lens import WHOLE, Lens, lens
from pubsub_devtools_analysis.fields.messages import carrier, is_named, own, payload
from pubsub_devtools_analysis.fields.reads import NONE, Read, Reader, Reads
from pubsub_devtools_analysis.fields.written import root_of
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Argument, Function, Value


class Handlers:
    """Answers what handlers read."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self.reader = Reader(finder, text_of)
        self.evaluator = finder.evaluator
        self.workspace = finder.workspace

    def of(self, draft: Draft) -> Reads:
        """What the handler of a site reads, and who else gets the whole message."""
        return self.finder.memo.get(("handler reads", draft.path, draft), lambda: self._of(draft), NONE)

    def _of(self, draft: Draft) -> Reads:
        message = draft.message or self.message(draft.dialect)
        if draft.handler is None:
            return settled([*self.consumed(draft, message)])
        if not isinstance(draft.handler, Function):
            return NONE
        handler = draft.handler
        entry = self.registered(draft, handler)
        found = [self.entered(entry or handler, message, handler if entry else None)]
        found += [self.entered(each, message, None) for each in self.wrappers(handler)]
        return settled(found)

    def message(self, dialect: str) -> Message:
        """What a dialect says of its messages."""
        known = self.finder.known.dialects.get(dialect)
        return known.message if known is not None else Message()

    # -- functions

    def entered(self, function: Function, message: Message, stands: Function | None) -> Reads:
        """What a function that the framework calls reads."""
        facts = self.workspace.facts(function.path)
        if facts is None:
            return NONE
        scope = facts.scopes[self.workspace.scope(function.path, function.key)]
        params = own(facts, scope)
        fields = payload(self.evaluator, function.path, params, message)
        several = message.form == "arity" and sum(param.kind != "**" for param in fields) > 1
        if message.form == "parameters" or several:
            return joined(self.parameter(function, param, message, stands) for param in fields)
        ways = WHOLE if message.wrapped else lens(message.body)
        if message.wrapped and not fields:
            fields = [p for p in params if is_named(self.evaluator, function.path, p, message.wrapped)]
            ways = lens(message.body)
        one = carrier(fields if message.form == "arity" else params, message)
        return NONE if one is None else self.reader.of(function.path, function.key, one.name, ways, stands)

    def parameter(self, function: Function, param: Param, message: Message, stands: Function | None) -> Reads:
        """What is read of a parameter that is a field, or that holds the rest of them."""
        if param.kind == "*":
            return Reads((), self.reader.outside(function.path, function.key, param.name))
        found = self.reader.of(function.path, function.key, param.name, WHOLE, stands)
        if param.kind == "**":
            taken = (r for r in found.fields if r.path and r.path[0] not in message.skip)
            return Reads(
                tuple(r if message.nested else Read(r.path[:1], r.place) for r in taken), found.passed
            )
        if message.nested:
            return Reads(
                tuple(Read((param.name, *r.path), r.place, r.weak or not r.path) for r in found.fields)
            )
        return Reads(tuple(Read((param.name,), r.place) for r in found.fields))

    # -- what is put around a handler

    def wrappers(self, handler: Function) -> Iterator[Function]:
        """The functions that decorators of the workspace put in a handler's place."""
        facts = self.workspace.facts(handler.path)
        if facts is None:
            return
        scope = facts.scopes[self.workspace.scope(handler.path, handler.key)]
        at = At(handler.path, facts, scope.parent, scope.block, scope.span[0])
        for decorator in scope.decorators:
            for value in self.evaluator.eval(at, decorator.value):
                if isinstance(value, Function):
                    yield from self.put_around(value)

    def put_around(self, decorator: Function) -> Iterator[Function]:
        """The functions inside a decorator that it returns."""
        for value in self.evaluator.returned(decorator):
            if isinstance(value, Function) and value.key.startswith(decorator.key + "."):
                yield value

    def registered(self, draft: Draft, handler: Function) -> Function | None:
        """The function that is registered in a handler's place, and calls it: `connect(wrapper)` in a decorator."""
        for _, path, line in draft.steps:
            facts = self.workspace.facts(path)
            for call in facts.calls if facts is not None else ():
                if facts is not None and call.span[0] == line:
                    for value in self.arguments(path, facts, call):
                        stood = self.finder.stands_for(value)
                        if (
                            isinstance(value, Function)
                            and stood != value
                            and isinstance(stood, Argument | Function)
                        ):
                            return value if value.key != handler.key else None
        return None

    def arguments(self, path: str, facts: FileFacts, call: Call) -> Iterator[Value]:
        """The values that a call is given."""
        at = self.evaluator.at_call(path, facts, call)
        for expr in (*call.args, *(value for _, value in call.keywords)):
            yield from self.evaluator.eval(at, expr)

    # -- calls that consume

    def consumed(self, draft: Draft, message: Message) -> Iterator[Reads]:
        """What is read of the messages that a call without a handler gives, or its receiver."""
        facts = self.workspace.facts(draft.path)
        calls = [c for c in facts.calls if c.span == draft.span] if facts is not None else []
        if facts is None or not calls or not message.loop:
            return
        call, ways = calls[0], lens(message.loop)
        scope = facts.scopes[call.scope]
        body = self.reader.bodies.of(draft.path, scope.key, (), (call.span,))
        yield self.reader.read_in(draft.path, body, scope.key, root_of(call.span), ways)
        for seed in dict.fromkeys(filter(None, (dotted(call), call.target))):
            for place in self.scopes(facts, scope, seed):
                yield self.seeded(draft.path, place, seed, ways)

    def seeded(self, path: str, scope: Scope, seed: str, ways: Lens) -> Reads:
        """What a function reads of a name that is not given to it: `consumer`, `self.consumer`."""
        root, *steps = seed.split(".")
        for step in reversed(steps):
            ways = ways.under(step)
        body = self.reader.bodies.of(path, scope.key, (root,), ())
        return self.reader.read_in(path, body, scope.key, root, ways)

    def scopes(self, facts: FileFacts, scope: Scope, seed: str) -> Iterator[Scope]:
        """Where a name of a scope means the same: the methods of a class, the functions of a module."""
        yield scope
        on_self = seed.startswith("self.")
        around = facts.scopes[scope.parent] if on_self and scope.parent >= 0 else scope
        if around.kind != ("class" if on_self else "module"):
            return
        for each in facts.scopes:
            inside = each is not scope and each.kind == "function" and facts.scopes[each.parent] is around
            if inside and (on_self or seed.partition(".")[0] not in each.names):
                yield each


def dotted(call: Call) -> str:
    """The name of what a method is called on."""
    parts: list[str] = []
    expr = call.func.base if isinstance(call.func, Attr) else None
    while isinstance(expr, Attr):
        parts.append(expr.name)
        expr = expr.base
    return ".".join([expr.id, *reversed(parts)]) if isinstance(expr, Name) else ""


def joined(reads: Iterator[Reads]) -> Reads:
    """All of them together."""
    found = list(reads)
    return Reads(
        tuple(dict.fromkeys(read for each in found for read in each.fields)),
        tuple(dict.fromkeys(name for each in found for name in each.passed)),
    )


def settled(reads: list[Reads]) -> Reads:
    """Each field once, at its first place, by its longest name where it only got another one."""
    every = joined(iter(reads))
    strong = {read.path for read in every.fields if not read.weak and read.path}
    longer = {path[:length] for path in strong for length in range(1, len(path) + 1)}
    weak = {read.path for read in every.fields if read.weak and read.path} - longer
    weak -= {path[:length] for path in weak for length in range(1, len(path))}
    first: dict[tuple[str, ...], Read] = {}
    home = next((read.place.path for read in every.fields), "")
    for read in sorted(every.fields, key=lambda read: (read.place.path != home, read.place)):
        if read.path in strong or read.path in weak:
            first.setdefault(read.path, read)
    return Reads(tuple(sorted(first.values(), key=lambda read: read.path)), tuple(sorted(every.passed)))
