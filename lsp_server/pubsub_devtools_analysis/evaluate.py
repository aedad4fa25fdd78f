"""What an expression of one file can be, across all files: names, imports, attributes, classes and calls.

An abstract evaluation without running anything. It is asked for what the patterns of the dialects need, remembers every
answer by file, and gives few values or none rather than a wrong one. Parameters stay symbolic (`Argument`); `expand`
turns one into what annotations, defaults and callers say.
"""

from __future__ import annotations

from collections.abc import Callable

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Binding,
    Call,
    CallRef,
    Either,
    Element,
    Entered,
    FileFacts,
    Import,
    Item,
    Lit,
    Map,
    Name,
    Opaque,
    ParamRef,
    Scope,
    ScopeRef,
    Seq,
    Star,
    Sub,
    Text,
    Typed,
)
from pubsub_devtools_analysis.known import Known, TypeKey
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Items,
    Joined,
    Made,
    Method,
    Module,
    Number,
    Partial,
    Pattern,
    Pending,
    Record,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)
from pubsub_devtools_analysis.workspace import Workspace

MOST_VALUES = 24
MOST_CALLERS = 8
LATE = 1 << 30


class At:
    """Where an expression stands: file, scope, and the block and line that decide which bindings reach it."""

    __slots__ = ("block", "facts", "line", "path", "scope")

    def __init__(self, path: str, facts: FileFacts, scope: int, block: int = -1, line: int = LATE) -> None:
        self.path = path
        self.facts = facts
        self.scope = scope
        self.block = block
        self.line = line


class Evaluator:
    """Evaluates expressions of a workspace under a set of dialects."""

    def __init__(self, workspace: Workspace, known: Known, memo: Memo) -> None:
        self.workspace = workspace
        self.known = known
        self.memo = memo
        self.make: Callable[[str, int, Values], Values | None] = lambda _path, _call, _callees: None
        self.decorated: Callable[[str, str, Function], Values | None] = lambda _path, _key, _function: None
        self.constants: dict[str, Constant] = {}
        self.fixed: dict[tuple[str, int, str], Values] = {}
        self.depth = 0

    # -- expressions

    def at_call(self, path: str, facts: FileFacts, call: Call) -> At:
        """The place of a call's arguments."""
        return At(path, facts, call.scope, call.block, call.line)

    def eval(self, at: At, expr: AnyExpr) -> Values:
        """All values that an expression can have; none when nothing is known."""
        if self.depth > 60:
            return ()
        self.depth += 1
        try:
            found = self._eval(at, expr)
        finally:
            self.depth -= 1
        return found if len(found) <= MOST_VALUES else found[:MOST_VALUES]

    def _eval(self, at: At, expr: AnyExpr) -> Values:
        match expr:
            case Name(id=name):
                return self.name(at, name)
            case Attr(base=base, name=name):
                return union(*(self.attribute(value, name) for value in self.eval(at, base)))
            case Lit(value=value):
                return (Str(value),) if isinstance(value, str) else (Number(repr(value)),)
            case CallRef(index=index):
                return self.result(at.path, index)
            case ScopeRef(index=index):
                return self.definition(at.path, index)
            case Import():
                return self.imported(at.path, expr)
            case ParamRef(name=name):
                return self.parameter(at, name)
            case Text(parts=parts):
                return self.text(at, parts)
            case Seq(items=items):
                return self.sequence(at, items)
            case Map(keys=keys, values=values):
                return self.mapping(at, keys, values)
            case Sub(base=base, key=key):
                return self.subscript(at, base, key)
            case Either(options=options):
                return union(*(self.eval(at, option) for option in options))
            case Typed(annotation=annotation, value=value):
                found = () if value is None else self.eval(at, value)
                useful = any(not isinstance(v, Number | Unknown) for v in found)
                return found if useful else union(self.annotated(at, annotation), found)
            case Element(value=value):
                return self.elements(self.eval(at, value))
            case Item(value=value, index=index):
                return self.items(self.eval(at, value), index)
            case Entered(value=value):
                return self.entered(self.eval(at, value))
            case Star(value=value):
                return self.eval(at, value)
            case Opaque():
                return ()

    def text(self, at: At, parts: tuple[AnyExpr, ...]) -> Values:
        """A text from its parts: known, a pattern, or one that callers fill in."""
        values = tuple(self.one_text(self.eval(at, part)) for part in parts)
        return (join(values),)

    @staticmethod
    def one_text(values: Values) -> Value:
        """The one text that a part of a text is; a wildcard for anything else."""
        texts = [v for v in values if isinstance(v, Str | Pattern | Joined | Argument)]
        return texts[0] if len(texts) == 1 and len(values) == 1 else Pattern("*")

    def sequence(self, at: At, items: tuple[AnyExpr, ...]) -> Values:
        """A list, tuple or set; starred items are laid open."""
        found: list[Values] = []
        ordered = True
        for item in items:
            if isinstance(item, Star):
                ordered = False
                for value in self.eval(at, item.value):
                    found.extend(value.items if isinstance(value, Items) else [(value,)])
            elif isinstance(item, ScopeRef) and at.facts.scopes[item.index].kind == "comp":
                ordered = False
                found.append(self.comprehension(at, item.index))
            else:
                found.append(self.eval(at, item))
        return (Items(tuple(found[:400]), ordered),)

    def comprehension(self, at: At, index: int) -> Values:
        """What a comprehension yields."""
        scope = at.facts.scopes[index]
        inner = At(at.path, at.facts, index, at.block, at.line)
        return union(*(self.eval(inner, value) for value in scope.returns))

    def mapping(self, at: At, keys: tuple[AnyExpr | None, ...], values: tuple[AnyExpr, ...]) -> Values:
        """A dict; `**other` is laid open."""
        entries: list[tuple[Values, Values]] = []
        for key, value in zip(keys, values, strict=True):
            if key is None:
                for inner in self.eval(at, value):
                    entries.extend(inner.entries if isinstance(inner, Table) else ())
            else:
                entries.append((self.eval(at, key), self.eval(at, value)))
        return (Table(tuple(entries[:400])),)

    # -- names

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
                return self.bindings(at, index, bindings, here)
            if scope.kind in ("function", "class"):
                here = False
            index = scope.parent
        return self.member_of_module(at.path, name)

    def bindings(self, at: At, index: int, bindings: list[Binding], here: bool) -> Values:
        """The values of those bindings of a scope that reach the place."""
        scope = at.facts.scopes[index]
        reaching = bindings
        if scope.kind != "comp":
            reaching = reach(bindings, at.facts.blocks, at.block, at.line) if here else final(bindings, at.facts)
        return union(*(self.bound(at.path, at.facts, index, binding) for binding in reaching))

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
            return (self.external(dotted),) if self.known.names(dotted) or dotted in self.known.constants else ()
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

    # -- things outside

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

    # -- attributes

    def attribute(self, value: Value, name: str) -> Values:
        """`value.name`."""
        match value:
            case Module():
                return self.module_attribute(value, name)
            case External(path=path):
                return self.external_attribute(path, name)
            case Class():
                return self.class_attribute(value, name)
            case Instance(cls=cls):
                return self.instance_attribute(value, cls, name)
            case Made():
                return self.made_attribute(value, name)
            case Record(path=path, call=index):
                return self.record_attribute(path, index, name)
            case Argument():
                expanded = union(*(self.attribute(v, name) for v in self.expand(value)))
                return expanded or (Method(value, name),)
            case Str() if name in ("value", "_value_"):
                return (value,)
            case _:
                return (Method(value, name),)

    def module_attribute(self, module: Module, name: str) -> Values:
        """A module's member or submodule."""
        if module.path:
            found = self.visible(module.path, name)
            if found:
                return found
            dotted = f"{module.name}.{name}"
            return (self.external(dotted),) if self.is_known(dotted) else ()
        dotted = module.name.rstrip("/").replace("/", ".") + "." + name
        inner = self.workspace.modules.resolve(dotted, module.name + "x.py")
        return () if inner is None else (self.module_value(module.name, inner),)

    def external_attribute(self, path: str, name: str) -> Values:
        """An attribute of something outside."""
        if path == "django.conf.settings":
            return self.setting(name) or (Unknown("setting"),)
        found = self.external(f"{path}.{name}")
        return (found,)

    def setting(self, name: str) -> Values:
        """A setting's default, looked for in the workspace's settings modules."""
        return self.memo.get(("setting", "", name), lambda: self._setting(name), ())

    def _setting(self, name: str) -> Values:
        found: Values = ()
        for path in self.workspace.modules.settings():  # type: ignore[attr-defined]
            facts = self.workspace.facts(path)
            if facts is None:
                continue
            for index, scope in enumerate(facts.scopes):
                if scope.kind in ("module", "class") and name in scope.names:
                    for binding in scope.names[name]:
                        found = union(found, self.bound(path, facts, index, binding))
        return tuple(v for v in found if isinstance(v, Str | Pattern | Items | Table))[:MOST_VALUES]

    def class_attribute(self, cls: Class, name: str) -> Values:
        """`Class.name`: a member, an enum's member as its text, or something of a library base."""
        found = self.member(cls, name)
        if found is not None:
            return found
        externals = [b for b in self.ancestors(cls) if isinstance(b, External)]
        for base in externals:
            value = self.external(f"{base.path}.{name}")
            if not isinstance(value, External):
                return (value,)
        if any(self.known.classes.get(base.path) for base in externals):
            return (Method(Instance(cls), name),)
        return ()

    def instance_attribute(self, value: Instance, cls: Class, name: str) -> Values:
        """`instance.name`."""
        given = self.constructed(value, cls, name)
        if given:
            return given
        found = self.member(cls, name)
        if found is not None:
            if value.call is not None and any(isinstance(v, Argument) for v in found):
                found = self.initialised(value, cls, found)
            return union(*(self.taken(value, v) for v in found))
        facts = self.workspace.facts(cls.path)
        known = self.conventional(cls.path, facts, name.lstrip("_")) if facts is not None else ()
        return self.gives(value, name) or known or (Method(value, name),)

    def constructed(self, value: Instance, cls: Class, name: str) -> Values:
        """A text given to the constructor of a record class under the attribute's name."""
        facts = self.workspace.facts(value.call[0]) if value.call is not None else None
        if value.call is None or facts is None:
            return ()
        call = facts.calls[value.call[1]]
        expr = dict(call.keywords).get(name)
        if expr is None:
            scope = self.workspace.get(cls.path, cls.key)
            fields = [n for n, b in scope.names.items() if any(isinstance(x.value, Typed) for x in b)]
            place = fields.index(name) if name in fields else -1
            expr = call.args[place] if 0 <= place < len(call.args) else None
        found = self.eval(self.at_call(value.call[0], facts, call), expr) if expr is not None else ()
        return tuple(v for v in found if isinstance(v, Str | Pattern | Argument | Joined))

    def initialised(self, value: Instance, cls: Class, found: Values) -> Values:
        """Members that the constructor set from its parameters, with what this instance's call gave."""
        facts = self.workspace.facts(value.call[0]) if value.call is not None else None
        if value.call is None or facts is None:
            return found
        call = facts.calls[value.call[1]]
        for function in self.member(cls, "__init__") or ():
            if isinstance(function, Function):
                given = self.arguments(value.call[0], facts, call, function, value)
                found = union(*(spread(v, given) for v in found))
        return found

    def taken(self, owner: Value, value: Value) -> Values:
        """A class's member as seen through an instance: functions are bound, properties are called."""
        if not isinstance(value, Function):
            return (value,)
        scope = self.workspace.get(value.path, value.key)
        names = decorator_names(scope)
        if names & library.PROPERTIES:
            return self.returned(value)
        return (value,) if "staticmethod" in names else (Bound(value, owner),)

    def gives(self, value: Value, name: str) -> Values:
        """What an attribute of a dialect's object is, where its table says so."""
        for dialect, type_name in self.types(value):
            of = self.known.member_gives.get((dialect, type_name, name))
            if of is not None:
                names = value.names if isinstance(value, Made) else ()
                call = value.call if isinstance(value, Made) else None
                return (Made(*of, names=names, call=call, sure=not isinstance(value, Made) or value.sure),)
        return ()

    def made_attribute(self, value: Made, name: str) -> Values:
        """An attribute of a dialect's object: another object, its event's name, or a method."""
        found = self.gives(value, name)
        if found:
            return found
        if name in ("name", "topic", "queue", "subject", "channel", "routing_key", "task_name", "event_type"):
            return value.names or (Method(value, name),)
        return (Method(value, name),)

    def record_attribute(self, path: str, index: int, name: str) -> Values:
        """A keyword of the call that made a record."""
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        call = facts.calls[index]
        for keyword, value in call.keywords:
            if keyword == name:
                found = self.eval(self.at_call(path, facts, call), value)
                scope = facts.scopes[call.scope]
                owner = f"{scope.qualname}.{call.target}".strip(".")
                self.constants[self.workspace.symbol(path, f"{owner}.{name}")] = Constant(
                    path, scope.key, name, index
                )
                return self.constant(path, owner, name, found)
        return ()

    # -- classes

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
            values.append(self.eval(At(cls.path, facts, member.scope, member.block, member.line), member.value))
        for store in facts.stores:
            if store.attr == name and store.base == Name(scope.name):
                values.append(self.eval(At(cls.path, facts, store.scope, -1, store.span[0]), store.value))
        if not values:
            return None
        found = union(*values)
        concrete = tuple(v for v in found if not (isinstance(v, Number) and v.text == "None"))
        found = concrete or found
        if bindings and self.is_enum(cls):
            return self.enum_member(cls, name, found)
        return self.constant(cls.path, cls.key, name, found)

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

    # -- definitions and parameters

    def definition(self, path: str, index: int) -> Values:
        """A function, class or lambda; decorators may have made something else of it."""
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        scope = facts.scopes[index]
        if scope.kind == "class":
            cls = Class(path, scope.key)
            symbol = self.workspace.symbol(path, scope.key)
            return (External(symbol),) if symbol in self.known.classes else (cls,)
        if scope.kind == "comp":
            return (Items((self.comprehension(At(path, facts, scope.parent), index),), False),)
        function = Function(path, scope.key)
        if scope.kind == "function" and not scope.decorators:
            symbol = self.workspace.symbol(path, scope.key)
            if symbol in self.known.functions:
                return (External(symbol),)
        if scope.decorators:
            made = self.memo.get(
                ("decorated", path, scope.key), lambda: self.decorated(path, function.key, function), None
            )
            if made is not None:
                return made
        return (function,)

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
        found = union(found, self.conventional(argument.path, facts, argument.name))
        if any(isinstance(v, Made) for v in found):
            return found
        return union(found, self.from_callers(argument, scope))

    def fixture(self, path: str, scope: Scope, name: str) -> Values:
        """What a test's parameter is by the pytest fixture of its name."""
        if not scope.name.startswith("test") and "fixture" not in decorator_names(scope) | called_decorators(self, path, scope):
            return ()
        for place in fixture_files(path):
            if place != path and self.workspace.modules.canonical(place) == "":
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
        return union(*(union(*v.items) if isinstance(v, Items) and len(v.items) == 1 else (v,) for v in values))

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
        places = [(path, i) for path in self.workspace.callers(name) for i in self.workspace.calls(path, name)]
        if not 0 < len(places) <= MOST_CALLERS:
            return ()
        found: Values = ()
        for path, index in places:
            facts = self.workspace.facts(path)
            if facts is None:
                continue
            call = facts.calls[index]
            given = self.given(path, facts, call, scope, argument.name)
            # An instance stands for its class alone: what one caller gave its constructor is no other caller's.
            found = union(found, tuple(Instance(v.cls) if isinstance(v, Instance) else v for v in given if is_object(v)))
        return found

    def given(self, path: str, facts: FileFacts, call: Call, scope: Scope, name: str) -> Values:
        """The argument that a call gives for a parameter."""
        expr = argument_of(call, scope, name, method=takes_self(facts, scope, self, call))
        return () if expr is None else self.eval(self.at_call(path, facts, call), expr)

    # -- annotations

    def annotated(self, at: At, annotation: AnyExpr) -> Values:
        """An instance of what an annotation names."""
        match annotation:
            case Sub(base=base, key=key):
                name = base.name if isinstance(base, Attr) else base.id if isinstance(base, Name) else ""
                if name in ("Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "Mapped", "Awaitable"):
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

    # -- calls

    def result(self, path: str, index: int) -> Values:
        """What a call gives."""
        if self.fixed:
            return self._result(path, index)
        return self.memo.get(("call", path, index), lambda: self._result(path, index), ())

    def _result(self, path: str, index: int) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        call = facts.calls[index]
        callees = self.callees(path, facts, call)
        made = self.make(path, index, callees)
        if made is not None:
            return made
        return union(*(self.called(path, facts, index, call, callee) for callee in callees))

    def callees(self, path: str, facts: FileFacts, call: Call) -> Values:
        """What a call calls."""
        return self.eval(self.at_call(path, facts, call), call.func)

    def called(self, path: str, facts: FileFacts, index: int, call: Call, callee: Value) -> Values:
        """The result of calling one value."""
        match callee:
            case External(path=dotted):
                special = library.CALLS.get(dotted)
                if special is not None:
                    return special(self, path, facts, index, call)
                return (self.external(dotted + "()"),)
            case Class():
                return (Instance(callee, (path, index)),)
            case Function():
                return self.substituted(path, facts, call, callee, self.returned(callee), None)
            case Bound(function=function, owner=owner):
                return self.substituted(path, facts, call, function, self.returned(function), owner)
            case Partial(function=function):
                return self.called(path, facts, index, call, function)
            case Method(owner=owner, name=name):
                return self.method_result(path, facts, call, owner, name)
            case Instance(cls=cls):
                inner = self.member(cls, "__call__")
                found = tuple(v for v in inner or () if isinstance(v, Function))
                return union(*(self.substituted(path, facts, call, f, self.returned(f), callee) for f in found))
            case Made(function=Function() as function):
                return self.returned(function)
            case _:
                return ()

    def method_result(self, path: str, facts: FileFacts, call: Call, owner: Value, name: str) -> Values:
        """The result of a library's method."""
        of = self.gives(owner, name + "()")
        if of:
            return of
        at = self.at_call(path, facts, call)
        match owner:
            case Table(entries=entries) if name in ("items", "values", "keys"):
                pick = {
                    "items": lambda k, v: (Items((k, v)),),
                    "keys": lambda k, _: k,
                    "values": lambda _, v: v,
                }[name]
                return (Items(tuple(pick(k, v) for k, v in entries), False),)
            case Table() if name in ("get", "pop", "setdefault") and call.args:
                default = self.eval(at, call.args[1]) if len(call.args) > 1 else ()
                return union(self.looked_up(owner, self.eval(at, call.args[0])), default)
            case Items() | Str() | Joined() if name in ("copy", "__iter__"):
                return (owner,)
            case Items(items=items) if name in ("pop", "popleft"):
                return union(*items)
            case Argument() | Method() | Unknown():
                return (Unknown("parameter"),) if isinstance(owner, Argument) else ()
            case _ if name in ("set", "options", "with_options", "using", "clone", "bind", "copy") and isinstance(owner, Made):
                return (owner,)
            case _:
                return ()

    def returned(self, function: Function) -> Values:
        """What a function returns, in terms of its parameters."""
        found = self.memo.get(("returned", function.path, function.key), lambda: self._returned(function), ())
        return tuple(fill(value, dict(function.bound)) for value in found) if function.bound else found

    def _returned(self, function: Function) -> Values:
        facts = self.workspace.facts(function.path)
        if facts is None:
            return ()
        index = self.workspace.scope(function.path, function.key)
        scope = facts.scopes[index]
        at = At(function.path, facts, index)
        found = union(*(self.eval(at, value) for value in scope.returns))
        useful = tuple(v for v in found if not isinstance(v, Number | Unknown))
        if not useful and scope.annotation is not None:
            outer = At(function.path, facts, scope.parent, scope.block, scope.span[0])
            return self.annotated(outer, scope.annotation)
        return found

    def substituted(
        self, path: str, facts: FileFacts, call: Call, function: Function, values: Values, owner: Value | None
    ) -> Values:
        """A function's result with the call's arguments in place of its parameters."""
        if not any(mentions(value, function) for value in values):
            return values
        given = self.arguments(path, facts, call, function, owner)
        return union(*(spread(value, given) for value in values))

    def arguments(
        self, path: str, facts: FileFacts, call: Call, function: Function, owner: Value | None
    ) -> dict[Argument, Values]:
        """The values that a call gives for a function's parameters, defaults included."""
        target = self.workspace.facts(function.path)
        if target is None:
            return {}
        scope = target.scopes[self.workspace.scope(function.path, function.key)]
        at = self.at_call(path, facts, call)
        found: dict[Argument, Values] = dict(function.bound)
        outer = At(function.path, target, scope.parent, scope.block, scope.span[0])
        for param in scope.params:
            expr = argument_of(call, scope, param.name, method=owner is not None)
            if param.kind == "**":
                named = {p.name for p in scope.params}
                values = (Table(tuple(((Str(k),), self.eval(at, v)) for k, v in call.keywords if k not in named and k != "**")),)
            elif expr is not None:
                values = self.eval(at, expr)
            elif param.default is not None:
                values = self.eval(outer, param.default)
            else:
                continue
            found[Argument(function.path, function.key, param.name)] = values
        return found

    # -- containers

    def elements(self, values: Values) -> Values:
        """What iterating gives."""
        found: list[Values] = []
        for value in values:
            match value:
                case Items(items=items):
                    found.extend(items)
                case Table(entries=entries):
                    found.extend(key for key, _ in entries)
                case Class():
                    found.append(self.enum_members(value))
                case Argument():
                    found.append((value,))
                    found.append(self.elements(self.expand(value)))
                case Made():
                    found.append(self.gives(value, "[]"))
                case _:
                    pass
        return union(*found)

    def enum_members(self, cls: Class) -> Values:
        """All members of an enumeration."""
        if not self.is_enum(cls):
            return ()
        scope = self.workspace.get(cls.path, cls.key)
        return union(*(self.member(cls, name) or () for name in scope.names))

    def items(self, values: Values, index: int) -> Values:
        """What unpacking gives at a position."""
        found: list[Values] = []
        for value in values:
            if isinstance(value, Items):
                if value.ordered:
                    found.append(value.items[index] if index < len(value.items) else ())
                else:
                    found.extend(value.items)
        return union(*found)

    def subscript(self, at: At, base: AnyExpr, key: AnyExpr) -> Values:
        """`base[key]`."""
        found: list[Values] = []
        keys: Values | None = None
        for value in self.eval(at, base):
            match value:
                case Table() | Items():
                    keys = self.eval(at, key) if keys is None else keys
                    found.append(self.looked_up(value, keys))
                case External(path=path) if path.endswith("environ"):
                    found.append((Unknown("environment"),))
                case Class() | External():
                    if isinstance(value, Class) and self.is_enum(value):
                        keys = self.eval(at, key)
                        texts = [k.text for k in keys if isinstance(k, Str)]
                        found.append(union(*(self.member(value, t) or () for t in texts)))
                    else:
                        found.append((value,))
                case Made():
                    found.append(self.gives(value, "[]") or (value,))
                case Method(owner=owner, name=name):
                    of = self.gives(owner, name + "[]")
                    keys = self.eval(at, key) if of else ()
                    found.append(tuple(Made(v.dialect, v.type, keys) for v in of if isinstance(v, Made)))
                case Pattern() | Joined() if isinstance(key, Opaque):
                    found.append((value,))
                case Argument() | Unknown():
                    found.append((Unknown("parameter"),))
                case _:
                    pass
        return union(*found)

    def looked_up(self, value: Value, keys: Values) -> Values:
        """An entry of a dict or list; every entry when the key is not known."""
        if isinstance(value, Items):
            numbers = [int(k.text) for k in keys if isinstance(k, Number) and k.text.lstrip("-").isdigit()]
            if numbers and value.ordered and -len(value.items) <= numbers[0] < len(value.items):
                return value.items[numbers[0]]
            return union(*value.items)
        if not isinstance(value, Table):
            return ()
        hits = [v for k, v in value.entries if set(k) & set(keys)]
        if not hits:
            texts = {k.text for k in keys if isinstance(k, Str)}
            hits = [v for k, v in value.entries if any(isinstance(x, Str) and x.text in texts for x in k)]
        return union(*(hits or [v for _, v in value.entries]))

    def looked_up_exactly(self, table: Table, key: str) -> Values:
        """The entry of a dict under this very text; none otherwise."""
        for keys, value in table.entries:
            if any(isinstance(k, Str) and k.text == key for k in keys):
                return value
        return ()

    def entered(self, values: Values) -> Values:
        """What `with value as name` binds."""
        found: list[Values] = []
        for value in values:
            if isinstance(value, Instance):
                inner = self.member(value.cls, "__aenter__") or self.member(value.cls, "__enter__") or ()
                results = union(*(self.returned(f) for f in inner if isinstance(f, Function)))
                found.append(results or (value,))
            elif isinstance(value, Items):
                found.append(union(*value.items))
            elif isinstance(value, Made):
                found.append(self.gives(value, "with") or (value,))
            else:
                found.append((value,))
        return union(*found)


# -- pure helpers


def is_object(value: Value) -> bool:
    """Whether a caller's argument tells what kind of object a parameter is, without naming an event."""
    return isinstance(value, Instance | Class | Function | Bound) or isinstance(value, Made) and not value.names


def reach(bindings: list[Binding], blocks: list[int], block: int, line: int) -> list[Binding]:
    """The bindings that can reach a use: from the nearest before it back to one that always runs before it."""
    found: list[Binding] = []
    for binding in reversed(bindings):
        if binding.line < line or line == LATE:
            found.append(binding)
            if block < 0 or encloses(binding.block, block, blocks):
                break
    return found or bindings


def final(bindings: list[Binding], facts: FileFacts) -> list[Binding]:
    """The bindings that stand when the scope is done: the last that always runs, and conditional ones after it."""
    if len(bindings) < 2:
        return bindings
    found: list[Binding] = []
    outermost = min(bindings, key=lambda b: depth_of(b.block, facts.blocks)).block
    for binding in reversed(bindings):
        found.append(binding)
        if binding.block == outermost:
            break
    return found


def depth_of(block: int, blocks: list[int]) -> int:
    """How deep a block is nested."""
    depth = 0
    while block > 0:
        block = blocks[block]
        depth += 1
    return depth


def encloses(outer: int, inner: int, blocks: list[int]) -> bool:
    """Whether a block is, or is around, another."""
    while inner > outer:
        inner = blocks[inner]
    return inner == outer


def decorator_names(scope: Scope) -> set[str]:
    """The last names of a function's bare decorators."""
    return {
        d.value.name if isinstance(d.value, Attr) else d.value.id
        for d in scope.decorators
        if isinstance(d.value, Attr | Name)
    }


def called_decorators(evaluator: Evaluator, path: str, scope: Scope) -> set[str]:
    """The last names of a function's decorators that are calls."""
    facts = evaluator.workspace.facts(path)
    if facts is None:
        return set()
    return {facts.calls[d.value.index].name for d in scope.decorators if isinstance(d.value, CallRef)}


def fixture_files(path: str) -> list[str]:
    """Where a test looks for its fixtures: its own file, then `conftest.py` of each folder around it."""
    found = [path]
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        found.append(f"{folder}/conftest.py".lstrip("/"))
    return found


def argument_of(call: Call, scope: Scope, name: str, method: bool) -> AnyExpr | None:
    """The expression that a call gives for a parameter; `method` when the first parameter is already bound."""
    for keyword, value in call.keywords:
        if keyword == name:
            return value
    positional = [p for p in scope.params if p.kind == "p"]
    if method:
        positional = positional[1:]
    for index, param in enumerate(positional):
        if param.name == name:
            if index < len(call.args) and not any(isinstance(a, Star) for a in call.args[: index + 1]):
                return call.args[index]
            return None
    rest = next((p for p in scope.params if p.kind == "*" and p.name == name), None)
    if rest is not None:
        return Seq(call.args[len(positional) :])
    return None


def takes_self(facts: FileFacts, scope: Scope, evaluator: Evaluator, call: Call) -> bool:
    """Whether a call of this function gives its first parameter through the object it is taken from."""
    if not scope.params or scope.params[0].name not in ("self", "cls"):
        return False
    return scope.name == "__init__" or isinstance(call.func, Attr)


def join(values: tuple[Value, ...]) -> Value:
    """Parts of a text put together."""
    if any(isinstance(v, Argument | Joined) for v in values):
        return Joined(values)
    texts = [v.text if isinstance(v, Str | Pattern) else "*" for v in values]
    text = "".join(texts)
    while "**" in text:
        text = text.replace("**", "*")
    return Pattern(text) if any(not isinstance(v, Str) for v in values) else Str(text)


def mentions(value: Value, function: Function | None = None) -> bool:
    """Whether a value holds a parameter still to be filled in (of this function, if given)."""
    match value:
        case Argument(path=path, key=key):
            return function is None or (path == function.path and key == function.key) or True
        case Joined(parts=parts):
            return any(mentions(p, function) for p in parts)
        case Made(names=names, function=made):
            return any(mentions(n, function) for n in names) or (made is not None and mentions(made, function))
        case Items(items=items):
            return any(mentions(v, function) for group in items for v in group)
        case Function():
            return function is not None and value.key.startswith(function.key + ".")
        case Method(owner=owner) | Bound(owner=owner):
            return mentions(owner, function)
        case Pending():
            return function is not None
        case Partial():
            return mentions(value.function, function) or any(mentions(v, function) for a in value.args for v in a)
        case _:
            return False


def spread(value: Value, given: dict[Argument, Values]) -> Values:
    """A value with parameters filled in; a parameter with several values gives several."""
    if isinstance(value, Argument):
        return given.get(value, (value,))
    return (fill(value, given),)


def fill(value: Value, given: dict[Argument, Values]) -> Value:
    """A value with parameters filled in."""
    match value:
        case Argument():
            values = given.get(value, ())
            return values[0] if len(values) == 1 else Items((values,), False) if values else value
        case Joined(parts=parts):
            return join(tuple(fill(p, given) for p in parts))
        case Made(names=names) if names:
            filled = union(*(spread(n, given) for n in names))
            return Made(value.dialect, value.type, filled, value.call, value.function, value.sure)
        case Items(items=items):
            return Items(tuple(union(*(spread(v, given) for v in group)) for group in items), value.ordered)
        case Function():
            inner = {k: v for k, v in given.items() if value.path == k.path and value.key.startswith(k.key + ".")}
            merged = {**dict(value.bound), **inner}
            return Function(value.path, value.key, tuple(sorted(merged.items(), key=lambda kv: kv[0].name)))
        case Method(owner=owner, name=name):
            return Method(fill(owner, given), name)
        case Pending(callee=callee, path=path, call=call, bound=bound):
            merged = {k: union(*(spread(v, given) for v in vs)) for k, vs in bound}
            merged.update({k: v for k, v in given.items() if k.path == path and k not in merged})
            return Pending(callee, path, call, tuple(sorted(merged.items(), key=lambda kv: (kv[0].key, kv[0].name))))
        case Bound(function=function, owner=owner):
            return Bound(function, fill(owner, given))
        case _:
            return value
