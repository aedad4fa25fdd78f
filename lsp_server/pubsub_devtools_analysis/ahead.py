"""Which files are likely to be asked for next: those that a file imports at its top.

More than half of them will be, for a constant, a base class or what a variable holds. The workers read them while the
analysis links what is there.
"""

from __future__ import annotations

from pubsub_devtools_analysis.facts import FileFacts, Import
from pubsub_devtools_analysis.workspace import Resolver


class Ahead:
    """Gathers what files import."""

    def __init__(self, modules: Resolver) -> None:
        self.files: dict[str, None] = {}
        self._modules = modules
        self._seen: set[tuple[str, int, str]] = set()

    def look(self, path: str, facts: FileFacts) -> None:
        """Add the files that a file imports, or from which it imports names."""
        for bindings in facts.scopes[0].names.values():
            for binding in bindings:
                value = binding.value
                if isinstance(value, Import):
                    self._add(path, value.level, value.module)
                    self._add(path, value.level, f"{value.module}.{value.name}".strip("."))

    def _add(self, path: str, level: int, module: str) -> None:
        key = (path.rpartition("/")[0] if level else "", level, module)
        if key not in self._seen:
            self._seen.add(key)
            modules = self._modules
            found = modules.resolve_relative(path, level, module) if level else modules.resolve(module, path)
            if found is not None and not found.endswith("/"):
                self.files[found] = None
