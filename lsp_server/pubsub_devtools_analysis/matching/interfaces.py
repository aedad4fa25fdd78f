"""Calls of an interface's method: the sites are those of what implements it in the workspace."""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.matching.draft import ONLY, Draft, Given
from pubsub_devtools_analysis.matching.wrappers import Wrappers
from pubsub_devtools_analysis.values import Bound, Class, External, Function, Instance, Value


class Interfaces(Wrappers):
    """Calls of an interface's method."""

    protocols = frozenset({External("typing.Protocol"), External("typing_extensions.Protocol")})

    def implemented(self, given: Given, callee: Value) -> list[Draft]:
        """The sites that a call of an interface's method makes by what implements it in the workspace."""
        if not isinstance(callee, Bound) or not isinstance(callee.owner, Instance):
            return []
        interface = callee.owner.cls
        if not self.is_abstract(callee.function, interface):
            return []
        name = callee.function.key.rpartition(".")[2]
        classes = [
            (Class(path, key.rpartition(".")[0]), Function(path, key))
            for path, key in sorted(self.wrappers.get(name, ()))
            if "." in key and self.workspace.exists(path, key)
        ]
        found = [
            self.through(given, Bound(function, Instance(cls)))
            for cls, function in classes
            if cls != interface and self.implements(cls, interface)
        ]
        drafts = [draft for each in found for draft in each]
        if len(found) < 2:
            return drafts
        return [msgspec.structs.replace(draft, certainty="likely", reason=ONLY) for draft in drafts]

    def implements(self, cls: Class, interface: Class) -> bool:
        """Whether a class descends from an interface, or has all that a protocol asks for."""
        if interface in self.evaluator.ancestors(cls):
            return True
        asked = self.workspace.get(interface.path, interface.key).names if self.is_protocol(interface) else {}
        return bool(asked) and all(self.evaluator.member(cls, name) is not None for name in asked)

    def is_protocol(self, cls: Class) -> bool:
        """Whether a class is a protocol."""
        return not self.protocols.isdisjoint(self.evaluator.ancestors(cls))

    def is_abstract(self, function: Function, cls: Class) -> bool:
        """Whether a method is there to be implemented: a protocol's, or one that does nothing itself."""
        facts = self.workspace.facts(function.path)
        if facts is None or self.is_protocol(cls):
            return facts is not None
        index = self.workspace.scope(function.path, function.key)
        return not facts.scopes[index].returns and all(
            scope != index or facts.calls[call].name == "NotImplementedError"
            for call, scope in enumerate(facts.summary.within)
        )
