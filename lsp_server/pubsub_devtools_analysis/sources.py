"""What the files behind a graph say: text and facts, read when somebody asks. A graph tells what is so; these tell how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pubsub_devtools_analysis.facts import FileFacts


class Sources:
    """The files of one root.

    Args:
        paths: all files, relative to the root.
        text: the bytes of a file, an editor's text first; nothing for one that cannot be read.
        facts: what extraction found in it.
        resolve: which file a dotted module name means in an importing file, a folder with a slash at the end.
    """

    def __init__(
        self,
        paths: Iterable[str],
        text: Callable[[str], bytes | None],
        facts: Callable[[str], FileFacts | None],
        resolve: Callable[[str, str], str | None],
    ) -> None:
        self.paths = tuple(paths)
        self.text = text
        self.facts = facts
        self.resolve = resolve
