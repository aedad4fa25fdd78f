"""What one function does with values that it is given, as a small value that knows no other file.

A `Ref` is a place in something given: a root (a parameter, or a name or call that was asked for) and the steps from there.
A step is the name of an attribute or key; `name()` a method's result; `#2` a position; `?` an element whose key is not
known. Iterating is no step.
"""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.facts import Span

Path = tuple[str, ...]
UNKNOWN = "?"
HELD = "[]"
"""The last step to a list that was made here; its elements are what it was made of."""
_GIVES_ONE = frozenset({UNKNOWN, "pop()", "popleft()"})
DEEPEST = 12


class Ref(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A place in something given. `text`: put into a text (`f"{x}"`), which is read by nobody but shown whole."""

    root: str
    path: Path = ()
    text: bool = False


Refs = tuple[Ref, ...]


class Use(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A value that is compared, tested, handed on, or called. `weak`: it only got another name."""

    root: str
    path: Path
    span: Span
    weak: bool = False


class Pass(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An argument of a call. `callee` is as written; `slot` the position, keyword, `*` or `**`.

    `decodes`: what the call gives stands for the argument (`json.loads(x)`), unless the workspace defines it.
    """

    root: str
    path: Path
    span: Span
    callee: str
    slot: int | str
    text: bool = False
    decodes: bool = False


class Body(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """All uses and arguments of what one function was given, each once, in the order of the text."""

    uses: tuple[Use, ...] = ()
    passes: tuple[Pass, ...] = ()


def extend(refs: Refs, step: str) -> Refs:
    """The same values one step further; nothing for a text."""
    return tuple(further for ref in refs if (further := _further(ref, step)) is not None)


def _further(ref: Ref, step: str) -> Ref | None:
    if ref.text or len(ref.path) >= DEEPEST:
        return None
    if ref.path[-1:] == (HELD,):
        if step.startswith(("#", "=")) or step in _GIVES_ONE:
            return Ref(ref.root, ref.path[:-1])
        return None
    if ref.path[-1:] == (step,) and step.isidentifier():
        return ref  # `node.next.next` is `node.next`, which a loop goes on from
    return Ref(ref.root, (*ref.path, step))


def held(refs: Refs) -> Refs:
    """A list of these values."""
    return tuple(ref if ref.text else Ref(ref.root, (*ref.path, HELD)) for ref in refs)


def elements(refs: Refs) -> Refs:
    """What iterating gives: of a list made here what it holds, of anything else itself."""
    return tuple(Ref(r.root, r.path[:-1], r.text) if r.path[-1:] == (HELD,) else r for r in refs)


def bare(ref: Ref) -> Path:
    """Where a value lies, whatever lists it was put into."""
    return tuple(step for step in ref.path if step != HELD)


def as_text(refs: Refs) -> Refs:
    """The values put into a text."""
    return tuple(Ref(r.root, bare(r), text=True) for r in refs)


def union(*groups: Refs) -> Refs:
    """All values, each once."""
    filled = [group for group in groups if group]
    return filled[0] if len(filled) == 1 else tuple(dict.fromkeys(ref for group in filled for ref in group))
