"""Event names with wildcards, each transport in its own language, and names known in part from f-strings."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

Language = Literal["", "nats", "amqp", "glob", "dotted"]
"""nats: `*` one token, `>` the rest. amqp: `*` one word, `#` any number. glob: `*`, `?`. dotted: `*` one, `**` any."""


def is_pattern(name: str, language: Language) -> bool:
    """Whether a name that a handler gives stands for more than itself.

    Example:
        >>> is_pattern("orders.*", "nats"), is_pattern("orders.*", "")
        (True, False)
    """
    match language:
        case "nats":
            return "*" in name or name.endswith(">") or ("{" in name and "}" in name)
        case "amqp":
            return "*" in name or "#" in name
        case "glob":
            return any(c in name for c in "*?[")
        case "dotted":
            return "*" in name
        case _:
            return False


@cache
def compiled(pattern: str, language: Language) -> re.Pattern[str]:
    """The pattern as a regular expression for whole names. An empty language is a text known in part: `*` is any text."""
    if language in ("", "glob"):
        parts = {"*": ".*", "?": "."} if language == "glob" else {"*": ".+"}
        return re.compile("".join(parts.get(c, re.escape(c)) for c in pattern))
    rest = {"nats": ">", "amqp": "#", "dotted": "**"}[language]
    words = [_word(word, rest) for word in pattern.split(".")]
    text = r"\.".join(words)
    # "orders.#" also hears "orders": the dot before the rest goes with it.
    if language != "nats":
        text = text.replace(r"\.(?:[^.]+(?:\.[^.]+)*)?", r"(?:\.[^.]+)*").replace(
            r"(?:[^.]+(?:\.[^.]+)*)?\.", r"(?:[^.]+\.)*"
        )
    return re.compile(text)


def _word(word: str, rest: str) -> str:
    if word == rest:
        return r"[^.]+(?:\.[^.]+)*" if rest == ">" else r"(?:[^.]+(?:\.[^.]+)*)?"
    return "".join(
        "[^.]+" if part in ("*",) or part.startswith("{") else re.escape(part)
        for part in _PIECES.findall(word)
    )


_PIECES = re.compile(r"\*|\{[^}]*\}|[^*{]+|\{")


def matches(pattern: str, name: str, language: Language) -> bool:
    """Whether a name is one that the pattern stands for.

    Example:
        >>> matches("orders.*", "orders.placed", "nats"), matches("orders.*", "orders.eu.placed", "nats")
        (True, False)
        >>> matches("orders.#", "orders", "amqp"), matches("user-*", "user-7", "")
        (True, True)
    """
    return compiled(pattern, language).fullmatch(name) is not None
