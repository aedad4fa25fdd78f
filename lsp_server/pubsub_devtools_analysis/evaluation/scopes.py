"""Names, imports and modules: what a name means where it stands."""

from __future__ import annotations

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import MOST_VALUES, At, final, reach
from pubsub_devtools_analysis.evaluation.layer import Layer
from pubsub_devtools_analysis.facts import (
    Binding,
    Call,
    FileFacts,
    Import,
    Lit,
    ParamRef,
    ScopeRef,
)
from pubsub_devtools_analysis.known import TypeKey
from pubsub_devtools_analysis.values import (
    External,
    Items,
    Made,
    Module,
    Pattern,
    Str,
    Table,
    Value,
    Values,
    union,
)

_PLAIN = (Import, Lit, ParamRef, ScopeRef)
"""Values that stand on no other binding of their scope."""


class Scopes(Layer):
    """Names, imports and modules: what a name means where it stands."""

    def at_call(self, path: str, facts: FileFacts, call: Call) -> At:
        """The place of a call's arguments."""
        return At(path, facts, call.scope, call.block, call.line)

    def name(self, at: At, name: str) -> Values:
        """What a name means where it stands."""
        index, here = at.scope, True
        while index >= 0:
            scope = at.facts.scopes[index]
            if index == 0 and at.scope != 0:
                return self.member_of_module(at.path, name)
            if self.fixed and (at.path, index, name) in self.fixed:
                return self.fixed[at.path, index, name]
            bindings = scope.names.get(name)
            if bindings and (scope.kind != "class" or index == at.scope):
                return self.bindings(at, index, name, here)
            if scope.kind in ("function", "class"):
                here = False
            index = scope.parent
        return self.member_of_module(at.path, name)

    def bindings(self, at: At, index: int, name: str, here: bool) -> Values:
        """The values of those bindings of a scope's name that reach the place."""
        scope = at.facts.scopes[index]
        bindings = reaching = scope.names[name]
        if scope.kind != "comp":
            reaching = (
                reach(bindings, at.facts.blocks, at.block, at.line) if here else final(bindings, at.facts)
            )
        return union(*(self.local(at, index, name, bindings.index(binding)) for binding in reaching))

    def local(self, at: At, index: int, name: str, number: int) -> Values:
        """The values of one binding, remembered: `x = [x, x]` in a loop would be laid open again and again."""
        binding = at.facts.scopes[index].names[name][number]
        if self.fixed or isinstance(binding.value, _PLAIN):
            return self.bound(at.path, at.facts, index, binding)
        path = at.path
        return self.memo.get(
            ("bound", path, (index, name, number)), lambda: self._local(path, index, name, number), ()
        )

    def _local(self, path: str, index: int, name: str, number: int) -> Values:
        facts = self.workspace.facts(path)
        return (
            () if facts is None else self.bound(path, facts, index, facts.scopes[index].names[name][number])
        )

    def bound(self, path: str, facts: FileFacts, index: int, binding: Binding) -> Values:
        """The values of one binding."""
        return self.eval(At(path, facts, index, binding.block, binding.line), binding.value)

    def member_of_module(self, path: str, name: str) -> Values:
        """A name at the top of a module."""
        return self.memo.get(("member", path, name), lambda: self._member_of_module(path, name), ())

    def _member_of_module(self, path: str, name: str) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        bindings = facts.scopes[0].names.get(name)
        if bindings:
            reaching = final(bindings, facts)
            return self.constant(path, "", name, union(*(self.bound(path, facts, 0, b) for b in reaching)))
        for module, level in facts.stars:
            found = self.starred(path, module, level, name)
            if found:
                return found
        submodule = self.submodule(path, name)
        if submodule:
            return submodule
        return (External(f"builtins.{name}"),) if name in library.BUILTINS else ()

    def starred(self, path: str, module: str, level: int, name: str) -> Values:
        """A name that a star import may have brought."""
        target = self.find_module(path, module, level)
        if target is None:
            dotted = f"{module}.{name}"
            return (
                (self.external(dotted),) if self.known.names(dotted) or dotted in self.known.constants else ()
            )
        if target.endswith("/") or target == path or (name.startswith("_") and name != "_"):
            return ()
        facts = self.workspace.facts(target)
        if facts is not None and facts.exports is not None and name not in facts.exports:
            return ()
        return self.visible(target, name)

    def visible(self, path: str, name: str) -> Values:
        """A name of another module, but not one of the built-ins that any module sees."""
        return tuple(
            v
            for v in self.member_of_module(path, name)
            if not (isinstance(v, External) and v.path == f"builtins.{name}")
        )

    def constant(self, path: str, owner: str, name: str, values: Values) -> Values:
        """Texts remember the constant they come from."""
        if any(isinstance(v, Str) and not v.origin for v in values):
            origin = self.workspace.symbol(path, f"{owner}.{name}" if owner else name)
            return tuple(Str(v.text, origin) if isinstance(v, Str) and not v.origin else v for v in values)
        return values

    def submodule(self, path: str, name: str) -> Values:
        """`package.name` where that is a module."""
        if not path.endswith("/__init__.py") and path != "__init__.py":
            return ()
        found = self.workspace.modules.resolve_relative(path, 1, name)
        return () if found is None or found == path else (self.module_value(path, found),)

    def module_value(self, importer: str, found: str) -> Module:
        """The value of a module's file or namespace folder."""
        if found.endswith("/"):
            return Module(found, "")
        return Module(self.workspace.modules.canonical(found), found)

    def find_module(self, path: str, module: str, level: int) -> str | None:
        """The file of an import."""
        if level:
            return self.workspace.modules.resolve_relative(path, level, module)
        return self.workspace.modules.resolve(module, path)

    def imported(self, path: str, node: Import) -> Values:
        """What an import binds; a library that a dialect speaks of stays a library, even in its own repository."""
        if not node.level:
            dotted = f"{node.module}.{node.name}" if node.name else node.module
            if self.is_known(dotted):
                return (self.external(dotted),)
        found = self.find_module(path, node.module, node.level)
        if found is None:
            return self.not_here(path, node)
        if not node.name:
            return (self.module_value(path, found),)
        if not found.endswith("/") and found != path:
            values = self.visible(found, node.name)
            if values:
                return values
        inner = self.find_module(path, f"{node.module}.{node.name}" if node.module else node.name, node.level)
        if inner is not None and inner != path:
            return (self.module_value(path, inner),)
        canonical = f"{self.workspace.modules.canonical(found)}.{node.name}"
        return (self.external(canonical),) if self.is_known(canonical) else ()

    def not_here(self, path: str, node: Import) -> Values:
        """An import from outside the workspace."""
        dotted = f"{node.module}.{node.name}" if node.name and node.module else node.module or node.name
        if node.level:
            package = self.workspace.modules.canonical(path).rsplit(".", node.level)[0]
            dotted = f"{package}.{dotted}"
        return (self.external(dotted),)

    def is_known(self, dotted: str) -> bool:
        """Whether a dialect speaks of the dotted path."""
        return self.known.names(dotted) or dotted in self.known.constants

    def external(self, path: str) -> Value:
        """Something outside the workspace: a constant of a table, an object that a dialect knows, or just its path."""
        path = self.known.aliases.get(path, path)
        constant = self.known.constants.get(path)
        if constant is not None:
            return Str(constant, path)
        gives = self.known.gives.get(path)
        if gives is not None:
            return Made(*gives, names=self.given_names(gives, path))
        if path.endswith("()"):
            of = self.known.classes.get(path[:-2])
            if of is not None:
                return Made(*of)
        for dialect in self.known.dialects.values():
            if dialect.builtin and self.known.builtin(dialect.name, path) and "signal" in dialect.types:
                return Made(dialect.name, "signal", (Str(path),))
        return External(path)

    def given_names(self, key: TypeKey, path: str) -> Values:
        """The event's name of an object that a library exports, where its type has events of its own."""
        event = self.known.type(key).event
        return (Str(path),) if event is not None and event.otherwise == "variable.path" else ()

    def setting(self, name: str) -> Values:
        """A setting's default, looked for in the workspace's settings modules."""
        return self.memo.get(("setting", "", name), lambda: self._setting(name), ())

    def _setting(self, name: str) -> Values:
        found: Values = ()
        for path in self.workspace.modules.settings():
            facts = self.workspace.facts(path)
            if facts is None:
                continue
            for index, scope in enumerate(facts.scopes):
                if scope.kind in ("module", "class") and name in scope.names:
                    for binding in scope.names[name]:
                        found = union(found, self.bound(path, facts, index, binding))
        return tuple(v for v in found if isinstance(v, Str | Pattern | Items | Table))[:MOST_VALUES]
