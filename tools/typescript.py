"""TypeScript types of the Structs in a module, for what reads our JSON in a browser or an editor.

They are made from the Structs rather than from their JSON Schema, which does not tell which fields are left out when they
have their default value.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from tools.json_schema import summary

_PRIMITIVES: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    types.NoneType: "null",
}


def typescript(module: types.ModuleType, *used: types.ModuleType) -> str:
    """Return one interface for each Struct that the module defines and one type for each ``Literal`` it names.

    A field is optional where its Struct leaves out default values. ``used`` are modules whose Structs it uses; they come last.

    Raises:
        TypeError: A field has a type that JSON and TypeScript have no common form for.
    """
    modules = (module, *used)
    names = {literal: name for each in modules for literal, name in _literals(each).items()}
    parts = [
        _comment(f"Made from {module.__name__} by `make generate`; do not edit.\n\n{module.__doc__ or ''}")
    ]
    remarks = {name: text for each in modules for name, text in _remarks(each).items()}
    parts += [
        _comment(remarks.get(name, "")) + f"export type {name} = {_union(literal)};"
        for literal, name in names.items()
    ]
    parts += [_interface(struct, names) for each in modules for struct in _structs(each)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _interface(struct: type[msgspec.Struct], names: dict[Any, str]) -> str:
    hints = get_type_hints(struct)
    omitted = struct.__struct_config__.omit_defaults
    lines = [
        f"  {field.name}{'?' if omitted and not field.required else ''}: {_type(hints[field.name], names)};"
        for field in msgspec.structs.fields(struct)
    ]
    tag = struct.__struct_config__
    lines[:0] = [f'  {tag.tag_field}: "{tag.tag}";'] if tag.tag else []
    return _comment(struct.__doc__ or "") + "\n".join([f"export interface {struct.__name__} {{", *lines, "}"])


def _type(hint: Any, names: dict[Any, str]) -> str:
    if hint in names:
        return names[hint]
    if hint in _PRIMITIVES:
        return _PRIMITIVES[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint.__name__
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _union(hint)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(_type(arg, names) for arg in args))
    if origin is tuple and args[1:] == (...,):
        return f"{_element(args[0], names)}[]"
    raise TypeError(f"no TypeScript type for {hint!r}")


def _element(hint: Any, names: dict[Any, str]) -> str:
    element = _type(hint, names)
    return f"({element})" if " " in element else element


def _union(literal: Any) -> str:
    return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in get_args(literal))


def _structs(module: types.ModuleType) -> list[type[msgspec.Struct]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
        and not value.__name__.startswith("_")
    ]


def _literals(module: types.ModuleType) -> dict[Any, str]:
    return {value: name for name, value in vars(module).items() if get_origin(value) is Literal}


def _remarks(module: types.ModuleType) -> dict[str, str]:
    """Return the strings that stand under the module's assignments: Python itself forgets them."""
    body = ast.parse(inspect.getsource(module)).body
    return {
        before.targets[0].id: after.value.value
        for before, after in itertools.pairwise(body)
        if isinstance(before, ast.Assign)
        and isinstance(before.targets[0], ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    }


def _comment(text: str) -> str:
    text = summary(text)
    if not text:
        return ""
    if "\n" not in text:
        return f"/** {text} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in text.splitlines()) + " */\n"
