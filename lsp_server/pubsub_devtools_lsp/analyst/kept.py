"""What an analyst has found, kept for the next one: so an editor that is opened again has its answers at once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_analysis.queries.words import Words

if TYPE_CHECKING:
    from pubsub_devtools_analysis.host import AnalysisHost
    from pubsub_devtools_lsp.analyst.messages import Begin

_KEY = "editor"


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What files say, and what is wrong in them. ``asked`` names the settings that the findings were asked for with."""

    occurrences: dict[str, tuple[Occurrence, ...]]
    findings: dict[str, tuple[Finding, ...]]
    words: dict[str, Words]
    asked: bytes = b""

    def keep(self, host: AnalysisHost, begun: Begin) -> None:
        """Keep it, if it speaks of what lies on the disk."""
        occurrences = {path: said for path, said in self.occurrences.items() if said}
        kept = Kept(occurrences, self.findings, self.words, _asked(host, begun))
        host.keep(_KEY, msgspec.msgpack.encode(kept))

    @staticmethod
    def of(host: AnalysisHost, begun: Begin) -> Kept | None:
        """What was kept, if it still holds."""
        data = host.kept(_KEY)
        try:
            found = msgspec.msgpack.decode(data, type=Kept) if data is not None else None
        except msgspec.MsgspecError:
            return None
        return found if found is not None and found.asked == _asked(host, begun) else None


def _asked(host: AnalysisHost, begun: Begin) -> bytes:
    name = host.settings.baseline
    try:
        baseline = (host.root / name).read_bytes() if name else b""
    except OSError:
        baseline = b""
    parts = (begun.select, begun.ignore, name, baseline)
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()
