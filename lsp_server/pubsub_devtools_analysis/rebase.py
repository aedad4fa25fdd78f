"""Settings of a project, seen from a folder inside it.

Paths and globs in pyproject.toml are relative to its folder. When only a part of the project is analysed, they are
rewritten to be relative to that part. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools_analysis.ignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pubsub_devtools_analysis.settings import Checks, Settings

__all__ = ["rebase"]

_NOTHING = "!*"


def rebase(settings: Settings, part: Sequence[str]) -> Settings:
    """The settings for the folder that lies ``part`` (its names, outermost first) below the project's."""
    if not part:
        return settings
    services = {name: _globs(globs, part) for name, globs in settings.services.items()}
    return msgspec.structs.replace(
        settings,
        roots=tuple(each for root in settings.roots for each in _root(root, part)),
        include=_globs(settings.include, part) or ((_NOTHING,) if settings.include else ()),
        exclude=_globs(settings.exclude, part),
        services=services,
        checks=_checks(settings.checks, part),
        baseline="../" * len(part) + settings.baseline if settings.baseline else "",
        schemas=tuple(
            msgspec.structs.replace(each, file="../" * len(part) + each.file) for each in settings.schemas
        ),
        linked=tuple("../" * len(part) + path for path in settings.linked),
    )


def _checks(checks: Checks, part: Sequence[str]) -> Checks:
    ignored: dict[str, tuple[str, ...]] = {}
    for glob, codes in checks.per_file_ignores.items():
        for each in _glob(glob, part):
            ignored[each] = (*ignored.get(each, ()), *codes)
    return msgspec.structs.replace(checks, per_file_ignores=ignored)


def _root(root: str, part: Sequence[str]) -> Iterator[str]:
    """A root outside the part, or around it, says nothing about what is inside."""
    names = [name for name in root.split("/") if name not in ("", ".")]
    if names[: len(part)] == list(part):
        yield "/".join(names[len(part) :]) or "."


def _globs(globs: Sequence[str], part: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for glob in globs for each in _glob(glob, part)))


def _glob(glob: str, part: Sequence[str]) -> Iterator[str]:
    sign = "!" if glob.startswith("!") else ""
    body = glob.removeprefix("!")
    inner = body.removesuffix("/")
    if "/" in inner:
        ending = body[len(inner) :]
        for rest in _remainders(inner.strip("/").split("/"), part):
            yield sign + (f"/{rest}{ending}" if rest else "*")
    elif any(_matches(inner, name) for name in part):
        yield sign + "*"
    else:
        yield glob


def _remainders(pattern: Sequence[str], part: Sequence[str]) -> Iterator[str]:
    """What is left of a pattern below the part; empty where it covers the part itself."""
    if not pattern or not part:
        yield "/".join(pattern)
    elif pattern[0] == "**":
        yield from _remainders(pattern[1:], part)
        yield from _remainders(pattern, part[1:])
    elif _matches(pattern[0], part[0]):
        yield from _remainders(pattern[1:], part[1:])


def _matches(pattern: str, name: str) -> bool:
    return Patterns([pattern]).leaves_out(name, is_folder=True) is True
