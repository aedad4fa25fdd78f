"""Names for findings that stay when lines move: made of what was found and of the line's words, never of its number."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubsub_devtools_analysis.checks.ignores import COMMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubsub_devtools.model import Finding, Place


def fingerprinted(
    findings: Iterable[Finding], line: Callable[[Place], str], folder: str = ""
) -> list[Finding]:
    """The findings with their fingerprints. What is alike in everything is told apart by its order in the file.

    Args:
        findings: in the order of their places.
        line: the text of the line at a place.
        folder: where the root lies in the project, so that a part of it gives the same names as the whole.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    named: list[Finding] = []
    for each in findings:
        words = " ".join(COMMENT.sub("", line(each.place)).split())
        path = f"{folder}/{each.place.path}" if folder else each.place.path
        key = (each.code, path, each.symbol, each.event, words)
        data = "\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")
        seen[key] += 1
        named.append(replace(each, fingerprint=blake2b(data, digest_size=8).hexdigest()))
    return named
