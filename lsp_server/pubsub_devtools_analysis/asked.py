"""Module names as the linker asks for them: each answer is kept, so that a file more or less shows whom it bears on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from pubsub_devtools_analysis.modules import Modules

Question = tuple[str, tuple[Any, ...]]
"""A method of `Modules` and its arguments."""


class AskedModules:
    """Answers as `Modules` does, and tells `asked` each question."""

    def __init__(self, modules: Modules, asked: Callable[[Hashable], None]) -> None:
        self._modules = modules
        self._asked = asked
        self._answers: dict[Question, Any] = {}

    def __contains__(self, path: str) -> bool:
        """Whether there is such a file."""
        found: bool = self._ask(("__contains__", (path,)))
        return found

    def canonical(self, path: str) -> str:
        """The dotted name of a file."""
        found: str = self._ask(("canonical", (path,)))
        return found

    def resolve(self, module: str, importer: str) -> str | None:
        """The file of an absolute module; a namespace folder ends in a slash; nothing for what is not here."""
        found: str | None = self._ask(("resolve", (module, importer)))
        return found

    def resolve_relative(self, importer: str, level: int, module: str) -> str | None:
        """The file of a relative module."""
        found: str | None = self._ask(("resolve_relative", (importer, level, module)))
        return found

    def settings(self) -> list[str]:
        """The files that settings are looked for in."""
        found: list[str] = self._ask(("settings", ()))
        return found

    def changed(self) -> set[Hashable]:
        """Ask everything again, now that files came or went: the questions whose answers are others."""
        found: set[Hashable] = set()
        for question, old in self._answers.items():
            new = getattr(self._modules, question[0])(*question[1])
            if new != old:
                self._answers[question] = new
                found.add(question)
        return found

    def _ask(self, question: Question) -> Any:
        self._asked(question)
        try:
            return self._answers[question]
        except KeyError:
            found = self._answers[question] = getattr(self._modules, question[0])(*question[1])
            return found
