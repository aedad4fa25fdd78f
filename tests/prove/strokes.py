"""Random edits of one document as people make them: typing where events are spoken of, pasting, cutting, all the
characters that lines and columns are counted wrong by.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.prove.tabs import Tab

_EVENTFUL = re.compile("(?i:signal|send|receiver|connect|event|publish|emit|dispatch|handler|subscribe)")
_TYPED = (
    *"abe_.,:()[]{}'\"=@# \n",
    "\n    ",
    "\r\n",
    "\r",
    "\f",
    "\u2028",
    "\x85",
    "\0",
    "\t",
    "é",
    "日本",
    "😀",
    "e\u0301",
    "\ufeff",
    "self.",
    "event.",
    "def f(",
    "class A:",
    '"""',
    "@receiver(",
    "send(sender=",
    "return ",
    "lambda x: ",
    "if (",
    "import ",
)
_PASTED = (
    "from django.dispatch import Signal, receiver\n\nbegun = Signal()\n\n@receiver(begun)\ndef on_begun(sender, **kwargs):\n"
    "    print(kwargs['total'])\n\nbegun.send(sender=None, total=1)\n",
    "try:\n    pass\r\nexcept (\r",
    "# 😀 \u2028 😀\f\nx = '😀'\n",
    "@\n@\n@\n",
)
_LARGEST = 120_000

Stroke = Callable[[random.Random, Tab], Mapping[str, Any]]


def change(chance: random.Random, tab: Tab) -> list[Mapping[str, Any]]:
    """One change of a document: mostly one edit, sometimes several, each counted in the text after those before it."""
    count = chance.choice((1, 1, 1, 1, 1, 1, 2, 3, 6))
    return [chance.choices(_KINDS, _WEIGHTS)[0](chance, tab) for _ in range(count)]


def spot(chance: random.Random, tab: Tab) -> int:
    """An offset, most often where events are spoken of."""
    if chance.random() < 0.6:
        start = chance.randrange(len(tab.text) + 1)
        found = _EVENTFUL.search(tab.text, start) or _EVENTFUL.search(tab.text)
        if found is not None:
            return tab.around(found.start() + chance.randrange(len(found[0]) + 2))
    return tab.around(chance.randrange(len(tab.text) + 1))


def _type(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    at = spot(chance, tab)
    return tab.replace(at, at, chance.choice(_TYPED))


def _delete(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    at = spot(chance, tab)
    start, end = sorted((at, tab.around(at + chance.choice((-1, 1, 1, 2, 8, 40)))))
    return tab.replace(start, end, "")


def _overwrite(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    at = spot(chance, tab)
    return tab.replace(at, max(at, tab.around(at + chance.randrange(20))), chance.choice(_TYPED))


def _cut_lines(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    first = chance.randrange(len(tab.starts))
    last = min(first + chance.choice((1, 1, 2, 5)), len(tab.starts) - 1)
    return tab.replace(tab.around(tab.starts[first]), tab.around(tab.starts[last]), "")


def _move(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    """Copy a stretch of the text to somewhere else."""
    start = chance.randrange(len(tab.text) + 1)
    at = spot(chance, tab)
    is_long = len(tab.text) > _LARGEST
    return tab.replace(at, at, "" if is_long else tab.text[start : start + chance.randrange(400)])


def _paste(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    at = tab.around(chance.choice(tab.starts))
    return tab.replace(at, at, chance.choice(_PASTED))


def _whole(chance: random.Random, tab: Tab) -> Mapping[str, Any]:
    """All anew, as formatters and clients without ranges do."""
    text = tab.text
    forms = (
        text.replace("\r\n", "\n"),
        text.replace("\n", "\r\n").replace("\r\r", "\r"),
        "\n".join(line.rstrip() for line in text.split("\n")),
        text[: chance.randrange(len(text) + 1)],
        "",
    )
    return tab.become(chance.choices(forms, (4, 4, 4, 2, 1))[0])


_KINDS: tuple[Stroke, ...] = (_type, _delete, _overwrite, _cut_lines, _move, _paste, _whole)
_WEIGHTS = (50, 20, 8, 6, 6, 4, 1)
