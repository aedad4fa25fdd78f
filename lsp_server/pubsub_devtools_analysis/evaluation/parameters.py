"""What a parameter is: by its annotation, a fixture, its default, its usual name, or its callers."""

from __future__ import annotations

from functools import partial

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import MOST_CALLERS, At
from pubsub_devtools_analysis.evaluation.attributes import Attributes
from pubsub_devtools_analysis.evaluation.signatures import (
    argument_of,
    called_decorators,
    decorator_names,
    fixture_files,
    is_object,
    takes_self,
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
            return found
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

    def from_callers(self, argument: Argument, scope: Scope) -> Values:
        """What the callers give, for a function that few call."""
        name = scope.name
        if name == "__init__" and scope.parent >= 0:
            facts = self.workspace.facts(argument.path)
            name = facts.scopes[scope.parent].name if facts is not None else name
        if name in library.COMMON or scope.kind == "lambda":
            return ()
        paths = self.workspace.callers(name)
        if not paths or len(paths) > MOST_CALLERS:
            return ()
        counts = [self.memo.get(("count", path, name), partial(self.count, path, name), 0) for path in paths]
        if not 0 < sum(counts) <= MOST_CALLERS:
            return ()
        return union(*(self.from_file(path, name, argument) for path in paths))

    def count(self, path: str, name: str) -> int:
        """How often a file calls a name."""
        return len(self.workspace.calls(path, name))

    def from_file(self, path: str, name: str, argument: Argument) -> Values:
        """What the callers in one file give."""
        key = ("gives", path, (name, argument))
        return self.memo.get(key, partial(self._from_file, path, name, argument), ())

    def _from_file(self, path: str, name: str, argument: Argument) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        head = self.head(argument.path, argument.key)
        found: Values = ()
        for index in self.workspace.calls(path, name):
            call = facts.calls[index]
            expr = argument_of(call, head.params, argument.name, method=takes_self(head, call))
            given = () if expr is None else self.eval(self.at_call(path, facts, call), expr)
            # An instance stands for its class alone: what one caller gave its constructor is no other caller's.
            found = union(
                found, tuple(Instance(v.cls) if isinstance(v, Instance) else v for v in given if is_object(v))
            )
        return found

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
