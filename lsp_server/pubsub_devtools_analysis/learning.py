"""What one file's sites say is to be looked for in the others: wrappers, message classes, objects, decorators."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.facts import AnyExpr, CallRef, FileFacts, ScopeRef, Typed
from pubsub_devtools_analysis.known import Known, TypeKey
from pubsub_devtools_analysis.matching import GUESSED, Draft, Finder, is_open, parameters
from pubsub_devtools_analysis.select import COMMON
from pubsub_devtools_analysis.values import (
    Argument,
    Class,
    External,
    Function,
    Instance,
    Pending,
    Str,
    Values,
)

_NONE: frozenset[str] = frozenset()


class Learnt(NamedTuple):
    """What one file adds to what is looked for.

    `names` are those of wrappers, `wide` those of them that other files can call, `owners` the wrappers themselves
    (name, file, key), and `messages` the classes that a hand-written bus handles. `objects` are its variables that hold
    a framework's object, `words` the common names that mean something on one, `makers` the names that give a
    framework's decorator or a signal.
    """

    names: frozenset[str] = _NONE
    wide: frozenset[str] = _NONE
    owners: frozenset[tuple[str, str, str]] = frozenset()
    messages: frozenset[str] = _NONE
    objects: frozenset[str] = _NONE
    words: frozenset[str] = _NONE
    makers: frozenset[str] = _NONE


NOTHING = Learnt()
"""What most files add: one for all."""


class Learner:
    """Learns from files one by one."""

    def __init__(self, finder: Finder, known: Known) -> None:
        self._finder = finder
        self._evaluator = finder.evaluator
        self._workspace = finder.workspace
        self._memo = finder.memo
        self._known = known
        self._handwritten = known.handwritten
        self._common = common_methods(known)
        self._declaring = {
            path for path, rules in known.functions.items() if any(r.kind == "declare" for r in rules)
        }

    def learn(self, path: str) -> Learnt:
        """What a file adds."""
        names: set[str] = set()
        wide: set[str] = set()
        owners: set[tuple[str, str, str]] = set()
        messages: set[str] = set()
        for draft in self._finder.drafts(path):
            if is_open(draft):
                self._wrappers(draft, names, wide, owners)
            elif (
                draft.kind == "handle" and draft.dialect in self._handwritten and isinstance(draft.name, Str)
            ):
                messages.add(draft.name.text)
        objects: dict[str, frozenset[str]] = {}
        if self._common:
            objects = self._memo.get(("objects", path, ""), partial(self._objects, path), objects)
        objects = objects | self._buses(path, owners)
        makers = self._memo.get(("makers", path, ""), partial(self._makers, path), _NONE)
        return Learnt(
            frozenset(names),
            frozenset(wide),
            frozenset(owners),
            frozenset(messages),
            frozenset(objects),
            _NONE.union(*objects.values()),
            makers,
        )

    def _wrappers(
        self, draft: Draft, names: set[str], wide: set[str], owners: set[tuple[str, str, str]]
    ) -> None:
        """The wrappers that an open draft makes: the function whose parameter it waits for, and those around it.

        One that was itself found by a name alone owns none: else two of them could each hang on the other's absence.
        """
        is_by_name = draft.reason in GUESSED
        for argument in (
            a for value in (draft.name, draft.handler) if value is not None for a in parameters(value)
        ):
            self._method(draft, argument, names, wide)
            parts = argument.key.split(".")
            for depth in range(len(parts), 0, -1):
                key = ".".join(parts[:depth])
                try:
                    scope = self._workspace.get(argument.path, key)
                except KeyError:
                    break
                if scope.kind == "class":
                    if parts[depth].partition("#")[0] in ("__init__", "__call__"):
                        names.add(scope.name)
                        wide.add(scope.name)
                    break
                if scope.kind == "function":
                    names.add(scope.name)
                    if not self._is_local(argument.path, scope.parent):
                        wide.add(scope.name)
                    if depth == len(parts) and not is_by_name:
                        owners.add((scope.name, argument.path, key))

    def _method(self, draft: Draft, argument: Argument, names: set[str], wide: set[str]) -> None:
        """A method that sends to what the constructor got: its callers have the object. A handler's site is the making."""
        if draft.kind != "publish":
            return
        owner, _, constructor = argument.key.rpartition(".")
        method = draft.scope.rpartition(".")[2].partition("#")[0]
        if constructor == "__init__" and draft.scope != argument.key and owner and method.isidentifier():
            names.add(method)
            wide.add(method)

    def _is_local(self, path: str, parent: int) -> bool:
        """Whether what stands in this scope can only be called from the same function."""
        facts = self._workspace.facts(path)
        return facts is not None and parent >= 0 and facts.scopes[parent].kind == "function"

    def _objects(self, path: str) -> dict[str, frozenset[str]]:
        """Variables of a module that hold a framework's object, each with the common words that mean something on it.

        A file that imports only the project's own `app` and calls `app.topic("x")` shows no other sign of the framework.
        """
        facts = self._workspace.facts(path)
        found: dict[str, frozenset[str]] = {}
        if facts is None or not facts.imports:
            return found
        for name, bindings in facts.scopes[0].names.items():
            if any(isinstance(binding.value, CallRef) for binding in bindings):
                for value in self._evaluator.member_of_module(path, name):
                    for key in self._evaluator.types(value):
                        if key in self._common:
                            found[name] = found.get(name, _NONE) | self._common[key]
        return found

    def _buses(self, path: str, owners: set[tuple[str, str, str]]) -> dict[str, frozenset[str]]:
        """Variables of a module that hold a bus whose class stands beside them, each with the bus's methods.

        A file that publishes what nobody handles shows no other sign, where the methods' names are everywhere.
        """
        methods: dict[str, set[str]] = {}
        for name, file, key in owners:
            if file == path and "." in key:
                methods.setdefault(key.rpartition(".")[0], set()).add(name)
        facts = self._workspace.facts(path) if methods else None
        found: dict[str, frozenset[str]] = {}
        for name, bindings in facts.scopes[0].names.items() if facts is not None else ():
            if any(isinstance(_given_value(binding.value), CallRef) for binding in bindings):
                for value in self._evaluator.member_of_module(path, name):
                    if isinstance(value, Instance) and value.cls.path == path and value.cls.key in methods:
                        found[name] = frozenset(methods[value.cls.key])
        return found

    def _makers(self, path: str) -> frozenset[str]:
        """Names of a module's classes, variables and functions that give a framework's decorator or a signal of its own."""
        facts = self._workspace.facts(path)
        if facts is None:
            return _NONE
        names: set[str] = set()
        for scope in map(facts.scopes.__getitem__, facts.summary.marked if self._declaring else ()):
            if scope.kind == "class" and scope.bases and self._is_constructor(Class(path, scope.key)):
                names.add(scope.name)
        for name in facts.scopes[0].names:
            if self._gives_decorator(self._given(path, facts, name)):
                names.add(name)
        return frozenset(names - library.COMMON_WRAPPERS)

    def _given(self, path: str, facts: FileFacts, name: str) -> Values:
        """What a module's variable holds, or its function returns, where that is made by a call."""
        last = facts.scopes[0].names[name][-1].value
        if isinstance(last, CallRef):
            return self._evaluator.member_of_module(path, name)
        if isinstance(last, ScopeRef) and facts.scopes[last.index].returns:
            return self._evaluator.returned(Function(path, facts.scopes[last.index].key))
        return ()

    def _is_constructor(self, cls: Class) -> bool:
        """Whether making an instance of a class declares an event, as its library base's does."""
        return any(
            base.path in self._declaring
            for base in self._evaluator.ancestors(cls)[1:]
            if isinstance(base, External)
        )

    def _gives_decorator(self, values: Values) -> bool:
        """Whether one of these waits for a function, or is an event's object still without a name."""
        return any(isinstance(v, Pending) or self._evaluator.is_unnamed(v) for v in values)


def _given_value(value: AnyExpr) -> AnyExpr:
    """What is assigned, annotated or not."""
    return value.value if isinstance(value, Typed) and value.value is not None else value


def common_methods(known: Known) -> dict[TypeKey, frozenset[str]]:
    """The methods of each type of object whose names are too common to choose a file by themselves."""
    found: dict[TypeKey, frozenset[str]] = {}
    for dialect, type_name, method in known.methods:
        if method in COMMON:
            found[dialect, type_name] = found.get((dialect, type_name), _NONE) | {method}
    return found
