"""What may be handed to a parser, so that no input can end or stall the process.

`ast.parse` refuses bottomless input cleanly on every Python tried (3.11 to 3.13); only its time and memory grow
with the size. libcst's parser recurses on the native stack, about 10 KB a bracket and 30 KB an indented block,
and needs quadratic time for a chain of operators: 2,000 open brackets end the process, 20,000 terms run over a
minute. So a quick scan, much cheaper than parsing, looks at every text first that libcst is to read.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings

MAX_TOKENS = 300_000
"""More is generated data (twenty thousand lines of code have half of it), and its tree needs a kilobyte a token."""

MAX_BYTES = 4_000_000
"""Beyond this not even tokens are counted."""

MAX_CONCRETE_TOKENS = 60_000
"""What libcst reads and we convert within a second; it needs ten times as long as `ast`."""

MAX_BRACKETS = 50
MAX_INDENTS = 20
MAX_CHAIN = 300
"""Tokens in a row without a comma, colon or line end: operators, calls, attributes, adjacent strings."""

MAX_ELIFS = 300

_TOKEN = re.compile(
    r"""
      (?P<string> (?P<prefix>[a-zA-Z]{0,2}) (?:
          '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z) | \"""(?:[^"\\]|\\.|"(?!""))*(?:\"""|\Z)
        | '(?:[^'\\\n]|\\.)*'? | "(?:[^"\\\n]|\\.)*"? ))
    | (?P<skip> \#[^\n]* | [ \t\f]+ | \\\n )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<reset> [,;] | :(?!=) )
    | (?P<line> \n[ \t\f]* )
    | (?P<word> \w+ )
    | (?P<other> [^\w\s'"\#\\()\[\]{},;:]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ANY_TOKEN = re.compile(r"\w+|[^\w \t]")  # words in strings and comments count too
_BRACKET = re.compile(r"[(\[{]|[)\]}]")
_PART = re.compile(r"[{},:;]")
_LINK = re.compile(r"[-+*/%&|^@<>=~.!()\[\]]|\b(?:and|or|not|is|in|if|else|await|lambda)\b")
_silence = threading.Lock()


def parse(text: str) -> ast.Module | SyntaxError:
    """The tree or the reason why there is none; silent, and never raises.

    The lock keeps two threads from restoring each other's warning filters; parsing holds the GIL anyway.
    """
    with _silence, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return error
        except (RecursionError, MemoryError):
            return TooDeepError("too deeply nested for the parser")
        except (ValueError, OverflowError) as error:
            return SyntaxError(str(error))


class TooDeepError(SyntaxError):
    """The parser gave up on the nesting, at a place that it does not tell."""


def too_big(text: str) -> bool:
    """Whether the tree would take seconds and hundreds of megabytes. Words of strings and comments count too."""
    return len(text) > MAX_TOKENS and tokens(text) > MAX_TOKENS


def tokens(text: str) -> int:
    """About how many tokens a text has: what parsing costs hangs on them rather than on its length."""
    return len(_ANY_TOKEN.findall(text))


def too_deep_for_libcst(text: str) -> bool:
    """Whether libcst's recursion on `text` could pass what a small thread stack holds."""
    return tokens(text) > MAX_CONCRETE_TOKENS or _Scan().exceeds(text)


class _Scan:
    """Bracket depth, indentation depth and chain length of a text, token by token."""

    def __init__(self) -> None:
        self.chains = [0]
        self.indents = [0]
        self.elifs = 0
        self.lambdas = 0
        self.swapped = False

    def exceeds(self, text: str) -> bool:
        return any(self._step(match) for match in _TOKEN.finditer(text))

    def _step(self, match: re.Match[str]) -> bool:
        kind = match.lastgroup
        if kind == "skip":
            return False
        if kind == "open":
            self.chains[-1] += 1
            self.chains.append(0)
            return len(self.chains) > MAX_BRACKETS or self.chains[-2] > MAX_CHAIN
        if kind == "close":
            if len(self.chains) > 1:
                self.chains.pop()
            return False
        if kind == "reset":
            self.chains[-1] = 0
            return False
        if kind == "line":
            return len(self.chains) == 1 and self._new_line(match)
        if kind == "word":
            self.elifs += match[0] == "elif"
            self.lambdas += match[0] == "lambda"
        elif kind == "string" and self._hides_code(match) and _string_exceeds(match[0], len(self.chains)):
            return True
        self.chains[-1] += (
            len(match[0]) if kind == "other" else 1
        )  # operators that stand together are one match
        return self.chains[-1] > MAX_CHAIN or self.elifs > MAX_ELIFS or self.lambdas > MAX_BRACKETS

    def _hides_code(self, match: re.Match[str]) -> bool:
        """Whether to look into a literal; after quotes nested in an f-string, inside and outside may be swapped."""
        formatted = not set("fFtT").isdisjoint(match["prefix"])
        if formatted and match[0].count("{") != match[0].count("}"):
            self.swapped = True
        return formatted or self.swapped

    def _new_line(self, match: re.Match[str]) -> bool:
        self.chains[-1] = self.lambdas = 0
        if match.string[match.end() : match.end() + 1] in ("\n", "#", ""):
            return False
        width = len(match[0].expandtabs())
        while self.indents[-1] > width:
            self.indents.pop()
        if self.indents[-1] < width:
            self.indents.append(width)
        return len(self.indents) > MAX_INDENTS


def _string_exceeds(literal: str, depth: int) -> bool:
    """The same for code inside a literal: an f-string's expressions, or what only looks like a string."""
    for bracket in _BRACKET.findall(literal):
        depth += 1 if bracket in "([{" else -1
        if depth > MAX_BRACKETS:
            return True
    return len(literal) > MAX_CHAIN and any(
        len(_LINK.findall(part)) > MAX_CHAIN for part in _PART.split(literal)
    )
