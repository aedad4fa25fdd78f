"""What is wrong with a table of settings, found by comparing it with the Struct that they must become.

msgspec says of what type a value should have been, not under which key of a table; so the value is taken apart until
the innermost wrong one is found. Pure.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args, get_origin, get_type_hints

import msgspec

from pubsub_devtools_analysis.settings import Settings, settings_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Mistake", "mistakes"]


class Mistake(NamedTuple):
    """The key below the section, what is wrong with its value, and what would be right."""

    key: tuple[str, ...]
    problem: str
    remedy: str = ""


def mistakes(section: object) -> Iterator[Mistake]:
    """All that keeps ``section`` from being `Settings`, in the order of its keys."""
    if not isinstance(section, dict):
        yield Mistake((), f"must be a table, not {_word(section)}", "write it under a heading of its own")
        return
    hints = _fields(Settings)
    for name, value in cast("dict[str, Any]", section).items():
        if name in hints:
            yield from _of_value(name, value, hints[name])
        else:
            yield _unknown((name,), hints, "is no setting")


def _of_value(name: str, value: Any, type_: Any) -> Iterator[Mistake]:
    culprits = [*_culprits(value, type_, (name,))]
    for key, problem, remedy in culprits:
        yield Mistake(key, problem, remedy or f"for example: {name} = {_toml(_example(name))}")
    if name == "roots" and not culprits:
        yield from _outside(value)
    if name == "checks" and not culprits:
        yield from _unknown_codes(value)


def _culprits(value: Any, type_: Any, key: tuple[str, ...]) -> Iterator[Mistake]:
    """The innermost values that are not of their type."""
    try:
        msgspec.convert(value, type_)
        return
    except msgspec.ValidationError:
        pass
    plain = _without_notes(type_)
    origin, inner = get_origin(plain), get_args(plain)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct) and isinstance(value, dict):
        fields = _fields(plain)
        for name, each in cast("dict[str, Any]", value).items():
            if name in fields:
                yield from _culprits(each, fields[name], (*key, name))
            else:
                yield _unknown((*key, name), fields, "is no setting")
        lacking = [
            f.encode_name for f in msgspec.structs.fields(plain) if f.required and f.encode_name not in value
        ]
        yield from (Mistake(key, f'lacks "{name}"') for name in lacking)
    elif origin is dict and isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            yield from _culprits(name, inner[0], (*key, name or '""'))
            yield from _culprits(each, inner[1], (*key, name))
    elif origin is tuple and isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _culprits(each, inner[0], (*key[:-1], f"{key[-1]}[{number}]"))
    elif origin is Literal and isinstance(value, str):
        yield Mistake(key, f'cannot be "{value}"', f"it is one of {', '.join(inner)}")
    elif plain is str and isinstance(value, str) and value:
        yield Mistake(key, f'"{value}" is no code of a check', "codes look like PSD001")
    else:
        yield Mistake(key, f"must be {_expected(plain)}, not {_word(value)}")


def _unknown_codes(checks: dict[str, Any]) -> Iterator[Mistake]:
    """Codes that no check has, or no beginning of one."""
    from pubsub_devtools_analysis.checks.registry import BY_CODE  # noqa: PLC0415 (only where checks are configured)

    for key, code in _codes(checks):
        if not any(known.startswith(code) for known in BY_CODE):
            yield _unknown(("checks", *key), BY_CODE, f'"{code}" is no check', code)


def _codes(checks: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in ("select", "ignore"):
        yield from (((f"{name}[{number}]",), code) for number, code in enumerate(checks.get(name, ())))
    yield from ((("severity", code), code) for code in checks.get("severity", ()))
    for glob, codes in checks.get("per-file-ignores", {}).items():
        yield from ((("per-file-ignores", glob), code) for code in codes)


def _unknown(key: tuple[str, ...], known: Iterable[str], problem: str, word: str = "") -> Mistake:
    names = [*known]
    close = difflib.get_close_matches(word or key[-1], names, 1)
    return Mistake(key, problem, f'did you mean "{close[0]}"?' if close else f"known are {', '.join(names)}")


def _outside(roots: list[str]) -> Iterator[Mistake]:
    for number, root in enumerate(roots):
        if root.startswith("/") or "\\" in root or ".." in root.split("/") or root[1:2] == ":":
            problem = f'"{root}" is not the path of a folder in the project'
            yield Mistake((f"roots[{number}]",), problem, 'write it relative to the project and with "/"')


def _fields(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The types of a Struct's fields, by the names that they have in the file."""
    hints = get_type_hints(struct, include_extras=True)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(struct)}


def _without_notes(type_: Any) -> Any:
    return get_args(type_)[0] if hasattr(type_, "__metadata__") else type_


def _expected(type_: Any) -> str:
    origin = get_origin(type_)
    if origin is tuple:
        inner = get_args(type_)[0]
        is_struct = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
        holds_tables = is_struct or get_origin(inner) is dict
        return "an array of tables" if holds_tables else "an array of strings"
    is_table = origin is dict or (isinstance(type_, type) and issubclass(type_, msgspec.Struct))
    return "a table" if is_table else "a string"


_WORDS = {
    bool: "a boolean",
    str: "a string",
    int: "an integer",
    float: "a float",
    list: "an array",
    dict: "a table",
}


def _word(value: object) -> str:
    if value == "":
        return "an empty one"
    return next((word for type_, word in _WORDS.items() if isinstance(value, type_)), "a date or time")


def _example(name: str) -> Any:
    return settings_schema()["properties"][name]["examples"][0]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in entries) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, cast('list[object]', value)))}]"
    return f'"{value}"'
