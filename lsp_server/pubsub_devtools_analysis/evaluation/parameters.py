"""What a parameter is: by its annotation, a fixture, its default, its usual name, or its callers."""

from __future__ import annotations

from functools import partial

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import At
from pubsub_devtools_analysis.evaluation.callers import Callers
from pubsub_devtools_analysis.evaluation.signatures import (
    called_decorators,
    decorator_names,
    fixture_files,
)
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Either,
    Lit,
    Name,
    Scope,
    ScopeRef,
    Seq,
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


class Parameters(Callers):
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
        found = union(found, self.conventional(argument.path, argument.name))
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
            none: Values | None = None
            found = self.memo.get(("fixture", place, name), partial(self.fixture_in, place, name), none)
            if found is not None:
                return found
        return ()

    def fixture_in(self, path: str, name: str) -> Values | None:
        """What a file's fixture of a name gives."""
        facts = self.workspace.facts(path)
        for binding in facts.scopes[0].names.get(name, ()) if facts is not None else ():
            if isinstance(binding.value, ScopeRef) and facts is not None:
                inner = facts.scopes[binding.value.index]
                if inner.decorators:
                    return self.elements_of_yield(self.returned(Function(path, inner.key)))
        return None

    def elements_of_yield(self, values: Values) -> Values:
        """What a generator fixture gives: the one thing that it yields."""
        return union(
            *(union(*v.items) if isinstance(v, Items) and len(v.items) == 1 else (v,) for v in values)
        )

    def conventional(self, path: str, name: str) -> Values:
        """The object that a variable of this name usually is, where the file imports the library."""
        found: list[Value] = []
        for key, always in self.known.conventions.get(name, []):
            if always or self.imports(path, key[0]):
                found.append(Made(*key, sure=False))
        return tuple(found[:1])

    def imports(self, path: str, dialect: str) -> bool:
        """Whether a file imports a dialect's library."""
        return self.memo.get(("imports", path, dialect), lambda: self._imports(path, dialect), False)

    def _imports(self, path: str, dialect: str) -> bool:
        facts = self.workspace.facts(path)
        wanted = self.known.dialects[dialect].imports
        return facts is not None and any(
            module == w or module.startswith(w + ".") for module in facts.imports for w in wanted
        )

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
            case External(path="typing.TypeVar()" | "typing_extensions.TypeVar()"):
                return ()
            case External(path=path):
                return (self.external(path + "()"),)
            case Made() | Items() | Table():
                return (value,)
            case _:
                return ()
