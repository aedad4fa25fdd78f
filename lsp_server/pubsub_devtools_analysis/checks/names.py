"""What a name in one file means outside of it, by that file's own imports: `sleep` is `time.sleep`.

Nothing is followed into other files: a check that knows a library's function by its name needs no more.
"""

from __future__ import annotations

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    CallRef,
    FileFacts,
    Import,
    Name,
)


def dotted(facts: FileFacts, scope: int, expr: AnyExpr) -> str:
    """The dotted path that an expression means; empty where it is nothing imported or built in.

    A call in the way stands as `()`: `Session().get`. A relative import keeps its dots.
    """
    match expr:
        case Attr(base=base, name=name):
            start = dotted(facts, scope, base)
            return f"{start}.{name}" if start else ""
        case CallRef(index=index):
            start = dotted(facts, scope, facts.calls[index].func)
            return f"{start}()" if start else ""
        case Name(id=name):
            return _named(facts, scope, name)
        case Import(module=module, name=name, level=level):
            path = f"{module}.{name}" if module and name else module or name
            return "." * level + path
        case _:
            return ""


def _named(facts: FileFacts, scope: int, name: str) -> str:
    """A name as its scope binds it. Several bindings must agree; one that nothing binds is a built-in."""
    while scope >= 0:
        here = facts.scopes[scope]
        bindings = here.names.get(name)
        if bindings:
            paths = {dotted(facts, scope, b.value) if isinstance(b.value, Import) else "" for b in bindings}
            return paths.pop() if len(paths) == 1 else ""
        scope = here.parent
    return name
