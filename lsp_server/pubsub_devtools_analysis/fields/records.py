"""Classes that carry data: their fields, and which of them a constructor is given."""

from __future__ import annotations

from typing import NamedTuple

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, CallRef, FileFacts, Lit, Name, Scope, Typed
from pubsub_devtools_analysis.fields.arguments import arguments
from pubsub_devtools_analysis.fields.layer import Layer
from pubsub_devtools_analysis.fields.shape import EMPTY, OPAQUE, Part, Shape, merged, plain
from pubsub_devtools_analysis.fields.spot import Filled, Spot
from pubsub_devtools_analysis.fields.types import type_of
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Class, External, Function

_DECORATORS = frozenset(
    {"dataclass", "define", "frozen", "mutable", "attrs", "attributes", "s", "dataclass_json"}
)
_BASES = frozenset(
    {"BaseModel", "NamedTuple", "TypedDict", "Struct", "Record", "RootModel", "SQLModel", "Schema"}
)


class Slot(NamedTuple):
    """A field that a class declares: by an annotation in its body, or as a parameter of its constructor."""

    name: str
    place: Place
    type: str
    is_positional: bool = True


class Records(Layer):
    """Classes that carry data."""

    def is_record(self, cls: Class) -> bool:
        """Whether a class is made to hold data: by a decorator, by a base, or by annotations without a constructor."""
        bases = self.evaluator.ancestors(cls)
        if any(isinstance(b, External) and b.path.rpartition(".")[2] in _BASES for b in bases):
            return True
        own = self.bodies(cls)
        if any(_decorated(facts, scope) for _, facts, scope in own):
            return True
        bindings = (b for _, _, scope in own for group in scope.names.values() for b in group)
        return self.constructor(cls) is None and any(isinstance(b.value, Typed) for b in bindings)

    def bodies(self, cls: Class) -> list[tuple[str, FileFacts, Scope]]:
        """The classes of the workspace that a class descends from, the outermost first, itself last."""
        found: list[tuple[str, FileFacts, Scope]] = []
        for base in reversed(self.evaluator.ancestors(cls)):
            facts = self.workspace.facts(base.path) if isinstance(base, Class) else None
            if isinstance(base, Class) and facts is not None:
                found.append((base.path, facts, self.workspace.get(base.path, base.key)))
        return found

    def constructor(self, cls: Class) -> Function | None:
        """The constructor that a class or a base of it in the workspace has, unless a decorator makes one."""
        facts = self.workspace.facts(cls.path)
        scope = self.workspace.get(cls.path, cls.key)
        if facts is not None and "__init__" not in scope.names and _decorated(facts, scope):
            return None
        found = self.evaluator.member(cls, "__init__") or ()
        return next((v for v in found if isinstance(v, Function)), None)

    def slots(self, cls: Class) -> tuple[Slot, ...]:
        """The fields of a class, in the order in which its constructor takes them."""
        return self.finder.memo.get(("slots", cls.path, cls.key), lambda: self._slots(cls), ())

    def _slots(self, cls: Class) -> tuple[Slot, ...]:
        constructor = self.constructor(cls)
        if constructor is not None:
            return self._parameters(constructor)
        found: dict[str, Slot] = {}
        for path, facts, scope in self.bodies(cls):
            found.update({slot.name: slot for slot in _annotated(path, facts, scope)})
        return tuple(found.values())

    def _parameters(self, constructor: Function) -> tuple[Slot, ...]:
        """The parameters of a constructor, by the attributes that they become."""
        facts = self.workspace.facts(constructor.path)
        if facts is None:
            return ()
        scope = self.workspace.get(constructor.path, constructor.key)
        owner = facts.scopes[scope.parent]
        kept = {
            member.value.id: name
            for name, members in owner.attrs.items()
            for member in members
            if isinstance(member.value, Name)
        }
        return tuple(
            Slot(
                kept.get(p.name, p.name),
                Place(constructor.path, *scope.span),
                "" if p.annotation is None else written(facts, p.annotation),
                p.kind == "p",
            )
            for p in scope.params[1:]
            if p.kind in "pk"
        )

    def whole(self, cls: Class) -> Shape:
        """All fields of a class: an object that was made elsewhere."""
        if not self.counts(cls):
            return EMPTY
        if not self.is_record(cls) and not (self.wanted and self.is_loose):
            return OPAQUE
        slots = self.slots(cls)
        return Shape(tuple(Part(s.name, s.place, s.type) for s in slots)) if slots else OPAQUE

    def counts(self, cls: Class) -> bool:
        """Whether messages of this class are asked for, or of whatever class."""
        is_it = self.symbol(cls) == self.wanted
        self.is_seen = self.is_seen or is_it
        return is_it or not self.wanted

    def constructed(self, spot: Spot, cls: Class, call: Call) -> Shape:
        """The fields that a call of a class gives; defaults are not given."""
        if not self.counts(cls):
            return EMPTY
        if not self.is_loose and not self.is_record(cls):
            return OPAQUE
        outer, self.wanted = self.wanted, ""
        given = arguments(self.evaluator, spot, call)
        slots = self.slots(cls)
        names = [slot.name for slot in slots if slot.is_positional]
        parts = [self.part(name, filled) for name, filled in zip(names, given.positional, strict=False)]
        is_open = given.open or len(given.positional) > len(names)
        keywords = self.keywords(given.keywords)
        self.wanted = outer
        return merged((Shape(tuple(parts), is_open), keywords))

    def keywords(self, keywords: tuple[tuple[str, Filled], ...]) -> Shape:
        """Fields given by name, `**options` among them."""
        return merged(
            plain(self.filled(f)) if name == "**" else Shape((self.part(name, f),)) for name, f in keywords
        )

    def part(self, name: str, filled: Filled) -> Part:
        """A field with what an argument gives for it."""
        at = filled.spot.at
        place = Place(at.path, at.line, 0, at.line, 0)
        if filled.expr is None:
            return Part(name, place)
        return Part(name, place, type_of(self.evaluator, filled.spot, filled.expr), self.nested(filled))

    def nested(self, filled: Filled) -> Shape | None:
        """The fields inside a field, where its value is written out as a dict or a constructor's call."""
        outer, self.wanted = (self.wanted, self.is_loose), ""
        self.is_loose = False
        shape = self.written_out(filled.spot, filled.expr) if filled.expr is not None else None
        self.wanted, self.is_loose = outer
        return shape if shape is not None and shape.parts else None


def _decorated(facts: FileFacts, scope: Scope) -> bool:
    """Whether a decorator makes a class hold data."""
    for decorator in scope.decorators:
        value = decorator.value
        name = facts.calls[value.index].name if isinstance(value, CallRef) else ""
        name = value.name if isinstance(value, Attr) else value.id if isinstance(value, Name) else name
        if name in _DECORATORS or name.endswith("dataclass"):
            return True
    return False


def _annotated(path: str, facts: FileFacts, scope: Scope) -> list[Slot]:
    """The annotated names of a class's body."""
    found: list[Slot] = []
    for name, bindings in scope.names.items():
        value = bindings[-1].value
        if isinstance(value, Typed) and not name.startswith("_"):
            text = written(facts, value.annotation)
            line = bindings[-1].line
            if not text.startswith(("ClassVar", "typing.ClassVar")):
                found.append(Slot(name, Place(path, line, 0, line, 0), text, _is_taken(facts, value.value)))
    return found


def _is_taken(facts: FileFacts, default: AnyExpr | None) -> bool:
    """Whether a field is a parameter of the constructor: `field(init=False)` is not."""
    if not isinstance(default, CallRef):
        return True
    return dict(facts.calls[default.index].keywords).get("init") != Lit(value=False)
