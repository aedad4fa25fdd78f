"""What the files behind a graph say: text, facts and words, as they are now. A graph tells what is so; these tell how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.modules import Modules


class Sources:
    """The files of one root; a change of one shows in `names`.

    Args:
        modules: all files, relative to the root, and which of them a dotted name means.
        names: for each file that can be read a name for its content.
        text: the bytes of a file, an editor's text first; nothing for one that cannot be read.
        facts: what extraction found in it.
        holds: whether all of these words stand in a file; each word as scans hold it.
    """

    def __init__(
        self,
        modules: Modules,
        names: Mapping[str, bytes],
        text: Callable[[str], bytes | None],
        facts: Callable[[str], FileFacts | None],
        holds: Callable[[str, Sequence[int]], bool],
    ) -> None:
        self.modules = modules
        self.names = names
        self.text = text
        self.facts = facts
        self.holds = holds
