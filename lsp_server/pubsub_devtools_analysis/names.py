"""Small sets of names, of which there are tens of thousands: mostly it is one name, which needs no set."""

from __future__ import annotations

from typing import TypeAlias

Names: TypeAlias = "str | set[str] | None"


def added(names: Names, name: str) -> Names:
    """These names and one more. A set is changed in place."""
    if isinstance(names, set):
        names.add(name)
        return names
    return name if names is None or names == name else {names, name}


def removed(names: Names, name: str) -> Names:
    """These names without one. A set is changed in place."""
    if isinstance(names, set):
        names.discard(name)
        return names
    return None if names == name else names


def each_of(names: Names) -> set[str]:
    """These names, to be read."""
    return names if isinstance(names, set) else set[str]() if names is None else {names}
