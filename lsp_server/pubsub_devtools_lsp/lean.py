"""Takes from the protocol's generated methods what they hold and never use: 8 MB of the server's memory.

attrs gives the methods that it writes for a class a copy of all names of the class's module, so that a debugger can
resolve their annotations. The protocol has 600 classes in a module of 700 names.
"""

from __future__ import annotations

from types import FunctionType, ModuleType

from lsprotocol import types

_WRITTEN = "<attrs generated"
"""How the file names begin that attrs gives to what it writes."""


def slim_protocol() -> None:
    """Slim the protocol's own classes."""
    slim(types)


def slim(module: ModuleType) -> int:
    """Leave to the methods that attrs has written for a module's classes the names that they use. Gives how many went."""
    gone = 0
    for cls in vars(module).values():
        for names, used in _written(cls) if isinstance(cls, type) else ():
            kept = {name: value for name, value in names.items() if name in used or name.startswith("__")}
            gone += len(names) - len(kept)
            # A dict that is cleared gives its table back, one whose entries are deleted does not.
            names.clear()
            names.update(kept)
    return gone


def _written(cls: type) -> list[tuple[dict[str, object], set[str]]]:
    """The names that each group of a class's written methods shares, and those that its code asks for."""
    groups: dict[int, tuple[dict[str, object], set[str]]] = {}
    for method in vars(cls).values():
        if isinstance(method, FunctionType) and method.__code__.co_filename.startswith(_WRITTEN):
            names = method.__globals__
            groups.setdefault(id(names), (names, set()))[1].update(method.__code__.co_names)
    return [*groups.values()]
