"""Hand-written buses, recognised by their shape.

Two shapes make one: a function that stores a callable parameter in a table under a key that is a parameter too, and a
function that looks a key up in that same table and calls what it finds. Each is a *seed*: an open draft, exactly like a
library's method in a wrapper's body, so that methods, decorators and functions around it are found by the same fixpoint.
Dicts of handlers, `{Event: [f, g]}`, belong to a bus too. All of this is `likely` until the user configures it.
"""

from __future__ import annotations

import re
from functools import cached_property

import msgspec

from pubsub_devtools.model import Kind
from pubsub_devtools_analysis.dialect import Dialect, EventSpec, Pattern, Type
from pubsub_devtools_analysis.evaluation import At, Evaluator, fill
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Either,
    Element,
    FileFacts,
    Lit,
    Map,
    Name,
    ParamRef,
    Seq,
    Span,
    Star,
    Sub,
    Typed,
)
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Argument, Class, Function, Instance, Items, Method, Str, Value
from pubsub_devtools_analysis.workspace import Workspace

CANDIDATE = re.compile(
    rb"(?i)(?:handler|listener|callback|subscri|observer|receiver|consumer|hook|registry|event|signal|topic)\w*"
    rb"\s*(?:\[|\.(?:append|add)\(|\.setdefault\(|\.get\(|\.items\(|(?::[^=\n]*)?=\s*(?:\{|(?:collections\.)?defaultdict\())"
)
"""Bytes of a file that may hold a table of handlers."""

DIALECT = "custom_bus"
_HANDLERS = re.compile(r"(?i)handler|listener|callback|subscri|observer|receiver|consumer")
_VERBS = re.compile(
    r"(?i)^_*(?:async_|do_|a)?(?:publish|emit|dispatch|handle|send|fire|notify|trigger|raise|execute|invoke|post|broadcast|"
    r"call|process|deliver|route|propagate)"
)
_EMITS = re.compile(
    r"^(?:async_|a)?(?:publish|emit|dispatch|fire|notify|trigger|broadcast|raise_event|post_event|send_event)(?:_\w+)?$"
)
_ADDERS = frozenset({"append", "add", "insert", "appendleft", "extend"})
_COPIES = frozenset({"list", "tuple", "sorted", "reversed", "set", "copy", "enumerate", "iter"})


class Lookup(msgspec.Struct, frozen=True):
    """A look-up in a table: `table[key]` or `table.get(key)`."""

    table: AnyExpr
    key: AnyExpr


class Bus(msgspec.Struct, frozen=True):
    """A recognised bus: the table, and the functions that store in it and call from it, by scope key."""

    path: str
    owner: str
    table: str
    line: int
    stores: tuple[str, ...]
    calls: tuple[str, ...]


_EVENTS = re.compile(
    r"(?i)event|signal|message|topic|listen|subscri|publish|emit|dispatch|notif|bus\b|hook|observ|handler|trigger|broadcast"
)
"""Words of which a bus has at least one in its names: a table of callbacks by setting or by URL is none."""
_SIGNALS = re.compile(
    r"(?i)event|signal|hook|observable|dispatcher|notifier|emitter|publisher|subject|broadcast"
)


def signal_classes(
    evaluator: Evaluator, path: str, facts: FileFacts
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Classes whose every instance is an event of its own: they keep callables in a list, and call them all.

    Returns:
        For each its dotted path, the methods that add a handler, and the methods that call them.
    """
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for index, scope in enumerate(facts.scopes):
        if scope.kind != "class" or not _SIGNALS.search(scope.name):
            continue
        methods = {i: s for i, s in enumerate(facts.scopes) if s.kind == "function" and s.parent == index}
        adds: dict[str, set[str]] = {}
        for call in facts.calls:
            method = methods.get(call.scope)
            base = call.func.base if isinstance(call.func, Attr) else None
            if (
                method is None
                or call.name not in _ADDERS
                or not isinstance(base, Attr)
                or base.base != Name("self")
            ):
                continue
            params = {p.name for p in method.params[1:]}
            if any(isinstance(a, Name) and a.id in params for a in call.args):
                adds.setdefault(base.name, set()).add(method.name)
        for loop in facts.loops:
            method = methods.get(loop.scope)
            listed = _listed(facts, loop.value, loop.scope)
            if method is not None and listed in adds and method.name not in adds[listed]:
                called = any(
                    isinstance(c.func, Name | Attr)
                    and _in(facts, c.scope, loop.scope)
                    and _calls_item(facts, c, loop.value)
                    for c in facts.calls
                )
                if called:
                    found.append(
                        (
                            evaluator.workspace.symbol(path, scope.key),
                            tuple(sorted(adds[listed])),
                            (method.name,),
                        )
                    )
    return found


def signal_dialect(classes: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> Dialect:
    """Recognised signal classes as a dialect: the same form that a user would configure."""
    types: dict[str, Type] = {}
    handle: list[Pattern] = []
    publish: list[Pattern] = []
    declare: list[Pattern] = []
    own = EventSpec(otherwise="variable.path")
    of = EventSpec(receiver=True)
    for number, (path, adding, calling) in enumerate(classes):
        name = f"signal{number}"
        types[name] = Type(is_=(path,), event=own)
        adds = tuple(f"{name}.{method}" for method in adding)
        handle.append(Pattern(call=adds, decorator=adds, event=of, handler=(0, 1)))
        calls = tuple(f"{name}.{method}" for method in calling)
        publish.append(Pattern(call=calls, event=of, payload=(0,), payload_form="objects"))
        declare.append(Pattern(call=(path,), event=own, makes=name))
    return Dialect(
        DIALECT,
        "Hand-written bus",
        certainty="likely",
        types=types,
        handle=tuple(handle),
        publish=tuple(publish),
        declare=tuple(declare),
    )


def _listed(facts: FileFacts, value: AnyExpr, scope: int) -> str:
    """The attribute of `self` that a loop runs over, also through a copy or a local variable."""
    for _ in range(4):
        if isinstance(value, Name):
            bindings = facts.scopes[scope].names.get(value.id, [])
            value = bindings[-1].value if bindings else value
        elif isinstance(value, CallRef):
            call = facts.calls[value.index]
            if call.name not in _COPIES:
                return ""
            value = call.args[0] if call.args else call.func.base if isinstance(call.func, Attr) else Name("")
    return value.name if isinstance(value, Attr) and value.base == Name("self") else ""


def _in(facts: FileFacts, scope: int, outer: int) -> bool:
    while scope > outer:
        scope = facts.scopes[scope].parent
    return scope == outer


def _calls_item(facts: FileFacts, call: Call, looped: AnyExpr) -> bool:
    base = call.func
    while isinstance(base, Attr):
        base = base.base
    names = [base, *call.args]
    bindings = facts.scopes[call.scope].names
    return any(
        isinstance(n, Name) and any(holds_element(b.value, looped) for b in bindings.get(n.id, ()))
        for n in names
    )


def marked(facts: FileFacts, evaluator: Evaluator, path: str) -> tuple[list[tuple[str, Draft]], set[str]]:
    """Functions marked as handlers by an attribute, `f._event = key`, and the attributes that are looked for by name."""
    drafts: list[tuple[str, Draft]] = []
    for store in facts.stores:
        if not store.attr or not _EVENTS.search(store.attr):
            continue
        if isinstance(store.base, Name) and facts.scopes[store.scope].kind == "function":
            at = At(path, facts, store.scope, -1, store.span[0])
            handler = next((v for v in evaluator.eval(at, store.base) if isinstance(v, Argument)), None)
            key = next((v for v in evaluator.eval(at, store.value) if isinstance(v, Argument | Items)), None)
            if isinstance(key, Items):
                key = next((v for group in key.items for v in group if isinstance(v, Argument)), None)
            if handler is not None and key is not None and handler != key:
                scope = facts.scopes[store.scope].key
                drafts.append(
                    (store.attr, Draft("handle", DIALECT, DIALECT, key, path, store.span, scope, handler,
                                       certainty="likely", reason="by-mark"))
                )  # fmt: skip
    asked = {
        a.value
        for call in facts.calls
        if call.name in ("getattr", "hasattr", "get") and len(call.args) > 1
        for a in call.args[1:2]
        if isinstance(a, Lit)
        and isinstance(a.value, str)
        and a.value.isidentifier()
        and _EVENTS.search(a.value)
    }
    return drafts, asked


class Shapes:
    """What one file shows of hand-written buses."""

    def __init__(
        self, evaluator: Evaluator, workspace: Workspace, path: str, facts: FileFacts, marks: bool = False
    ) -> None:
        self.evaluator = evaluator
        self.marks = marks
        self.workspace = workspace
        self.path = path
        self.facts = facts
        self.stored: dict[tuple[str, str], list[Draft]] = {}
        self.called: dict[tuple[str, str], list[tuple[Draft, bool, bool]]] = {}

    def find(self) -> tuple[list[Draft], list[Bus]]:
        """The seeds and the buses of the file."""
        self.stores()
        self.loops()
        self.direct()
        seeds: list[Draft] = []
        buses: list[Bus] = []
        for table in {**self.stored, **self.called}:
            storing = self.stored.get(table, [])
            calling = self.called.get(table, [])
            classes = any(by_class for _, by_class, _ in calling)
            looped = any(loop for _, _, loop in calling)
            verb = any(_VERBS.match(draft.scope.rpartition(".")[2]) for draft, _, _ in calling)
            if storing and table[0]:
                calling = [*calling, *self.queued(table, storing, calling)]
            verb = any(_VERBS.match(draft.scope.rpartition(".")[2]) for draft, _, _ in calling)
            paired = bool(storing and calling) and (looped or classes or verb)
            alone = bool(calling) and (classes or (self.marks and verb)) and _HANDLERS.search(table[1])
            names = [table[0], table[1], *(d.scope for d in storing), *(d.scope for d, _, _ in calling)]
            if (paired or alone) and any(_EVENTS.search(name) for name in names):
                drafts = [*storing, *(draft for draft, _, _ in calling)]
                seeds.extend(drafts)
                seeds.extend(other for draft in drafts for other in self.overridden(draft))
                buses.append(
                    Bus(
                        self.path, table[0], table[1], min(d.span[0] for d in drafts),
                        tuple(sorted({d.scope for d in storing})), tuple(sorted({d.scope for d, _, _ in calling})),
                    )
                )  # fmt: skip
        return seeds, buses

    # -- storing

    def stores(self) -> None:
        """`table[key] = handler`, `table[key].append(handler)`, `table.setdefault(key, []).append(handler)`."""
        for store in self.facts.stores:
            if store.key is not None:
                self.stored_at(Lookup(store.base, store.key), store.value, store.scope, store.span)
        for call in self.facts.calls:
            if call.name in _ADDERS and isinstance(call.func, Attr) and call.args:
                found = self.lookup(call.func.base, call.scope)
                if found is not None:
                    self.stored_at(found, call.args[-1], call.scope, call.span)

    def stored_at(self, found: Lookup, value: AnyExpr, scope: int, span: Span) -> None:
        """One storing place, if key and handler are parameters."""
        table = self.table(found.table, scope)
        if table is None:
            return
        key = self.open_value(found.key, scope)
        handlers = (self.parameter(part, scope) for part in self.parts(value, scope))
        handler = next((h for h in handlers if h is not None and h != key), None)
        if key is None or handler is None:
            return
        self.stored.setdefault(table, []).append(self.draft("handle", key, handler, scope, span))

    # -- calling

    def loops(self) -> None:
        """`for handler in table[key]: handler(event)`, also in comprehensions."""
        for loop in self.facts.loops:
            self.looped(loop.value, loop.scope, loop.span)
        for index, scope in enumerate(self.facts.scopes):
            if scope.kind == "comp":
                for bindings in scope.names.values():
                    for binding in bindings:
                        if isinstance(binding.value, Element):
                            self.looped(binding.value.value, scope.parent, scope.span, index)

    def looped(self, value: AnyExpr, scope: int, span: Span, inner: int = -1) -> None:
        """One loop over a looked-up list of handlers."""
        found = self.lookup(value, scope)
        if found is None or not self.calls_element(value, scope, inner):
            return
        self.calling(found, scope, span, looped=True)

    def calls_element(self, value: AnyExpr, scope: int, inner: int) -> bool:
        """Whether what the loop binds is called, or handed to something that calls."""
        names: set[str] = set()
        for index in (scope, inner):
            if index < 0:
                continue
            for name, bindings in self.facts.scopes[index].names.items():
                if any(holds_element(b.value, value) for b in bindings):
                    names.add(name)
        for call in self.facts.calls:
            if self.within(call.scope, scope):
                base = call.func
                while isinstance(base, Attr):
                    base = base.base
                if isinstance(base, Name) and base.id in names:
                    return True
                if any(isinstance(a, Name) and a.id in names for a in call.args):
                    return True
        return False

    def direct(self) -> None:
        """`table[key](event)` and `handler = table.get(key); handler(event)`."""
        for call in self.facts.calls:
            if isinstance(call.func, Sub | CallRef | Name):
                found = self.lookup(call.func, call.scope)
                if found is not None:
                    self.calling(found, call.scope, call.span, looped=False)

    def calling(self, found: Lookup, scope: int, span: Span, looped: bool) -> None:
        """One calling place, if the key is a parameter or the type of one."""
        table = self.table(found.table, scope)
        key = self.open_value(found.key, scope)
        if table is None or key is None:
            return
        by_class = self.is_type_of(found.key)
        self.called.setdefault(table, []).append(
            (self.draft("publish", key, None, scope, span), by_class, looped)
        )

    def queued(
        self, table: tuple[str, str], storing: list[Draft], calling: list[tuple[Draft, bool, bool]]
    ) -> list[tuple[Draft, bool, bool]]:
        """Methods beside the storing one that take an event to be handed over later: `emit(event)`, `queue.put(event)`.

        The event goes by what the calling method looks up: itself, or the same attribute of it.
        """
        found: list[tuple[Draft, bool, bool]] = []
        known = {draft.scope for draft, _, _ in calling}
        attribute = next((d.name.name for d, _, _ in calling if isinstance(d.name, Method)), "")
        for index, scope in enumerate(self.facts.scopes):
            parent = self.facts.scopes[scope.parent] if scope.parent >= 0 else scope
            if scope.kind != "function" or parent.key != table[0] or scope.key in known:
                continue
            params = [p for p in scope.params if p.kind == "p" and p.name not in ("self", "cls")]
            if not params or scope.key in {d.scope for d in storing}:
                continue
            if _EMITS.match(scope.name) or self.enqueues(index, params[0].name):
                name: Value = Argument(self.path, scope.key, params[0].name)
                name = Method(name, attribute) if attribute else name
                found.append((self.draft("publish", name, None, index, scope.span), False, False))
        return found

    def enqueues(self, scope: int, name: str) -> bool:
        """Whether a method puts its parameter into a queue that the object takes its events from."""
        return any(
            call.scope == scope
            and call.name in ("put", "put_nowait", "append", "appendleft")
            and isinstance(call.func, Attr)
            and isinstance(call.func.base, Attr)
            and call.args[:1] == (Name(name),)
            and call.func.base.name in self.drained
            for call in self.facts.calls
        )

    @cached_property
    def drained(self) -> set[str]:
        """The attributes that something is taken from."""
        found = {
            call.func.base.name
            for call in self.facts.calls
            if call.name in ("get", "get_nowait", "pop", "popleft")
            and isinstance(call.func, Attr)
            and isinstance(call.func.base, Attr)
        }
        return found | {loop.value.name for loop in self.facts.loops if isinstance(loop.value, Attr)}

    def overridden(self, draft: Draft) -> list[Draft]:
        """The same seed at the method of a base class that the seed's method overrides."""
        owner, _, method = draft.scope.rpartition(".")
        if not owner or self.method_owner(self.workspace.scope(self.path, draft.scope)) != owner:
            return []
        own = self.workspace.get(self.path, draft.scope)
        found: list[Draft] = []
        for base in self.evaluator.ancestors(Class(self.path, owner))[1:]:
            facts = self.workspace.facts(base.path) if isinstance(base, Class) else None
            if not isinstance(base, Class) or facts is None:
                continue
            for function in self.evaluator.own_member(base, method) or ():
                if isinstance(function, Function):
                    other = self.workspace.get(function.path, function.key)
                    names = {
                        Argument(self.path, draft.scope, a.name): (
                            Argument(function.path, function.key, b.name),
                        )
                        for a, b in zip(own.params, other.params, strict=False)
                    }
                    found.append(
                        msgspec.structs.replace(
                            draft, path=function.path, span=other.span, scope=function.key, name=fill(draft.name, dict(names)),
                            handler=fill(draft.handler, dict(names)) if draft.handler is not None else None,
                        )
                    )  # fmt: skip
        return found

    # -- expressions

    def lookup(self, expr: AnyExpr, scope: int, depth: int = 0) -> Lookup | None:
        """An expression as a look-up in a table, through local variables and copies."""
        if depth > 4:
            return None
        match expr:
            case Sub(base=base, key=key):
                return Lookup(base, key)
            case Name(id=name):
                bindings = self.facts.scopes[self.function(scope)].names.get(name, [])
                hits = [
                    self.lookup(b.value, scope, depth + 1)
                    for b in bindings
                    if not isinstance(b.value, ParamRef)
                ]
                return next((h for h in hits if h is not None), None)
            case CallRef(index=index):
                call = self.facts.calls[index]
                if call.name in ("get", "setdefault", "pop") and isinstance(call.func, Attr) and call.args:
                    return Lookup(call.func.base, call.args[0])
                if call.name in _COPIES:
                    inner = (
                        call.args[0] if call.args else call.func.base if isinstance(call.func, Attr) else None
                    )
                    return self.lookup(inner, scope, depth + 1) if inner is not None else None
                return None
            case Seq(items=items) if items and isinstance(items[0], Star):
                hits = [self.lookup(i.value, scope, depth + 1) for i in items if isinstance(i, Star)]
                return next((h for h in hits if h is not None), None)
            case Typed(value=value) if value is not None:
                return self.lookup(value, scope, depth + 1)
            case _:
                return None

    def table(self, expr: AnyExpr, scope: int) -> tuple[str, str] | None:
        """Which table it is: an attribute of the class, or a variable of the module or function around."""
        match expr:
            case Attr(base=Name(id=base), name=name):
                index = self.function(scope)
                owner = self.method_owner(index)
                if owner is not None and base in ("self", "cls", owner.rpartition(".")[2]):
                    return owner, name
                values = self.evaluator.eval(At(self.path, self.facts, scope), Name(base))
                own = next((v for v in values if isinstance(v, Class) and v.path == self.path), None)
                return (own.key, name) if own is not None else None
            case Name(id=name):
                index = scope
                while index >= 0:
                    names = self.facts.scopes[index].names
                    if name in names and self.facts.scopes[index].kind != "comp":
                        is_table = any(self.is_table(b.value) for b in names[name])
                        return (self.facts.scopes[index].key, name) if is_table else None
                    index = self.facts.scopes[index].parent
                return None
            case Sub(base=base):
                return self.table(base, scope)
            case Either(options=options):
                hits = [self.table(o, scope) for o in options]
                return next((h for h in hits if h is not None), None)
            case _:
                return None

    def is_table(self, value: AnyExpr) -> bool:
        """Whether a variable starts as a dict."""
        match value:
            case Map():
                return True
            case Typed(value=inner, annotation=annotation):
                named = annotation.base if isinstance(annotation, Sub) else annotation
                name = getattr(named, "id", "") or getattr(named, "name", "")
                return name.lower() in ("dict", "defaultdict", "mapping", "mutablemapping") or (
                    inner is not None and self.is_table(inner)
                )
            case CallRef(index=index):
                return self.facts.calls[index].name in (
                    "dict",
                    "defaultdict",
                    "OrderedDict",
                    "WeakKeyDictionary",
                )
            case _:
                return False

    def open_value(self, expr: AnyExpr, scope: int) -> Value | None:
        """A key that a caller decides: a parameter, its type, or an attribute of it."""
        if isinstance(expr, Seq) and expr.items:
            return self.open_value(expr.items[0], scope)
        at = At(self.path, self.facts, scope)
        if isinstance(expr, Attr):
            owner = next((v for v in self.evaluator.eval(at, expr.base) if isinstance(v, Argument)), None)
            if owner is not None:
                return owner if expr.name == "__class__" else Method(owner, expr.name)
        for value in self.evaluator.eval(at, expr):
            if isinstance(value, Argument):
                return value
            if isinstance(value, Method) and isinstance(value.owner, Argument):
                return value.owner if value.name == "__class__" else value
        return None

    def parameter(self, expr: AnyExpr, scope: int) -> Value | None:
        """A handler that a caller gives."""
        values = self.evaluator.eval(At(self.path, self.facts, scope), expr)
        return next((v for v in values if isinstance(v, Argument)), None)

    def parts(self, value: AnyExpr, scope: int) -> list[AnyExpr]:
        """A stored value, or what a stored tuple or record was made of."""
        found = [value]
        if isinstance(value, Name):
            bindings = self.facts.scopes[self.function(scope)].names.get(value.id, [])
            found.extend(b.value for b in bindings if isinstance(b.value, Seq | CallRef))
        for part in list(found):
            if isinstance(part, Seq):
                found.extend(part.items)
            elif isinstance(part, CallRef):
                call = self.facts.calls[part.index]
                found.extend((*call.args, *(v for _, v in call.keywords)))
        return found

    def is_type_of(self, key: AnyExpr) -> bool:
        """`type(x)` or `x.__class__`."""
        if isinstance(key, CallRef):
            return self.facts.calls[key.index].name == "type"
        if isinstance(key, Name):
            found = [b.value for s in self.facts.scopes for b in s.names.get(key.id, [])]
            return any(self.is_type_of(v) for v in found if isinstance(v, CallRef | Attr))
        return isinstance(key, Attr) and key.name == "__class__"

    # -- scopes

    def function(self, scope: int) -> int:
        """The function around a comprehension."""
        while self.facts.scopes[scope].kind == "comp" and self.facts.scopes[scope].parent >= 0:
            scope = self.facts.scopes[scope].parent
        return scope

    def within(self, scope: int, outer: int) -> bool:
        """Whether a scope is inside another."""
        while scope > outer:
            scope = self.facts.scopes[scope].parent
        return scope == outer

    def method_owner(self, scope: int) -> str | None:
        """The key of the class around a method, also for functions nested in it."""
        while scope > 0:
            parent = self.facts.scopes[scope].parent
            if self.facts.scopes[parent].kind == "class":
                return self.facts.scopes[parent].key
            scope = parent
        return None

    def draft(self, kind: Kind, name: Value, handler: Value | None, scope: int, span: Span) -> Draft:
        """A seed."""
        key = self.facts.scopes[self.function(scope)].key
        return Draft(
            kind, DIALECT, DIALECT, name, self.path, span, key, handler, certainty="likely", reason="by-shape"
        )


_COLLECTIONS = re.compile(
    r"^_*(?:domain_|pending_|new_|uncommitted_|recorded_|collected_)?(?:events|messages)$"
)


def collecting(evaluator: Evaluator, finder: Finder, path: str, bases: set[Class]) -> list[Draft]:
    """`self.events.append(Event(...))`: a publish, once a bus is known that handles such events."""
    facts = evaluator.workspace.facts(path)
    found: list[Draft] = []
    for name in ("append", "add"):
        for index in evaluator.workspace.calls(path, name) if facts is not None else ():
            if facts is None:
                continue
            call = facts.calls[index]
            base = call.func.base if isinstance(call.func, Attr) else None
            if not isinstance(base, Attr) or not _COLLECTIONS.match(base.name) or len(call.args) != 1:
                continue
            for value in evaluator.eval(evaluator.at_call(path, facts, call), call.args[0]):
                text: Value | None = value if isinstance(value, Argument) else None
                if isinstance(value, Instance) and bases & set(evaluator.ancestors(value.cls)):
                    text = finder.class_name(value.cls, EventSpec(class_="path"))
                if text is not None:
                    scope = facts.scopes[call.scope].key
                    found.append(Draft("publish", DIALECT, DIALECT, text, path, call.span, scope,
                                       certainty="likely", reason="collected"))  # fmt: skip
    return found


def registries(finder: Finder, path: str, facts: FileFacts) -> list[Draft]:
    """Dicts of handlers by message class: `{Event: [f, g]}`, `{Command: f}`, at the top of a module or class."""
    found: list[Draft] = []
    for index, scope in enumerate(facts.scopes):
        if scope.kind not in ("module", "class"):
            continue
        for name, bindings in scope.names.items():
            for binding in bindings:
                value = binding.value
                while isinstance(value, Typed) and value.value is not None:
                    value = value.value
                if isinstance(value, Map) and value.keys and _HANDLERS.search(name):
                    at = At(path, facts, index, binding.block, binding.line)
                    found.extend(_entries(finder, at, value, scope.key))
    return found


def _entries(finder: Finder, at: At, table: Map, scope: str) -> list[Draft]:
    found: list[Draft] = []
    evaluator = finder.evaluator
    for key, value, line in zip(table.keys, table.values, at.facts.displays[table.place], strict=True):
        keys = evaluator.eval(at, key) if key is not None else ()
        names = [v for v in keys if isinstance(v, Class) or (isinstance(v, Str) and v.origin)]
        handlers = [h for h in _functions(evaluator, evaluator.eval(at, value)) if isinstance(h, Function)]
        if not names or not handlers:
            return []
        for cls in names:
            text = finder.class_name(cls, EventSpec(class_="path")) if isinstance(cls, Class) else cls
            for handler in handlers:
                found.append(
                    Draft("handle", DIALECT, DIALECT, text, at.path, (line, 0, line, 0), scope, handler,
                          certainty="likely", reason="registry")
                )  # fmt: skip
    return found


def _functions(evaluator: Evaluator, values: tuple[Value, ...]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            found.extend(v for group in value.items for v in _functions(evaluator, group))
        else:
            inner = getattr(value, "function", value)
            found.append(inner if isinstance(inner, Function) else value)
    return found


def holds_element(value: AnyExpr, of: AnyExpr) -> bool:
    """Whether a binding is an element of a looped value, or a part of one."""
    while not isinstance(value, Element):
        inner = getattr(value, "value", None)
        if inner is None or isinstance(inner, str | int | float | bool):
            return False
        value = inner
    return value.value == of


__all__ = ["CANDIDATE", "DIALECT", "Bus", "Call", "Lit", "Shapes", "registries"]
