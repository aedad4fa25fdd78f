"""Findings as JUnit XML, which every CI server shows: a suite for each file, a failed case for each finding."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pubsub_devtools_analysis.render.github import below, other_sides
from pubsub_devtools_analysis.render.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools.model import Finding


def junit(findings: Iterable[Finding], folder: str = "") -> str:
    """The document; a run that finds nothing has one case that passes. `folder` stands before each path."""
    grouped = [(path, list(group)) for path, group in groupby(findings, lambda each: each.place.path)]
    total = sum(len(group) for _, group in grouped)
    root = ET.Element(
        "testsuites", name="pubsub-tools check", tests=str(total or 1), failures=str(total), errors="0"
    )
    for path, group in grouped:
        name = clean(below(folder, path))
        suite = ET.SubElement(
            root, "testsuite", name=name, tests=str(len(group)), failures=str(len(group)), errors="0"
        )
        for finding in group:
            _case(suite, name, finding, folder)
    if not grouped:
        suite = ET.SubElement(
            root, "testsuite", name="pubsub-tools check", tests="1", failures="0", errors="0"
        )
        ET.SubElement(suite, "testcase", name="no findings", classname="pubsub-tools")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, name: str, finding: Finding, folder: str) -> None:
    place = finding.place
    case = ET.SubElement(
        suite,
        "testcase",
        name=f"{finding.code} {name}:{place.line}:{place.column + 1}",
        classname=name,
        file=name,
        line=str(place.line),
    )
    failure = ET.SubElement(case, "failure", type=finding.severity, message=clean(finding.message))
    others = other_sides(finding, folder)
    failure.text = "\n".join(clean(line) for line in (finding.message, *others))
