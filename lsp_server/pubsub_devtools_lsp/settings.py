"""What a user sets in the editor: section ``pubsub``. What a project sets stands in its pyproject.toml and is the analysis's.

A setting that cannot be understood keeps its default, and is told: an editor's settings must never keep the server from
starting.
"""

from __future__ import annotations

from typing import Any, Literal, cast, get_args

import msgspec

from pubsub_devtools.model import Severity

SECTION = "pubsub"

Scope = Literal["workspace", "open", "off"]
Trace = Literal["off", "messages", "verbose"]


class Findings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which findings are shown. ``severity`` gives codes, or their beginnings, another severity, or ``off``."""

    scope: Scope = "workspace"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: dict[str, Severity | Literal["off"]] = {}

    def severity_of(self, code: str, severity: Severity) -> Severity | Literal["off"]:
        """The severity that a finding is shown with: that of the longest beginning of its code."""
        named = [each for each in self.severity if code.startswith(each)]
        return self.severity[max(named, key=len)] if named else severity


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """All settings. ``config_file`` and ``exclude`` are as the options of ``pubsub-tools``."""

    findings: Findings = Findings()
    exclude: tuple[str, ...] = ()
    config_file: str = ""
    trace: Trace | None = None
    code_lens: bool = True
    inlay_hints: bool = True


def read(given: Any) -> tuple[Settings, list[str]]:
    """The settings that an editor gives, and what is wrong with those that were left out."""
    if not isinstance(given, dict):
        return Settings(), []
    given = cast("dict[str, Any]", given)
    mistakes: list[str] = []
    values = {
        name: value
        for name, value in _known(given, Settings, SECTION, mistakes).items()
        if name != "findings"
    }
    findings = given.get("findings")
    if isinstance(findings, dict):
        values["findings"] = _known(
            cast("dict[str, Any]", findings), Findings, f"{SECTION}.findings", mistakes
        )
    return msgspec.convert(values, Settings), mistakes


def _known(
    given: dict[str, Any], kind: type[msgspec.Struct], where: str, mistakes: list[str]
) -> dict[str, Any]:
    """Those of the values given that are settings, each by itself."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or (kind is Settings and name == "findings" and isinstance(value, dict)):
            continue
        try:
            msgspec.convert({name: value}, kind)
        except msgspec.ValidationError as error:
            mistakes.append(f"{where}.{name}: {error}")
        else:
            found[name] = value
    return found


SCOPES: tuple[str, ...] = get_args(Scope)
