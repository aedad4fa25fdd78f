"""Which service a file belongs to: what is configured, else the part of the code base that its name shows.

1. The first service in `services` one of whose globs covers the file.
2. The `service` setting, where the whole project is one service.
3. In a monorepo (two folders or more with a pyproject.toml or setup file and modules below), the name of the folder
   of the project that the file lies in.
4. Where one top package holds most of the files (tests and examples not counted): the package directly below it, so
   that `readthedocs.builds.tasks` belongs to `builds`; files directly in the top package belong to the top package.
5. The first part of the module's dotted name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pubsub_devtools.model import Service
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.layout import is_aside, parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubsub_devtools_analysis.config import Settings
    from pubsub_devtools_analysis.modules import Modules

__all__ = ["Services", "services"]


class Services:
    """The services of a set of modules, settled when it is made: a file more or less does not rename the others."""

    def __init__(self, settings: Settings, modules: Modules, projects: Iterable[str] = ()) -> None:
        self._configured = [(name, Globs(globs)) for name, globs in settings.services.items()]
        self._everything = settings.service
        self._modules = modules
        self._projects = _with_modules(projects, modules)
        self._main = "" if self._everything else _main_package(modules)

    def of(self, path: str) -> str:
        """The service of a file; its path need not exist."""
        for name, globs in self._configured:
            if globs.cover(path):
                return name
        return self._everything or self._project(path) or self._package(path)

    def _project(self, path: str) -> str:
        if len(self._projects) < 2:
            return ""
        folder = parent(path)
        while folder and folder not in self._projects:
            folder = parent(folder)
        return folder.rpartition("/")[2]

    def _package(self, path: str) -> str:
        name = self._modules.canonical(path)
        top, _, rest = name.partition(".")
        below, _, inner = rest.partition(".")
        if top != self._main or not below:
            return top
        is_package = inner or path.endswith("/__init__.py")
        return below if is_package else top


def _with_modules(projects: Iterable[str], modules: Modules) -> frozenset[str]:
    """The folders of projects below the root that hold modules and are not examples or fixtures."""
    return frozenset(
        folder
        for folder in projects
        if folder and not is_aside(folder) and not modules.is_package(folder) and modules.has_folder(folder)
    )


def _main_package(modules: Modules) -> str:
    tops = Counter(
        modules.canonical(path).partition(".")[0] for path in modules if not is_aside(parent(path))
    )
    if not tops:
        return ""
    ((name, count),) = tops.most_common(1)
    return name if 2 * count > tops.total() else ""


def services(service_of: Mapping[str, str]) -> tuple[Service, ...]:
    """The services, each at the innermost folder around its files."""
    paths: dict[str, list[str]] = defaultdict(list)
    for path, service in service_of.items():
        paths[service].append(path)
    return tuple(Service(name, around(paths[name])) for name in sorted(paths) if name)


def around(paths: list[str]) -> str:
    """The innermost folder that all the files lie in."""
    shared: list[str] = []
    for names in zip(*(path.split("/")[:-1] for path in paths), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return "/".join(shared)
