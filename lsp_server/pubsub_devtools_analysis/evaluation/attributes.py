"""`value.name` for every kind of value."""

from __future__ import annotations

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.classes import Classes
from pubsub_devtools_analysis.evaluation.filling import spread
from pubsub_devtools_analysis.evaluation.signatures import is_class_name
from pubsub_devtools_analysis.facts import (
    Typed,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Joined,
    Made,
    Method,
    Module,
    Pattern,
    Read,
    Record,
    Str,
    Unknown,
    Value,
    Values,
    union,
)


class Attributes(Classes):
    """`value.name` for every kind of value."""

    def attribute(self, value: Value, name: str) -> Values:
        """`value.name`."""
        match value:
            case Module():
                return self.module_attribute(value, name)
            case External(path=path):
                return self.external_attribute(path, name)
            case Instance(cls=cls) if name == "__class__":
                return (cls,)
            case Instance(cls=cls) if name in ("__name__", "__qualname__"):
                # Only the type of a parameter is asked for its name, and for that the parameter itself stands.
                return self.class_name_of(cls)
            case Class() if name in ("__name__", "__qualname__"):
                return self.class_name_of(value)
            case Class():
                return self.class_attribute(value, name)
            case Instance(cls=cls):
                return self.instance_attribute(value, cls, name)
            case Made():
                return self.made_attribute(value, name)
            case Record(path=path, call=index):
                return self.record_attribute(path, index, name)
            case Argument():
                return self.argument_attribute(value, name) or (Method(value, name),)
            case Method(owner=Method(owner=Class() as cls, name=fields), name=field) if (
                name == "default" and fields in library.FIELDS
            ):
                return self.member(cls, field) or ()
            case Str() if name in ("value", "_value_"):
                return (value,)
            case _:
                return (Method(value, name),)

    def argument_attribute(self, argument: Argument, name: str) -> Values:
        """An attribute of what a parameter is. Functions that hand a parameter round in a circle ask this of themselves."""
        return self.memo.get(
            ("attribute of", argument.path, (argument.key, argument.name, name)),
            lambda: union(*(self.attribute(v, name) for v in self.expand(argument))),
            (),
        )

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

    def class_attribute(self, cls: Class, name: str) -> Values:
        """`Class.name`: a member, an enum's member as its text, or something of a library base."""
        found = self.member(cls, name)
        if found is not None:
            return tuple(self.class_bound(cls, v) for v in found)
        externals = [b for b in self.ancestors(cls) if isinstance(b, External)]
        for base in externals:
            value = self.external(f"{base.path}.{name}")
            if not isinstance(value, External):
                return (value,)
        if any(self.known.classes.get(base.path) for base in externals):
            return (Method(Instance(cls), name),)
        if externals and name in library.MAKERS:
            return (cls,)
        return (Method(cls, name),) if externals and name in library.FIELDS else ()

    def class_bound(self, cls: Class, value: Value) -> Value:
        """A class's member as seen through the class: class methods are bound to it."""
        if not isinstance(value, Function):
            return value
        is_for_class = "classmethod" in self.head(value.path, value.key).decorators
        return Bound(value, cls) if is_for_class else value

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
        if External(library.LAZY) in self.ancestors(cls):
            wrapped = self.member(cls, "_wrapped") or ()
            return union(*(self.attribute(v, name) for v in wrapped if v != value))
        known = self.conventional(cls.path, name.lstrip("_"))
        return self.gives(value, name) or known or (Method(value, name),)

    def constructed(self, value: Instance, cls: Class, name: str) -> Values:
        """A text given to the constructor of a record class under the attribute's name."""
        if value.call is None:
            return ()
        path, index = value.call
        key = ("given", path, (index, cls, name))
        return self.memo.get(key, lambda: self._constructed(path, index, cls, name), ())

    def _constructed(self, path: str, index: int, cls: Class, name: str) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        call = facts.calls[index]
        expr = dict(call.keywords).get(name)
        if expr is None:
            none: tuple[str, ...] = ()
            fields = self.memo.get(("fields", cls.path, cls.key), lambda: self.fields(cls), none)
            place = fields.index(name) if name in fields else -1
            expr = call.args[place] if 0 <= place < len(call.args) else None
        found = self.eval(self.at_call(path, facts, call), expr) if expr is not None else ()
        return tuple(v for v in found if isinstance(v, Str | Pattern | Argument | Joined))

    def fields(self, cls: Class) -> tuple[str, ...]:
        """The annotated names of a class's body, in their order."""
        scope = self.workspace.get(cls.path, cls.key)
        return tuple(n for n, b in scope.names.items() if any(isinstance(x.value, Typed) for x in b))

    def initialised(self, value: Instance, cls: Class, found: Values) -> Values:
        """Members that the constructor set from its parameters, with what this instance's call gave."""
        facts = self.workspace.facts(value.call[0]) if value.call is not None else None
        if value.call is None or facts is None:
            return found
        call = facts.calls[value.call[1]]
        for function in self.member(cls, "__init__") or ():
            if isinstance(function, Function):
                given = self.arguments(value.call[0], facts, call, function, value)
                above = self.given_above(function, value)
                found = union(*(spread(v, above) for v in found))
                found = union(*(spread(v, given) for v in found))
        return found

    def given_above(
        self, function: Function, value: Instance, within: tuple[Function, ...] = ()
    ) -> dict[Argument, Values]:
        """What a constructor gives to those of its bases: `super().__init__(name, EventType.STARTED)`."""
        facts = self.workspace.facts(function.path)
        found: dict[Argument, Values] = {}
        for index in self.workspace.calls(function.path, "__init__") if facts is not None else ():
            if facts is None or facts.scopes[facts.calls[index].scope].key != function.key:
                continue
            call = facts.calls[index]
            for callee in self.eval(self.at_call(function.path, facts, call), call.func):
                base = callee.function if isinstance(callee, Bound) else callee
                if isinstance(base, Function) and base not in (function, *within):
                    owner = value if isinstance(callee, Bound) else None
                    given = self.arguments(function.path, facts, call, base, owner)
                    for argument, values in self.given_above(base, value, (function, *within)).items():
                        found[argument] = union(*(spread(v, given) for v in values))
                    found.update(given)
        return found

    def taken(self, owner: Value, value: Value) -> Values:
        """A class's member as seen through an instance: functions are bound, properties are called."""
        if isinstance(value, Read):
            return self.read(owner, value.function)
        if not isinstance(value, Function):
            return (value,)
        names = self.head(value.path, value.key).decorators
        if names & library.PROPERTIES:
            return self.read(owner, value)
        return (value,) if "staticmethod" in names else (Bound(value, owner),)

    def read(self, owner: Value, function: Function) -> Values:
        """What a property gives; one that gives the name of its own class gives that of the owner's."""
        facts = self.workspace.facts(function.path)
        scope = self.workspace.get(function.path, function.key)
        is_name = facts is not None and any(is_class_name(facts, scope, value) for value in scope.returns)
        if is_name and isinstance(owner, Instance):
            return self.class_name_of(owner.cls)
        return self.returned(function)

    def class_name_of(self, cls: Class) -> Values:
        """`cls.__name__`."""
        symbol = self.workspace.symbol(cls.path, cls.key)
        self.constants[symbol] = Constant(cls.path, cls.key, "__name__")
        return (Str(symbol.rpartition(".")[2], symbol),)

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
