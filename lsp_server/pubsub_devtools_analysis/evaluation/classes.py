"""Classes of the workspace: their bases, their members, and what of a library they descend from."""

from __future__ import annotations

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import At, final
from pubsub_devtools_analysis.evaluation.scopes import Scopes
from pubsub_devtools_analysis.facts import (
    Name,
    Sub,
)
from pubsub_devtools_analysis.known import TypeKey
from pubsub_devtools_analysis.values import (
    Bound,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Items,
    Made,
    Number,
    Str,
    Value,
    Values,
    union,
)


class Classes(Scopes):
    """Classes of the workspace: their bases, their members, and what of a library they descend from."""

    def types(self, value: Value) -> list[TypeKey]:
        """The dialect types that a value is of: its own, or those of its class's library bases."""
        match value:
            case Made(dialect=dialect, type=name):
                return [(dialect, name)]
            case Instance(cls=cls):
                return self.class_types(cls)
            case Class():
                return self.class_types(value)
            case _:
                return []

    def class_types(self, cls: Class) -> list[TypeKey]:
        """The dialect types of a workspace class's instances."""
        return self.memo.get(("types", cls.path, cls.key), lambda: self._class_types(cls), [])

    def _class_types(self, cls: Class) -> list[TypeKey]:
        found: list[TypeKey] = []
        for base in self.ancestors(cls):
            path = base.path if isinstance(base, External) else self.workspace.symbol(base.path, base.key)
            of = self.known.classes.get(path)
            if of is not None and of not in found:
                found.append(of)
        return found

    def ancestors(self, cls: Class) -> tuple[Class | External, ...]:
        """The class itself and all its bases, nearest first; library classes by their path."""
        return self.memo.get(("bases", cls.path, cls.key), lambda: self._ancestors(cls), (cls,))

    def _ancestors(self, cls: Class) -> tuple[Class | External, ...]:
        facts = self.workspace.facts(cls.path)
        if facts is None:
            return (cls,)
        index = self.workspace.scope(cls.path, cls.key)
        scope = facts.scopes[index]
        found: dict[Class | External, None] = {cls: None}
        for expr in scope.bases:
            if isinstance(expr, Sub):
                expr = expr.base  # noqa: PLW2901 - a generic base is its origin
            for base in self.eval(At(cls.path, facts, scope.parent, scope.block, scope.span[0]), expr):
                if isinstance(base, Class):
                    found.update(dict.fromkeys(self.ancestors(base)))
                elif isinstance(base, External):
                    found[base] = None
                elif isinstance(base, Made):
                    found[External(self.class_path((base.dialect, base.type)))] = None
        return tuple(found)

    def class_path(self, key: TypeKey) -> str:
        """One class of a dialect's type, to stand for it."""
        paths = self.known.type(key).is_
        return paths[0] if paths else f"{key[0]}.{key[1]}"

    def member(self, cls: Class, name: str) -> Values | None:
        """A member of a class or of its workspace bases; nothing when none has it."""
        return self.memo.get(("attr", cls.path, (cls.key, name)), lambda: self._member(cls, name), None)

    def _member(self, cls: Class, name: str) -> Values | None:
        for base in self.ancestors(cls):
            if isinstance(base, Class):
                found = self.own_member(base, name)
                if found is not None:
                    return found
        return None

    def own_member(self, cls: Class, name: str) -> Values | None:
        """A member that the class itself binds, in its body or through `self`."""
        key = ("own", cls.path, (cls.key, name))
        return self.memo.get(key, lambda: self._own_member(cls, name), None)

    def _own_member(self, cls: Class, name: str) -> Values | None:
        facts = self.workspace.facts(cls.path)
        if facts is None:
            return None
        index = self.workspace.scope(cls.path, cls.key)
        scope = facts.scopes[index]
        values: list[Values] = []
        bindings = scope.names.get(name, [])
        for binding in final(bindings, facts):
            values.append(self.bound(cls.path, facts, index, binding))
        for member in scope.attrs.get(name, []):
            values.append(
                self.eval(At(cls.path, facts, member.scope, member.block, member.line), member.value)
            )
        for store in facts.stores:
            if store.attr == name and store.base == Name(scope.name):
                values.append(self.eval(At(cls.path, facts, store.scope, -1, store.span[0]), store.value))
        for keyword, expr in scope.keywords if not values else ():
            if keyword == name and self.takes_keyword(cls, name):
                at = At(cls.path, facts, scope.parent, scope.block, scope.span[0])
                values.append(self.eval(at, expr))
        if not values:
            return None
        found = tuple(self.named_after(cls, name, v) for v in union(*values))
        concrete = tuple(v for v in found if not (isinstance(v, Number) and v.text == "None"))
        found = concrete or found
        if bindings and self.is_enum(cls):
            return self.enum_member(cls, name, found)
        return self.constant(cls.path, cls.key, name, found)

    def takes_keyword(self, cls: Class, name: str) -> bool:
        """Whether `class Task(Base, name="x")` gives something to a base's `__init_subclass__`."""
        makers = self.member(cls, "__init_subclass__") or ()
        heads = (self.workspace.get(f.path, f.key) for f in makers if isinstance(f, Function))
        return any(param.name == name for head in heads for param in head.params)

    def named_after(self, cls: Class, name: str, value: Value) -> Value:
        """An object that goes by its variable, declared by an annotation alone: `started: Signal`."""
        if not isinstance(value, Made) or value.call is not None or not self.is_unnamed(value):
            return value
        symbol = self.workspace.symbol(cls.path, f"{cls.key}.{name}")
        if name.startswith("_"):
            # What an object keeps for itself comes from elsewhere: it is named here, and declared there.
            return Made(value.dialect, value.type, (Str(symbol),))
        self.constants[symbol] = Constant(cls.path, cls.key, name)
        return Made(value.dialect, value.type, (Str(symbol, symbol),))

    def is_unnamed(self, value: Value) -> bool:
        """Whether a value is an object that its variable names, and no variable has yet."""
        if not isinstance(value, Made) or value.names:
            return False
        event = self.known.type((value.dialect, value.type)).event
        return event is not None and event.otherwise == "variable.path"

    def is_enum(self, cls: Class) -> bool:
        """Whether the class is an enumeration."""
        return any(isinstance(b, External) and b.path in library.ENUMS for b in self.ancestors(cls))

    def enum_member(self, cls: Class, name: str, values: Values) -> Values:
        """An enum's member as its text; one whose value is no text goes by its dotted path."""
        if any(isinstance(v, Function | Bound) for v in values):
            return values
        origin = self.workspace.symbol(cls.path, f"{cls.key}.{name}")
        self.constants[origin] = Constant(cls.path, cls.key, name)
        first = values[0] if values else None
        if isinstance(first, Items) and first.items and first.items[0]:
            first = first.items[0][0]
        if isinstance(first, Str):
            return (Str(first.text, origin),)
        if isinstance(first, External) and first.path.endswith("auto()"):
            return (Str(name.lower(), origin),)
        return (Str(origin, origin),)

    def enum_members(self, cls: Class) -> Values:
        """All members of an enumeration."""
        if not self.is_enum(cls):
            return ()
        scope = self.workspace.get(cls.path, cls.key)
        return union(*(self.member(cls, name) or () for name in scope.names))
