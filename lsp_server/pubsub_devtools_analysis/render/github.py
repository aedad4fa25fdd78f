"""Findings as GitHub's workflow commands: printed by a job, they stand beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.render.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools.model import Finding

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice", "hint": "notice"}


def workflow_commands(findings: Iterable[Finding], folder: str = "") -> str:
    """A line for each finding; `folder` is where the root lies below the checkout."""
    return "".join(f"{_annotation(each, folder)}\n" for each in findings)


def other_sides(finding: Finding, folder: str) -> list[str]:
    """A line for each place that is related to a finding."""
    return [
        f"{other.message}: {below(folder, other.place.path)}:{other.place.line}"
        if not other.origin
        else f"{other.message}: {other.place.path}:{other.place.line} in {other.origin}"
        for other in finding.related
    ]


def below(folder: str, path: str) -> str:
    """A path of the root as it is called from the checkout."""
    return f"{folder}/{path}" if folder else path


def _annotation(finding: Finding, folder: str) -> str:
    place = finding.place
    properties = {
        "title": finding.code,
        "file": below(folder, place.path),
        "line": str(place.line),
        "endLine": str(place.end_line),
        "col": str(place.column + 1),
        "endColumn": str(place.end_column + 1),
    }
    others = other_sides(finding, folder)
    text = "%0A".join(_data(clean(line)) for line in (finding.message, *others))
    head = ",".join(f"{key}={_property(clean(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {head}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
