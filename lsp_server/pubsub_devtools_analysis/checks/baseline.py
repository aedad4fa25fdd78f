"""The findings that a project has decided to live with for now, so that only new ones are told. A baseline shrinks only."""

from __future__ import annotations

from typing import Literal

import msgspec

from pubsub_devtools.model import Finding


class BaselineError(ValueError):
    """The file is no baseline."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One finding: the fingerprint counts, the rest is for readers."""

    fingerprint: str
    code: str
    path: str
    message: str


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A baseline file, sorted by path and code."""

    format: Literal[1] = 1
    findings: tuple[Entry, ...] = ()


def parse(data: bytes) -> Baseline:
    """A baseline from its file.

    Raises:
        BaselineError: it is none.
    """
    try:
        return msgspec.json.decode(data, type=Baseline)
    except msgspec.MsgspecError as error:
        raise BaselineError(f"is no baseline: {error}") from None


def written(findings: tuple[Finding, ...], old: Baseline | None) -> Baseline:
    """The baseline to write: all findings where there was none, else those of the old one that are still found."""
    kept = None if old is None else {entry.fingerprint for entry in old.findings}
    entries = [
        Entry(each.fingerprint, each.code, each.place.path, each.message)
        for each in findings
        if kept is None or each.fingerprint in kept
    ]
    return Baseline(findings=tuple(sorted(entries, key=lambda e: (e.path, e.code, e.fingerprint))))


def encode(baseline: Baseline) -> str:
    """The file's text, one entry a line, so that a change is a small one for git."""
    lines = [f"    {msgspec.json.encode(entry).decode()}" for entry in baseline.findings]
    body = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "format": 1,\n  "findings": {body}\n}}\n'


def parted(findings: tuple[Finding, ...], baseline: Baseline) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings that the baseline does not know, and its fingerprints that are found no more."""
    known = {entry.fingerprint for entry in baseline.findings}
    found = {each.fingerprint for each in findings}
    new = tuple(each for each in findings if each.fingerprint not in known)
    return new, tuple(entry.fingerprint for entry in baseline.findings if entry.fingerprint not in found)
