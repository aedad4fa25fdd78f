"""What a parameter is: by its annotation, a fixture, its default, its usual name, or its callers."""

from __future__ import annotations

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import MOST_CALLERS, At
from pubsub_devtools_analysis.evaluation.attributes import Attributes
from pubsub_devtools_analysis.evaluation.signatures import (
    argument_of,
    called_decorators,
    decorator_names,
    fixture_files,
    is_object,
    last_name,
    owner_of,
    takes_self,
)
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    Either,
    FileFacts,
    Lit,
    Name,
    Scope,
    ScopeRef,
    Seq,
    Star,
    Sub,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Class,
    External,
    Function,
    Instance,
    Items,
    Made,
    Number,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)


class Parameters(Attributes):
    """What a parameter is: by its annotation, a fixture, its default, its usual name, or its callers."""

    def parameter(self, at: At, name: str) -> Values:
        """A parameter: `self` and `cls` are known, any other is for the callers to say."""
        scope = at.facts.scopes[at.scope]
        parent = at.facts.scopes[scope.parent] if scope.parent >= 0 else None
        if parent is not None and parent.kind == "class" and scope.params and scope.params[0].name == name:
            names = decorator_names(scope)
            if "staticmethod" not in names:
                cls = Class(at.path, parent.key)
                return (cls,) if "classmethod" in names or name in ("cls", "mcs") else (Instance(cls),)
        return (Argument(at.path, scope.key, name),)

    def expand(self, argument: Argument) -> Values:
        """What a parameter is by its annotation, its default, its callers, or at last by its conventional name."""
        return self.memo.get(
            ("expand", argument.path, (argument.key, argument.name)), lambda: self._expand(argument), ()
        )

    def _expand(self, argument: Argument) -> Values:
        facts = self.workspace.facts(argument.path)
        if facts is None:
            return ()
        scope = facts.scopes[self.workspace.scope(argument.path, argument.key)]
        param = next((p for p in scope.params if p.name == argument.name), None)
        if param is None:
            return ()
        at = At(argument.path, facts, scope.parent, scope.block, scope.span[0])
        found = () if param.annotation is None else self.annotated(at, param.annotation)
        if any(not isinstance(v, External) for v in found):
            return self.given_once(argument, scope, found)
        fixture = self.fixture(argument.path, scope, argument.name)
        if fixture:
            return fixture
        if param.default is not None:
            default = tuple(v for v in self.eval(at, param.default) if not isinstance(v, Number | Str))
            found = union(found, default)
        if any(not isinstance(v, External) for v in found):
            return found
        found = union(found, self.conventional(argument.path, facts, argument.name))
        if any(isinstance(v, Made) for v in found):
            return found
        return union(found, self.from_callers(argument, scope))

    def fixture(self, path: str, scope: Scope, name: str) -> Values:
        """What a test's parameter is by the pytest fixture of its name."""
        if not scope.name.startswith("test") and "fixture" not in decorator_names(scope) | called_decorators(
            self, path, scope
        ):
            return ()
        for place in fixture_files(path):
            if place not in self.workspace.modules:
                continue
            facts = self.workspace.facts(place)
            for binding in facts.scopes[0].names.get(name, ()) if facts is not None else ():
                if isinstance(binding.value, ScopeRef) and facts is not None:
                    inner = facts.scopes[binding.value.index]
                    if inner.decorators:
                        return self.elements_of_yield(self.returned(Function(place, inner.key)))
        return ()

    def elements_of_yield(self, values: Values) -> Values:
        """What a generator fixture gives: the one thing that it yields."""
        return union(
            *(union(*v.items) if isinstance(v, Items) and len(v.items) == 1 else (v,) for v in values)
        )

    def conventional(self, path: str, facts: FileFacts, name: str) -> Values:
        """The object that a variable of this name usually is, where the file imports the library."""
        found: list[Value] = []
        for key, always in self.known.conventions.get(name, []):
            if always or self.imports(facts, key[0]):
                found.append(Made(*key, sure=False))
        return tuple(found[:1])

    def imports(self, facts: FileFacts, dialect: str) -> bool:
        """Whether a file imports a dialect's library."""
        wanted = self.known.dialects[dialect].imports
        return any(module == w or module.startswith(w + ".") for module in facts.imports for w in wanted)

    def from_callers(self, argument: Argument, scope: Scope) -> Values:
        """What the callers give, for a function that few call."""
        name = scope.name
        if name == "__init__" and scope.parent >= 0:
            facts = self.workspace.facts(argument.path)
            name = facts.scopes[scope.parent].name if facts is not None else name
        if name in library.COMMON or scope.kind == "lambda":
            return ()
        places = self.called_by_name(name)
        through = self.super_calls(name) if scope.name == "__init__" else []
        is_whole = scope.name == "__init__" and len(places) + len(through) <= MOST_CALLERS
        places.extend(through if is_whole else ())
        if not 0 < len(places) <= MOST_CALLERS:
            return ()
        found: Values = ()
        all_given: Values = ()
        for path, index in places:
            facts = self.workspace.facts(path)
            if facts is None:
                continue
            call = facts.calls[index]
            given = union(
                *(
                    self.expand(v) if isinstance(v, Argument) else (v,)
                    for v in self.given(path, facts, call, scope, argument.name)
                )
            )
            all_given = union(all_given, given)
            # Where callers differ, an instance stands for its class alone: what one caller gave its constructor is no other caller's.
            found = union(
                found, tuple(Instance(v.cls) if isinstance(v, Instance) else v for v in given if is_object(v))
            )
        only = tuple(v for v in all_given if is_object(v) or isinstance(v, Made))
        return only if is_whole and len(only) == 1 else found

    def given_once(self, argument: Argument, scope: Scope, annotated: Values) -> Values:
        """The very object that all constructions of a class give, where the annotation tells its class alone."""
        if scope.name != "__init__" or len(annotated) != 1:
            return annotated
        given = self.from_callers(argument, scope)
        match annotated[0], given:
            case Instance(cls=cls), (Instance(cls=own, call=call),) if call and cls in self.ancestors(own):
                return given
            case Made(dialect=dialect, type=name, names=()), (Made() as made,):
                return given if (made.dialect, made.type) == (dialect, name) else annotated
            case _:
                return annotated

    def super_calls(self, name: str) -> list[tuple[str, int]]:
        """The calls of a class's constructor by those that name it as their base: `super().__init__(topic)`.

        A constructor that hands on whatever it gets stands for the calls of its own class.
        """
        found: list[tuple[str, int]] = []
        for path in self.workspace.callers("__init__"):
            facts = self.workspace.facts(path)
            for index in self.workspace.calls(path, "__init__") if facts is not None else ():
                owner = facts.scopes[owner_of(facts, facts.calls[index].scope)] if facts is not None else None
                if facts is None or owner is None or name not in map(last_name, owner.bases):
                    continue
                if any(isinstance(a, Star) for a in facts.calls[index].args):
                    found.extend(self.called_by_name(owner.name))
                else:
                    found.append((path, index))
        return found

    def called_by_name(self, name: str) -> list[tuple[str, int]]:
        """All calls of a name."""
        return [(path, i) for path in self.workspace.callers(name) for i in self.workspace.calls(path, name)]

    def given(self, path: str, facts: FileFacts, call: Call, scope: Scope, name: str) -> Values:
        """The argument that a call gives for a parameter."""
        expr = argument_of(call, scope, name, method=takes_self(facts, scope, self, call))
        return () if expr is None else self.eval(self.at_call(path, facts, call), expr)

    def annotated(self, at: At, annotation: AnyExpr) -> Values:
        """An instance of what an annotation names."""
        match annotation:
            case Sub(base=base, key=key):
                name = base.name if isinstance(base, Attr) else base.id if isinstance(base, Name) else ""
                if name in (
                    "Optional",
                    "Annotated",
                    "Final",
                    "ClassVar",
                    "Required",
                    "NotRequired",
                    "Mapped",
                    "Awaitable",
                ):
                    first = key.items[0] if isinstance(key, Seq) and key.items else key
                    return self.annotated(at, first)
                if name == "Union" and isinstance(key, Seq):
                    return union(*(self.annotated(at, item) for item in key.items))
                if name in ("type", "Type"):
                    return self.eval(at, key)
                if name == "Literal":
                    return (Unknown("literal"),)
                if name in library.CONTAINERS:
                    last = key.items[-1] if isinstance(key, Seq) and key.items else key
                    if name in library.TABLES:
                        first = key.items[0] if isinstance(key, Seq) and key.items else key
                        return (Table(((self.annotated(at, first), self.annotated(at, last)),)),)
                    return (Items((self.annotated(at, last),), False),)
                return self.annotated(at, base)
            case Either(options=options):
                return union(*(self.annotated(at, option) for option in options))
            case Lit(value=str(text)):
                return self.annotated(at, Name(text)) if text.isidentifier() else ()
            case Lit():
                return ()
            case _:
                return union(*(self.instance(value) for value in self.eval(at, annotation)))

    def instance(self, value: Value) -> Values:
        """An instance of a class."""
        match value:
            case Class():
                return (Instance(value),)
            case External(path=path) if path.startswith("builtins."):
                return (External(path + "()"),)
            case External(path=path):
                return (self.external(path + "()"),)
            case Made() | Items() | Table():
                return (value,)
            case _:
                return ()
