"""What a half-typed call is for: which of the calls that this workspace publishes and registers by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pubsub_devtools_analysis.queries.brackets import Open
from pubsub_devtools_analysis.queries.words import Callee, Words

_NONE = Words()


class Vocabulary:
    """The words of all files, by what is called. Made once for a snapshot."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = words
        self._by_last: dict[str, dict[Callee, int]] = {}
        for each in words.values():
            for callee in each.callees:
                counts = self._by_last.setdefault(_last(callee.text), {})
                counts[callee] = counts.get(callee, 0) + 1

    def of(self, path: str) -> Words:
        """The words of one file."""
        return self._words.get(path, _NONE)

    def callees(self, path: str, opened: Open) -> list[Callee]:
        """What an open call is, as far as it is called like others: here, else on an object of that name, else at all.

        A plain function's name alone says nothing in another file: each file may have its own.
        """
        text = opened.callee
        if not text:
            return []
        here = [each for each in self.of(path).callees if _is_called(text, each.text)]
        if here:
            return here
        counts = self._by_last.get(_last(text), {})
        same = [
            each
            for each in counts
            if _receiver(each.text) == _receiver(text) and not each.text.startswith(".")
        ]
        on_event = [each for each in counts if each.text.startswith(".") and "." in text]
        return _commonest(counts, same or on_event or (counts if "." in text else []))


def _commonest(counts: Mapping[Callee, int], callees: Iterable[Callee]) -> list[Callee]:
    return sorted(callees, key=lambda each: -counts[each])


def _is_called(text: str, known: str) -> bool:
    return text == known or (known.startswith(".") and text.endswith(known))


def _last(text: str) -> str:
    return text.rpartition(".")[2]


def _receiver(text: str) -> str:
    """The last name of what a method is called on: `bus` of `self.bus.publish`, none of a plain function."""
    return text.rpartition(".")[0].rpartition(".")[2].lstrip("_")
