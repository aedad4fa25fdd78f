"""From what an expression can be to the events that it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.values import (
    Class,
    External,
    Function,
    Instance,
    Items,
    Made,
    Pattern,
    Str,
    Value,
    Values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools_analysis.known import Known
    from pubsub_devtools_analysis.occurrences.symbols import Symbols
    from pubsub_devtools_analysis.queries.occurrence import Form
    from pubsub_devtools_analysis.workspace import Workspace

Ids = tuple[str, ...]


class Meant(NamedTuple):
    """The events that an expression stands for, as what it does, and whether it can stand for nothing else.

    ``symbol`` is the dotted path of what it is the name of.
    """

    events: Ids
    form: Form
    sure: bool
    symbol: str


class Meaning:
    """Tells what values stand for, under one graph."""

    def __init__(self, symbols: Symbols, workspace: Workspace, known: Known) -> None:
        self._symbols = symbols
        self._workspace = workspace
        self._known = known

    def of(self, values: Values) -> Meant | None:
        """What an expression stands for wherever it is written; nothing where that is no event."""
        found = [(self.events(value), value) for value in values]
        meant = [(ids, value) for ids, value in found if ids]
        if not meant:
            return None
        return self._meant(meant, len(meant) == len(found))

    def among(self, values: Values, events: Ids) -> Meant | None:
        """What an expression stands for as part of a site of these events: a bare text counts there too."""
        found = [(tuple(e for e in events if self.is_called(value, e)), value) for value in values]
        meant = [(ids, value) for ids, value in found if ids]
        if not meant:
            return None
        return self._meant(meant, sure=True)

    def _meant(self, meant: list[tuple[Ids, Value]], sure: bool) -> Meant:
        symbols = {self._symbol_of(value) for _, value in meant}
        symbol = symbols.pop() if len(symbols) == 1 else ""
        return Meant(_united(ids for ids, _ in meant), _form(meant[0][1]), sure, symbol)

    def _symbol_of(self, value: Value) -> str:
        """The dotted path of what a value is written as."""
        match value:
            case (Class() as cls) | Instance(cls=cls):
                return self._symbol(cls)
            case (Function() as function) | Made(function=Function() as function):
                return self._workspace.symbol(function.path, function.key)
            case Str(origin=origin):
                return origin
            case External(path=path):
                return path
            case Made(names=(Str(text=text),)) if text in self._symbols.by_path:
                return text
            case _:
                return ""

    def events(self, value: Value) -> Ids:
        """The events that one value stands for by itself."""
        match value:
            case Made(dialect=dialect, names=names) if names and dialect in self._known.dialects:
                return self._carried(value)
            case Class(path=path, key=key):
                ids = self._symbols.by_path.get(self._symbol(value), ())
                return ids or self._symbols.functions.get((path, key.partition("#")[0]), ())
            case Str(origin=origin) if origin:
                return self._symbols.by_path.get(origin, ())
            case External(path=path):
                return self._symbols.by_path.get(path, ())
            case Function(path=path, key=key):
                return self._symbols.functions.get((path, key.partition("#")[0]), ())
            case _:
                return ()

    def is_called(self, value: Value, event: str) -> bool:
        """Whether a value, handed to a site of an event, is what names it."""
        if event in self.events(value):
            return True
        name = self._symbols.events[event].name if event in self._symbols.events else event.partition(":")[2]
        match value:
            case Str(text=text) | Pattern(text=text):
                return name in (text, f"exchange:{text}")
            case Class():
                return value.key.rpartition(".")[2] == name or self._symbol(value) == name
            case Instance(cls=cls):
                return self.is_called(cls, event)
            case Items(items=items):
                return any(self.is_called(each, event) for group in items for each in group)
            case Made(names=names):
                return any(isinstance(n, Str | Pattern) and n.text == name for n in names)
            case External(path=path):
                return path.removesuffix("()") == name
            case _:
                return False

    def _carried(self, made: Made) -> Ids:
        """The events of a framework's object: those of its names on its transport."""
        dialect = self._known.dialects[made.dialect]
        own = dialect.types[made.type].transport if made.type in dialect.types else ""
        texts = [name.text for name in made.names if isinstance(name, Str | Pattern)]
        ids = [f"{own or dialect.carrier}:{text}" for text in texts]
        return tuple(each for each in ids if each in self._symbols.events)

    def _symbol(self, cls: Class) -> str:
        return self._workspace.symbol(cls.path, cls.key)


def _form(value: Value) -> Form:
    match value:
        case Class() | Instance():
            return "class"
        case Function() | Made(function=Function()):
            return "handler"
        case _:
            return "constant"


def _united(groups: Iterable[Ids]) -> Ids:
    return tuple(dict.fromkeys(each for group in groups for each in group))
