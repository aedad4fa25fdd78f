"""What a check is: a code, words, samples, and a pure function from a `Context` and one thing in it to findings.

What a check looks at each time is one event, one file or the whole; while nothing changes that it has looked at there,
its findings stay.

A check is written in one file and named in `registry.py`. Its samples are small workspaces; a line that must be found
ends in a comment with the code, and everything else must stay silent, so that the samples are the check's tests and,
printed, its page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pubsub_devtools.model import Event, Finding, Severity

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.context import Context

_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


class Sample(msgspec.Struct, frozen=True):
    """A small workspace. `code` is one file, `app.py`, or several, each after a line `# file: shop/tasks.py`.

    A line with `# PSD001` at its end is found by that check. `config` is the workspace's `pyproject.toml`.
    """

    title: str
    code: str
    config: str = ""

    def files(self) -> dict[str, str]:
        """The files by path."""
        first, *rest = _FILE.split(self.code.lstrip("\n"))
        named = dict(zip(rest[::2], rest[1::2], strict=True)) if rest else {"app.py": first}
        return named | ({"pyproject.toml": self.config} if self.config else {})

    def expected(self, code: str) -> list[tuple[str, int]]:
        """The marked lines: path and number."""
        mark = re.compile(rf"# (?:PSD\d+ )*{code}(?: PSD\d+)*$")
        return [
            (path, number)
            for path, text in self.files().items()
            for number, line in enumerate(text.splitlines(), 1)
            if mark.search(line)
        ]


class EachEvent(NamedTuple):
    """Looks at each event of the graph."""

    find: Callable[[Context, Event], Iterator[Finding]]


class EachFile(NamedTuple):
    """Looks at each file in which sites or sagas stand, by its path; all that it finds there is about sites of that file."""

    find: Callable[[Context, str], Iterator[Finding]]


class Whole(NamedTuple):
    """Looks at the whole graph. What it asks of each event it must have remembered, or else each change costs a whole look."""

    find: Callable[[Context], Iterator[Finding]]


Find = EachEvent | EachFile | Whole


class Check(msgspec.Struct, frozen=True):
    """One check.

    `severity` is what its findings have by default; a finding of which it is less sure that somebody will act on it
    says `hint` itself. `explanation` is Markdown: what is wrong, why it matters, what is not reported and why. `find` is
    missing where a finding is about other findings; then whoever runs the checks makes it.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    explanation: str
    find: Find | None
    samples: tuple[Sample, ...]
