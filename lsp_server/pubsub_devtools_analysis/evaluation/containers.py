"""Lists, dicts, texts, and what iterating, unpacking, indexing and entering them give."""

from __future__ import annotations

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import At
from pubsub_devtools_analysis.evaluation.filling import constant_text, join, part
from pubsub_devtools_analysis.evaluation.parameters import Parameters
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    ScopeRef,
    Star,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Class,
    External,
    Function,
    Instance,
    Items,
    Joined,
    Made,
    Method,
    Number,
    Pattern,
    Str,
    Table,
    Unknown,
    Value,
    Values,
    union,
)


class Containers(Parameters):
    """Lists, dicts, texts, and what iterating, unpacking, indexing and entering them give."""

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

    def items(self, values: Values, index: int) -> Values:
        """What unpacking gives at a position."""
        found: list[Values] = []
        for value in values:
            if isinstance(value, Items):
                if value.ordered:
                    found.append(value.items[index] if index < len(value.items) else ())
                else:
                    found.extend(value.items)
        given = tuple(Method(v, part(index)) for v in values if isinstance(v, Argument))
        known = union(*found)
        tells = any(not isinstance(v, External) for v in known)
        return known if tells or not given else given

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
                case Method(owner=Class(), name=name) if name in library.FIELDS:
                    keys = self.eval(at, key)
                    found.append(tuple(Method(value, k.text) for k in keys if isinstance(k, Str)))
                case Method(owner=owner, name=name):
                    of = self.gives(owner, name + "[]")
                    names = tuple(constant_text(k) for k in self.eval(at, key)) if of else ()
                    found.append(tuple(Made(v.dialect, v.type, names) for v in of if isinstance(v, Made)))
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
