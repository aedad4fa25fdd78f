"""Which files are likely to be asked for next: those that a file imports at its top.

More than half of them will be, for a constant, a base class or what a variable holds. The workers read them while the
analysis links what is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools_analysis.facts import FileFacts, Import
from pubsub_devtools_analysis.workspace import Resolver


def imported(facts: FileFacts, path: str, modules: Resolver) -> Iterator[str]:
    """The files that a file imports, or from which it imports names."""
    values = (binding.value for bindings in facts.scopes[0].names.values() for binding in bindings)
    for value in values:
        if isinstance(value, Import):
            inner = f"{value.module}.{value.name}".strip(".")
            for module in (value.module, inner) if value.name else (value.module,):
                found = _file(module, value.level, path, modules)
                if found is not None and not found.endswith("/"):
                    yield found


def _file(module: str, level: int, path: str, modules: Resolver) -> str | None:
    if level:
        return modules.resolve_relative(path, level, module)
    return modules.resolve(module, path) if module else None
