"""A finding: what a check has found, where, and what stands on the other side of it.

Findings are values like the graph: commands print them, editors underline them, and other tools read their JSON form,
whose schema is generated from here. `fingerprint` names a finding for as long as its line says the same, wherever
the line moves to; baselines and code scanning know it by that.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model.graph import Place

Severity = Literal["error", "warning", "info", "hint"]
"""``error`` fails at run time, ``warning`` is a defect, ``info`` is worth knowing; ``hint`` is shown only when asked for."""


class Related(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other side of a finding. ``origin`` names the repository of a linked graph, and is empty for this one."""

    place: Place
    message: str
    origin: str = ""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a check has found. ``symbol`` is the function it stands in, ``event`` the id of the event."""

    code: str
    severity: Severity
    message: str
    place: Place
    symbol: str = ""
    event: str = ""
    related: tuple[Related, ...] = ()
    fingerprint: str = ""


class Findings(msgspec.Struct, frozen=True):
    """All findings of one root, sorted by place. ``root`` is the folder's name; paths are relative to it.

    ``baselined`` counts those that the baseline knows, which are left out; ``gone`` are entries of the baseline that are
    found no more.
    """

    root: str
    format: Literal[1] = 1
    findings: tuple[Finding, ...] = ()
    baselined: int = 0
    gone: tuple[str, ...] = ()
