"""What functions read of what they are given: their bodies, and every workspace function that gets it whole, to a fixpoint."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, FileFacts, Import, Name, Param, Span, Star
from pubsub_devtools_analysis.fields.bodies import Bodies, TextOf
from pubsub_devtools_analysis.fields.body import UNKNOWN, Body, Pass, Path
from pubsub_devtools_analysis.fields.lens import WHOLE, Lens, named
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    Function,
    Instance,
    Made,
    Partial,
    Str,
    Value,
    Values,
)


class Read(msgspec.Struct, frozen=True):
    """A field and where it is read. `weak`: it only got another name, so that a longer one counts alone."""

    path: Path
    place: Place
    weak: bool = False


class Reads(msgspec.Struct, frozen=True):
    """The fields that are read, and the callables outside the workspace that get the whole."""

    fields: tuple[Read, ...] = ()
    passed: tuple[str, ...] = ()


NONE = Reads()


class Target(msgspec.Struct, frozen=True):
    """A function of the workspace that a call runs. `bound`: its first parameter is given already."""

    function: Function
    bound: bool


class Reader:
    """Answers what functions read."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self.evaluator = finder.evaluator
        self.workspace = finder.workspace
        self.memo = finder.memo
        self.bodies = Bodies(finder, text_of)

    def of(self, path: str, key: str, root: str, lens: Lens = WHOLE, stands: Function | None = None) -> Reads:
        """What a function reads of one of its parameters.

        Args:
            path: the function's file.
            key: its scope.
            root: the parameter.
            lens: where in the parameter the payload lies.
            stands: what the function that a decorator was given is here.
        """
        return self.memo.get(
            ("field reads", path, (key, root, lens, stands)),
            lambda: self.read_in(path, self.bodies.of(path, key), key, root, lens, stands),
            NONE,
        )

    def read_in(
        self, path: str, body: Body, key: str, root: str, lens: Lens, stands: Function | None = None
    ) -> Reads:
        """What a body reads of a root."""
        fields: dict[Read, None] = {}
        passed: dict[str, None] = {}
        for use in body.uses:
            if use.root == root:
                rest = lens.rest(self.known(path, key, use.path))
                if rest is not None:
                    fields[Read(named(rest), Place(path, *use.span), use.weak)] = None
        for each in body.passes:
            if each.root == root:
                found = self.passed(path, key, each, lens, stands)
                fields.update(dict.fromkeys(found.fields))
                passed.update(dict.fromkeys(found.passed))
        return Reads(tuple(fields), tuple(passed))

    def known(self, path: str, key: str, steps: Path) -> Path:
        """Steps with the constants that stand for keys put in."""
        if not any(step.startswith("=") for step in steps):
            return steps
        return tuple(self.constant(path, key, step) if step.startswith("=") else step for step in steps)

    def constant(self, path: str, key: str, step: str) -> str:
        """The text of a constant that stands for a key."""
        facts = self.workspace.facts(path)
        dotted, is_call = step[1:].removesuffix("()"), step.endswith("()")
        values = () if facts is None or "()" in dotted else self.eval(path, facts, key, dotted)
        texts = {value.text for value in values if isinstance(value, Str)}
        if len(texts) == 1 and len(values) == 1:
            return texts.pop()
        return "get()" if is_call else UNKNOWN

    def eval(self, path: str, facts: FileFacts, key: str, dotted: str) -> Values:
        """The values of a dotted name where it stands."""
        first, *others = dotted.split(".")
        expr: AnyExpr = Name(first)
        for name in others:
            expr = Attr(expr, name)
        return self.evaluator.eval(At(path, facts, self.workspace.scope(path, key)), expr)

    # -- arguments

    def passed(self, path: str, key: str, each: Pass, lens: Lens, stands: Function | None) -> Reads:
        """What becomes of the whole payload, or of what holds it, as an argument."""
        facts = self.workspace.facts(path)
        steps = self.known(path, key, each.path)
        state = lens.state(steps)
        if facts is None or state in ("field", "nothing"):
            return NONE
        call = self.call_at(path, facts, each)
        targets, outside = self.targets(path, facts, key, call, each, stands)
        fields: dict[Read, None] = {}
        names: dict[str, None] = {}
        after = lens.after(steps)
        for target in targets if not each.text else ():
            for found in self.into(target, call, each, after):
                fields.update(dict.fromkeys(found.fields))
                names.update(dict.fromkeys(found.passed))
        if outside and not each.decodes and each.callee and (state == "whole" or lens.holds_message(steps)):
            names[self.name(path, facts, key, each.callee)] = None
        return Reads(tuple(fields), tuple(names))

    def outside(self, path: str, key: str, root: str) -> tuple[str, ...]:
        """The callables outside the workspace that get the very value of a parameter."""
        facts = self.workspace.facts(path)
        passes = [p for p in self.bodies.of(path, key).passes if p.root == root and not p.path and p.callee]
        return tuple(
            self.name(path, facts, key, each.callee)
            for each in passes
            if facts is not None
            and self.targets(path, facts, key, self.call_at(path, facts, each), each, None)[1]
        )

    def call_at(self, path: str, facts: FileFacts, each: Pass) -> Call | None:
        """The call as the facts have it, which leave out those that carry no event."""
        spans = self.memo.get(("calls by span", path, ""), lambda: by_span(facts), _NO_SPANS)
        index = spans.get(each.span)
        return None if index is None else facts.calls[index]

    def targets(
        self, path: str, facts: FileFacts, key: str, call: Call | None, each: Pass, stands: Function | None
    ) -> tuple[list[Target], bool]:
        """The workspace functions that a call runs, and whether it may run something else."""
        if call is not None:
            values = self.evaluator.callees(path, facts, call)
        else:
            values = self.eval(path, facts, key, each.callee) if plain(each.callee) else ()
        found: list[Target] = []
        outside = not values
        for value in values:
            if isinstance(value, Argument) and self.is_decorated(value, key):
                found += [] if stands is None else [Target(stands, bound=self.in_class(stands))]
                continue
            targets = list(self.run(value))
            found += targets
            outside = outside or not (targets or isinstance(value, Class))
        return found, outside

    def is_decorated(self, value: Argument, key: str) -> bool:
        """Whether a callee is what the decorator around this function was given."""
        return key.startswith(value.key + ".")

    def run(self, value: Value) -> Iterator[Target]:
        """The workspace functions that calling a value runs."""
        match value:
            case Function():
                yield Target(value, bound=False)
            case Bound(function=function):
                yield Target(function, bound=True)
            case Partial(function=function, args=()):
                yield from self.run(function)
            case Made(function=Function() as function):
                yield Target(function, bound=False)
            case Class():
                yield from self.methods(value, "__init__")
            case Instance(cls=cls):
                yield from self.methods(cls, "__call__")
            case _:
                pass

    def methods(self, cls: Class, name: str) -> Iterator[Target]:
        """A class's own special method."""
        for member in self.evaluator.member(cls, name) or ():
            if isinstance(member, Function):
                yield Target(member, bound=True)

    def in_class(self, function: Function) -> bool:
        """Whether a function is a method that gets its object."""
        head = self.evaluator.head(function.path, function.key)
        return head.in_class and "staticmethod" not in head.decorators

    def into(self, target: Target, call: Call | None, each: Pass, lens: Lens) -> Iterator[Reads]:
        """What a function reads of the argument that it gets."""
        function = target.function
        params = self.evaluator.head(function.path, function.key).params
        positional = [p for p in params if p.kind == "p"][1 if target.bound else 0 :]
        rest = next((p for p in params if p.kind == "*"), None)
        keywords = next((p for p in params if p.kind == "**"), None)
        slot = each.slot
        if isinstance(slot, int):
            param = positional[slot] if slot < len(positional) else rest
            if param is not None:
                yield self.of(function.path, function.key, param.name, lens)
        elif slot == "*":
            for param in [*positional, *([rest] if rest else [])]:
                yield self.of(function.path, function.key, param.name, lens)
        elif slot == "**":
            yield from self.spread(function, left(params, positional, call), keywords, lens)
        elif any(p.name == slot and p.kind != "**" for p in params):
            yield self.of(function.path, function.key, slot, lens)
        elif keywords is not None:
            yield self.of(function.path, function.key, keywords.name, lens.under(slot))

    def spread(
        self, function: Function, params: list[Param], keywords: Param | None, lens: Lens
    ) -> Iterator[Reads]:
        """What a function reads of a table whose entries are its parameters."""
        for param in params:
            rest = lens.rest((param.name,))
            if rest is not None:
                inner = self.of(function.path, function.key, param.name)
                yield Reads(tuple(Read((*rest, *r.path), r.place, r.weak) for r in inner.fields))
            elif lens.after((param.name,)).ways:
                yield self.of(function.path, function.key, param.name, lens.after((param.name,)))
        if keywords is not None:
            yield self.of(function.path, function.key, keywords.name, lens)

    def name(self, path: str, facts: FileFacts, key: str, callee: str) -> str:
        """A callable's name: dotted as imported, or as written."""
        head, dot, rest = callee.partition(".")
        index = self.workspace.scope(path, key)
        while index >= 0:
            scope = facts.scopes[index]
            for binding in scope.names.get(head, ()):
                if isinstance(binding.value, Import):
                    dotted = ".".join(filter(None, (binding.value.module, binding.value.name)))
                    return f"{dotted}{dot}{rest}"
                return callee
            index = scope.parent
        return callee


_NO_SPANS: dict[Span, int] = {}


def by_span(facts: FileFacts) -> dict[Span, int]:
    """The indexes of a file's calls by where they stand."""
    return {call.span: index for index, call in enumerate(facts.calls)}


def plain(callee: str) -> bool:
    """Whether a callee is a dotted name and nothing else."""
    return bool(callee) and all(part.isidentifier() for part in callee.split("."))


def left(params: tuple[Param, ...], positional: list[Param], call: Call | None) -> list[Param]:
    """The parameters that a call gives no argument of their own."""
    taken = {name for name, _ in call.keywords} if call is not None else set[str]()
    if call is not None:
        taken |= {p.name for p in positional[: sum(not isinstance(a, Star) for a in call.args)]}
    skipped = {p.name for p in params if p.kind == "p"} - {p.name for p in positional}
    return [p for p in params if p.kind in ("p", "k") and p.name not in taken | skipped]
