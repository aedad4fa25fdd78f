"""Findings as SARIF 2.1.0, which code scanning on GitHub and GitLab, Azure DevOps and editors read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pubsub_devtools_analysis.render.github import below

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools.model import Finding, Place
    from pubsub_devtools_analysis.checks.check import Check

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "hint": "note", "off": "none"}


def sarif(findings: Iterable[Finding], checks: Iterable[Check], version: str, folder: str = "") -> str:
    """One run as a SARIF log.

    Args:
        findings: what was found, in order.
        checks: all checks, which become the rules.
        version: of this tool.
        folder: where the root lies below the checkout; viewers expect paths from there.
    """
    rules = [_rule(check) for check in checks]
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {
        "name": "pubsub-tools",
        "semanticVersion": version,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index, folder) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.code,
        "name": check.name,
        "shortDescription": {"text": check.summary},
        "fullDescription": {"text": check.summary},
        "help": {"text": check.explanation, "markdown": check.explanation},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, index: dict[str, int], folder: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(finding.place, folder, finding.symbol)],
        "partialFingerprints": {"pubsubFinding/v1": finding.fingerprint},
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    related = [
        {"id": number, **_location(other.place, folder), "message": _message(other.message)}
        for number, other in enumerate((r for r in finding.related if not r.origin), 1)
    ]
    if related:
        result["relatedLocations"] = related
    return result


def _location(place: Place, folder: str, symbol: str = "") -> dict[str, Any]:
    """Columns count from 1 there."""
    path = below(folder, place.path)
    region = {
        "startLine": place.line,
        "startColumn": place.column + 1,
        "endLine": place.end_line,
        "endColumn": place.end_column + 1,
    }
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path.encode("utf-8", "surrogatepass"))},
            "region": region,
        }
    }
    if symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": symbol}]
    return location


def _message(text: str) -> dict[str, str]:
    """A message in which nothing is a link: names come from the code, and brackets would make one of them."""
    return {"text": re.sub(r"([\[\]\\])", r"\\\1", text)}
