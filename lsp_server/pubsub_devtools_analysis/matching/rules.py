"""Which patterns speak of what a call calls."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation import last_name
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    FileFacts,
    Lit,
    Name,
)
from pubsub_devtools_analysis.known import Rule
from pubsub_devtools_analysis.layout import is_test
from pubsub_devtools_analysis.matching.naming import Naming
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Made,
    Method,
    Partial,
    Unknown,
    Value,
    Values,
)


class Rules(Naming):
    """Which patterns speak of what a call calls."""

    def received(self, path: str, facts: FileFacts, call: Call, callees: Values) -> Values:
        """The callees, with what convention says of a receiver that nothing else is known of."""
        found: list[Value] = []
        for value in callees:
            callee = self.as_method(value)
            if (
                isinstance(callee, Method)
                and not self.rules(callee)
                and not self.evaluator.types(callee.owner)
            ):
                found.extend(self.guessed(path, facts, call, callee) or (callee,))
            elif isinstance(callee, External) and "()." in callee.path:
                found.extend(self.called_after(path, call) or (callee,))
            else:
                found.append(callee)
        if (callees or isinstance(call.func, Name)) and all(isinstance(c, Argument) for c in callees):
            owners = [o for o in self.wrappers.get(call.name, ()) if "." not in o[1]]
            if len(owners) == 1:
                found.append(Method(Function(*owners[0]), "?"))
            if isinstance(call.func, Name):
                found.extend(self.class_by_name(path, call.func.id))
        if not callees and isinstance(call.func, Attr):
            found.extend(self.guessed(path, facts, call, Method(Unknown("receiver"), call.func.name)))
        return tuple(found)

    def called_after(self, path: str, call: Call) -> list[Value]:
        """A method of what another library gives, where its variable has the framework's own name: `self.redis`."""
        base = call.func.base if isinstance(call.func, Attr) else None
        name = last_name(base) if base is not None else ""
        return [
            Method(made, call.name)
            for made in self.evaluator.conventional(path, name.lstrip("_"))
            if isinstance(made, Made)
            and made.dialect in name
            and self.known.methods.get((made.dialect, made.type, call.name))
        ]

    def class_by_name(self, importer: str, name: str) -> list[External]:
        """A parameter that is called by the name of a library's class: `def get_consumers(self, Consumer, channel)`."""
        return [
            External(path)
            for path, rules in self.known.functions.items()
            if name[:1].isupper()
            and path.rpartition(".")[2] == name
            and any(self.evaluator.imports(importer, rule.dialect.name) for rule in rules)
        ][:1]

    def as_method(self, callee: Value) -> Value:
        """A method of something outside the workspace, where only one kind of object has such a method."""
        if isinstance(callee, External) and callee.path not in self.known.functions:
            owner, _, name = callee.path.rpartition(".")
            if name in self.known.external and owner and "()" not in owner and not self.is_library(owner):
                return Method(External(owner), name)
            made = self.of_library(owner, name)
            if made is not None:
                return Method(made, name)
        return callee

    def is_library(self, path: str) -> bool:
        """Whether a path lies in a framework's own library: a canvas primitive is no task."""
        root = path.partition(".")[0]
        return any(
            m.partition(".")[0] == root and root != "django"
            for d in self.known.dialects.values()
            for m in d.imports
        )

    def of_library(self, owner: str, name: str) -> Made | None:
        """An object of a known library that no table names, taken for the one type that has such a method."""
        if "()" not in owner:
            return None
        root = owner.partition(".")[0]
        for dialect in self.known.dialects.values():
            if any(module.partition(".")[0] == root for module in dialect.imports):
                for type_name in dialect.types:
                    if self.known.methods.get((dialect.name, type_name, name)):
                        return Made(dialect.name, type_name, sure=False)
        return None

    def guessed(self, path: str, facts: FileFacts, call: Call, callee: Method) -> Values:
        """A method of an object known by its variable's conventional name, or of the only class that has it."""
        base = call.func.base if isinstance(call.func, Attr) else None
        name = last_name(base) if base is not None else ""
        found: list[Value] = []
        for made in self.evaluator.conventional(path, name.lstrip("_")):
            if isinstance(made, Made) and self.known.methods.get((made.dialect, made.type, callee.name)):
                found.append(Method(made, callee.name))
        if not found and not isinstance(callee.owner, Made | Instance | Class):
            found.extend(
                Method(Made(*key, sure=False), callee.name)
                for key in self.known.distinct.get(callee.name, [])[:1]
            )
        return tuple(found) or self.only(
            callee.name, path, name or located(facts, base), self.hands_event(path, facts, call)
        )

    def hands_event(self, path: str, facts: FileFacts, call: Call) -> bool:
        """Whether the first argument is made of a class that, or whose base, is called an event."""
        if not call.args:
            return False
        values = self.evaluator.eval(self.evaluator.at_call(path, facts, call), call.args[0])
        return any(
            isinstance(base, Class) and base.key.endswith(("Event", "Message", "Command", "Signal"))
            for v in values
            if isinstance(v, Instance)
            for base in self.evaluator.ancestors(v.cls)
        )

    def only(self, name: str, caller: str, receiver: str = "", carries_event: bool = False) -> Values:
        """The one workspace function of this name that is a wrapper, if no other wrapper has the name.

        Where several have it, the one counts whose class the receiver is called by. A name that too many things have counts
        only then, or for a call that hands over something that is an event by its class.
        """
        in_tests = is_test(caller)
        owners = [o for o in self.wrappers.get(name, ()) if in_tests or not is_test(o[0])]
        called = [o for o in owners if is_called_by_class(receiver, o[1])]
        if len(called) != 1 and (len(owners) != 1 or (name in library.COMMON and not carries_event)):
            return ()
        return (Method(Function(*(called if len(called) == 1 else owners)[0]), "?"),)

    def rules(self, callee: Value) -> list[Rule]:
        """The patterns that speak of a callee."""
        match callee:
            case External(path=path):
                return self.known.functions.get(path, [])
            case Method(owner=owner, name=name):
                found: list[Rule] = []
                for dialect, type_name in self.evaluator.types(owner):
                    found.extend(self.known.methods.get((dialect, type_name, name), []))
                if not found and isinstance(owner, External) and not owner.path.startswith("builtins."):
                    found = self.external_rules(owner.path, name)
                return found
            case Bound(function=function, owner=owner):
                return self.overridden(function, owner)
            case Partial(function=function):
                return self.rules(function)
            case Made(dialect=dialect, type=type_name):
                return self.known.methods.get((dialect, type_name, "()"), [])
            case Class():
                found = []
                for base in self.evaluator.ancestors(callee):
                    if isinstance(base, External):
                        found.extend(self.known.functions.get(base.path, []))
                return found
            case _:
                return []

    def overridden(self, function: Function, owner: Value) -> list[Rule]:
        """Patterns of a library's method that a workspace subclass overrides: it is assumed to do the same."""
        name = function.key.rpartition(".")[2]
        found: list[Rule] = []
        for dialect, type_name in self.evaluator.types(owner):
            found.extend(self.known.methods.get((dialect, type_name, name), []))
        return found

    def external_rules(self, path: str, name: str) -> list[Rule]:
        """Patterns for a method of something outside the workspace that only one kind of object has."""
        for dialect, type_name in self.known.external.get(name, []):
            paths = self.known.type((dialect, type_name)).paths
            if not paths or any(fnmatchcase(path, pattern) for pattern in paths):
                return self.known.methods.get((dialect, type_name, name), [])
        return []


def located(facts: FileFacts, receiver: AnyExpr | None) -> str:
    """What a receiver is fetched by: `component.get("EventManager")`."""
    args = facts.calls[receiver.index].args if isinstance(receiver, CallRef) else ()
    return args[0].value if args and isinstance(args[0], Lit) and isinstance(args[0].value, str) else ""


def is_called_by_class(variable: str, method: str) -> bool:
    """Whether a variable is called as the class of a method is: `event_manager` for `EventManager.handle`."""
    owner = method.rpartition(".")[0].rpartition(".")[2]
    return bool(owner) and variable.replace("_", "").lower() == owner.replace("_", "").lower()
