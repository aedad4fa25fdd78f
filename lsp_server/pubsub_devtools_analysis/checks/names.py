"""What a name in one file means, by that file's own imports and functions: `sleep` is `time.sleep`, `self.f()` runs `f`.

Nothing is followed into other files: a check that knows a library's function by its name needs no more.
"""

from __future__ import annotations

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    FileFacts,
    Import,
    Name,
    Scope,
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


def is_call_of(facts: FileFacts, call: Call, function: Scope) -> bool:
    """Whether a call runs this very function: by its name in the module, or as a method of the same object."""
    if facts.scopes[function.parent].kind == "module":
        return isinstance(call.func, Name) and len(facts.scopes[0].names.get(function.name, ())) == 1
    method = facts.scopes[innermost(facts, call.scope)]
    is_own = isinstance(call.func, Attr) and call.func.base == Name("self")
    return is_own and facts.scopes[function.parent].kind == "class" and method.parent == function.parent


def innermost(facts: FileFacts, scope: int) -> int:
    """The function, lambda or module around a scope; a comprehension is a part of it."""
    while facts.scopes[scope].kind == "comp":
        scope = facts.scopes[scope].parent
    return scope
