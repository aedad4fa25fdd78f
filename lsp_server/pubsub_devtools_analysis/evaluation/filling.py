"""Values with parameters in them, and what they become once a caller is known."""

from __future__ import annotations

from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    External,
    Function,
    Items,
    Joined,
    Made,
    Method,
    Partial,
    Pattern,
    Pending,
    Str,
    Unknown,
    Value,
    Values,
    union,
)


def join(values: tuple[Value, ...]) -> Value:
    """Parts of a text put together."""
    if any(isinstance(v, Argument | Joined) for v in values):
        return Joined(values)
    texts = [v.text if isinstance(v, Str | Pattern) else "*" for v in values]
    text = "".join(texts)
    while "**" in text:
        text = text.replace("**", "*")
    return Pattern(text) if any(not isinstance(v, Str) for v in values) else Str(text)


def mentions(value: Value, function: Function | None = None) -> bool:
    """Whether a value holds a parameter still to be filled in (of this function, if given)."""
    match value:
        case Argument(path=path, key=key):
            return function is None or (path == function.path and key == function.key) or True
        case Joined(parts=parts):
            return any(mentions(p, function) for p in parts)
        case Made(names=names, function=made):
            return any(mentions(n, function) for n in names) or (
                made is not None and mentions(made, function)
            )
        case Items(items=items):
            return any(mentions(v, function) for group in items for v in group)
        case Function():
            return function is not None and value.key.startswith(function.key + ".")
        case Method(owner=owner) | Bound(owner=owner):
            return mentions(owner, function)
        case Pending():
            return function is not None
        case Partial():
            return mentions(value.function, function) or any(
                mentions(v, function) for a in value.args for v in a
            )
        case _:
            return False


def spread(value: Value, given: dict[Argument, Values]) -> Values:
    """A value with parameters filled in; a parameter with several values gives several."""
    if isinstance(value, Argument):
        return given.get(value, (value,))
    return (fill(value, given),)


def fill(value: Value, given: dict[Argument, Values]) -> Value:
    """A value with parameters filled in."""
    match value:
        case Argument():
            values = given.get(value, ())
            return values[0] if len(values) == 1 else Items((values,), False) if values else value
        case Joined(parts=parts):
            return join(tuple(fill(p, given) for p in parts))
        case Made(names=names) if names:
            filled = union(*(spread(n, given) for n in names))
            return Made(value.dialect, value.type, filled, value.call, value.function, value.sure)
        case Items(items=items):
            return Items(tuple(union(*(spread(v, given) for v in group)) for group in items), value.ordered)
        case Function():
            inner = {
                k: v for k, v in given.items() if value.path == k.path and value.key.startswith(k.key + ".")
            }
            merged = {**dict(value.bound), **inner}
            return Function(value.path, value.key, tuple(sorted(merged.items(), key=lambda kv: kv[0].name)))
        case Method(owner=owner, name=name) if name.startswith("["):
            return filled_part(fill(owner, given), name)
        case Method(owner=owner, name=name):
            return Method(fill(owner, given), name)
        case Pending(callee=callee, path=path, call=call, bound=bound):
            merged = {k: union(*(spread(v, given) for v in vs)) for k, vs in bound}
            merged.update({k: v for k, v in given.items() if k.path == path and k not in merged})
            return Pending(
                callee, path, call, tuple(sorted(merged.items(), key=lambda kv: (kv[0].key, kv[0].name)))
            )
        case Bound(function=function, owner=owner):
            return Bound(function, fill(owner, given))
        case _:
            return value


def constant_text(value: Value) -> Value:
    """A constant of a library that is not here as a text: its path. Anything else stays what it is."""
    if isinstance(value, External) and "()" not in value.path and not value.path.startswith("builtins."):
        return Str(value.path, value.path)
    return value


def part(index: int) -> str:
    """The name by which a part of a parameter's element is called: `for name, handler in pairs`."""
    return f"[{index}]"


def filled_part(owner: Value, name: str) -> Value:
    """A part of a row that a caller gives. It is told at once: functions that call themselves would pile parts on parts."""
    if isinstance(owner, Items):
        found = part_of(owner, int(name[1:-1]))
        return found[0] if len(found) == 1 else Items((found,), False)
    return Method(owner, name) if isinstance(owner, Argument) else Unknown("parameter")


def part_of(row: Items, index: int) -> Values:
    """What stands at a place of a row, or of each of several."""
    if row.ordered:
        return row.items[index] if index < len(row.items) else ()
    return union(*(part_of(v, index) for group in row.items for v in group if isinstance(v, Items)))


def rows(value: Value, arguments: dict[Argument, Values]) -> list[dict[Argument, Values]]:
    """The arguments once for each row, where a value is a part of the rows that a parameter is given."""
    owner = value.owner if isinstance(value, Method) and value.name.startswith("[") else None
    given = arguments.get(owner, ()) if isinstance(owner, Argument) else ()
    found = [v for table in given if isinstance(table, Items) for group in table.items for v in group]
    if not isinstance(owner, Argument) or not found or not all(isinstance(v, Items) for v in found):
        return [arguments]
    return [{**arguments, owner: (row,)} for row in found]
