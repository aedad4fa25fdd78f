"""Versions of events and their order. Source: Semantic Versioning 2.0.0, https://semver.org/, sections 2 and 11."""

from __future__ import annotations

import re

__all__ = ["is_older", "parsed_version", "version_rank"]

_VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"


def parsed_version(version: str) -> re.Match[str] | None:
    """Return major, minor, patch and what marks a version before its release, or None where it is no version.

    Example:
        >>> parsed_version("1.10.0-rc.1").groups(), parsed_version("1.10")
        (('1', '10', '0', 'rc.1'), None)
    """
    return re.fullmatch(
        _VERSION, version, re.ASCII
    )  # compiled at the first one, which many programs never have


def is_older(version: str, other: str) -> bool:
    """Whether a version comes before another one; ``""``, which is none, comes before all.

    Raises:
        ValueError: One of them is neither ``MAJOR.MINOR.PATCH`` nor empty.

    Example:
        >>> is_older("1.9.0", "1.10.0"), is_older("2.0.0-rc.1", "2.0.0"), is_older("", "0.1.0")
        (True, True, True)
        >>> is_older("1.0.0+a", "1.0.0+b")
        False
    """
    return version_rank(version) < version_rank(other)


def version_rank(version: str) -> tuple[object, ...]:
    """Return what versions sort by.

    Raises:
        ValueError: It is neither ``MAJOR.MINOR.PATCH`` nor empty.

    Example:
        >>> sorted(["1.0.0", "1.0.0-rc.2", "1.0.0-rc.10", "", "0.9.0"], key=version_rank)
        ['', '0.9.0', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0']
    """
    if not version:
        return ()
    match = parsed_version(version)
    if match is None:
        raise ValueError(f"{version!r} is no version: use MAJOR.MINOR.PATCH, for instance '1.0.0'")
    major, minor, patch, before = match.groups()
    identifiers = before.split(".") if before else []
    return int(major), int(minor), int(patch), not before, tuple(map(_identifier_rank, identifiers))


def _identifier_rank(identifier: str) -> tuple[bool, int, str]:
    """Numbers compare as numbers and come before words."""
    return (False, int(identifier), "") if identifier.isdigit() else (True, 0, identifier)
