"""The analysis as the commands call it: with progress, and with its errors told in one line."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.find import Ambiguous, Found, find_event
from pubsub_devtools_cli.console import progress
from pubsub_devtools_cli.failure import UNREADABLE, Failure

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pubsub_devtools.model import Event, EventGraph
    from pubsub_devtools_analysis.analysis import Proposal
    from pubsub_devtools_analysis.checking import Report


def load_graph(
    path: Path, config: Path | None, exclude: list[str] | None, *, use_cache: bool, fields: bool = False
) -> EventGraph:
    """The event graph of a path, or a Failure that says what is wrong with the path or the settings.

    With ``fields``, its sites tell which fields they read or give.
    """
    from pubsub_devtools_analysis.analysis import analyze  # noqa: PLC0415 (loads libcst)

    check_exists(path)
    with _told(), progress() as report:
        return analyze(
            path,
            config=config,
            exclude=tuple(exclude or ()),
            use_cache=use_cache,
            fields=fields,
            progress=report,
        )


def load_report(
    path: Path,
    config: Path | None,
    exclude: list[str] | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    *,
    use_cache: bool,
) -> Report:
    """The findings of a path, or a Failure that says what is wrong with the path, the settings or the baseline."""
    from pubsub_devtools_analysis.checking import check  # noqa: PLC0415 (loads libcst)

    check_exists(path)
    with _told(), progress() as report:
        return check(
            path,
            select=select,
            ignore=ignore,
            baseline=baseline,
            config=config,
            exclude=tuple(exclude or ()),
            use_cache=use_cache,
            progress=report,
        )


def changed_since(root: Path, revision: str) -> set[str]:
    """The files that git says were changed, or a Failure that says why it cannot tell."""
    from pubsub_devtools_analysis.git_changes import RevisionError, changed_files  # noqa: PLC0415

    try:
        return changed_files(root, revision)
    except RevisionError as error:
        raise Failure(f"--changed-since {revision}: {error}", UNREADABLE) from None


def check_codes(given: list[str], *, whole: bool = False) -> tuple[str, ...]:
    """The codes that an option names, parted by commas; a Failure for what is none, or no beginning of one."""
    from pubsub_devtools_analysis.checks.registry import BY_CODE  # noqa: PLC0415

    codes = [code.strip().upper() for each in given for code in each.split(",") if code.strip()]
    for code in codes or ([""] if whole else []):
        if code in BY_CODE or (not whole and any(known.startswith(code) for known in BY_CODE)):
            continue
        close = difflib.get_close_matches(code, BY_CODE, n=1, cutoff=0.8)
        hint = f"did you mean {close[0]}?" if close else f"there is {', '.join(BY_CODE)}"
        raise Failure(f"no check {code!r}: {hint}")
    return tuple(codes)


def load_proposal(path: Path) -> Proposal:
    """What could be configured for a path."""
    from pubsub_devtools_analysis.analysis import propose  # noqa: PLC0415 (loads libcst)

    check_exists(path)
    with _told():
        return propose(path)


def forget(path: Path) -> bool:
    """Remove the cache of a path; whether there was one. The path itself may be gone."""
    from pubsub_devtools_analysis.cache import Cache  # noqa: PLC0415 (loads sqlite3)

    return Cache.clear(path)


@contextmanager
def _told() -> Generator[None]:
    """The errors that the analysis has for a user, as Failures."""
    from pubsub_devtools_analysis.config import ConfigError  # noqa: PLC0415
    from pubsub_devtools_analysis.project import ProjectError  # noqa: PLC0415

    try:
        yield
    except ConfigError as error:
        raise Failure(str(error)) from None
    except ProjectError as error:
        raise Failure(str(error), UNREADABLE) from None


def check_exists(path: Path) -> None:
    """Refuse a path that is not there, with the neighbour that was probably meant."""
    if path.exists():
        return
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, siblings, n=1)
    hint = f"; did you mean {path.parent / close[0]}?" if close else ""
    raise Failure(f"no such file or folder: {path}{hint}", UNREADABLE)


def resolve_event(graph: EventGraph, text: str) -> Event:
    """The one event that ``text`` means, or a Failure with the candidates or what is close."""
    answer = find_event(graph, text)
    if isinstance(answer, Found):
        return answer.event
    if isinstance(answer, Ambiguous):
        candidates = tuple(event.id for event in answer.candidates)
        raise Failure(f"{text!r} is ambiguous, say which:", details=candidates)
    if not graph.events:
        raise Failure(f"no event {text!r}: no events were found in {graph.root}")
    close = (
        f"did you mean {' or '.join(answer.suggestions)}?" if answer.suggestions else "see pubsub-tools graph"
    )
    raise Failure(f"no event {text!r} in {graph.root}: {close}")


def check_known(option: str, given: list[str], known: set[str]) -> None:
    """Refuse a service or dialect that is not in the graph, and say which are."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            there = f"did you mean {close[0]}?" if close else f"there is {', '.join(sorted(known)) or 'none'}"
            raise Failure(f"no {option} {name!r} here: {there}")
