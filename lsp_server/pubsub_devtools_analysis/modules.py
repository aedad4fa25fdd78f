"""Which file a dotted name means, and which dotted names a file has.

Of several modules of one name the nearest to the importer is meant. Where no root has it, the folders around the
importer are tried, for scripts that import what lies beside them. The standard library is never shadowed but by a
configured root. Pure: paths in, names out; taking one file in or out costs one file.

Paths are POSIX and relative to the root; a folder without `__init__.py` that stands for a namespace package is
written with a slash at the end.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.layout import CONFIGURED, Layout, Root, SourceRoots, below, lay_out, parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Modules", "SourceRoots"]

MOST_SETTINGS = 60
_SETTINGS = re.compile(r"(?:^|/)(?:settings\w*|conf(?:ig(?:uration)?)?(?:_\w+)?)(?:\.py|/[^/]*\.py)$")


class Modules:
    """The modules of a set of files. Questions are answered by look-ups in dictionaries."""

    def __init__(self, paths: Iterable[str], roots: SourceRoots | None = None) -> None:
        self._given = roots or SourceRoots()
        self._files: set[str] = set()
        self._folders: dict[str, set[str]] = {"": set()}
        self._known_layout: Layout | None = None
        self._orders: dict[tuple[str, str], list[Root]] = {}
        for path in paths:
            self._put(path)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def added(self, path: str) -> None:
        """Take a file in."""
        if path not in self._files:
            is_new = parent(path) not in self._folders
            self._put(path)
            self._forget(path, is_new)

    def removed(self, path: str) -> None:
        """Let a file go."""
        if path in self._files:
            self._files.remove(path)
            self._drop(*_split(path))
            self._forget(path, parent(path) not in self._folders)

    def canonical(self, path: str) -> str:
        """The file's dotted name: from above its top package, else from the nearest root around it."""
        return self._dotted(path, self._root_of(parent(path)))

    def names(self, path: str) -> tuple[str, ...]:
        """All dotted names that the file may be imported by, the canonical one first, then longer before shorter."""
        folder = parent(path)
        starts = [above for above in reversed([*_around(folder)]) if above in self._layout.roots]
        if not self.is_package(folder):
            starts.append(folder)
        others = (self._dotted(path, start) for start in starts)
        importable = (name for name in others if name.replace(".", "_").isidentifier())
        return tuple(dict.fromkeys([self.canonical(path), *importable]))

    def settings(self) -> list[str]:
        """The files that settings are looked for in, by their names, the likeliest first."""
        found = [path for path in self._files if _SETTINGS.search(path)]
        return sorted(found, key=lambda path: ("settings" not in path, path.count("/"), path))[:MOST_SETTINGS]

    def is_package(self, folder: str) -> bool:
        """Whether the folder has an ``__init__.py``."""
        return "__init__.py" in self._folders.get(folder, ())

    def has_folder(self, folder: str) -> bool:
        """Whether there is a module in the folder or below it."""
        return folder in self._folders

    def resolve(self, module: str, importer: str) -> str | None:
        """The file (or namespace folder) that an absolute import of ``module`` in ``importer`` means, if it is ours."""
        is_standard = module in sys.stdlib_module_names
        namespace = None
        for path in self._places(module, importer, is_standard):
            found = self._at(path)
            if found and not found.endswith("/"):
                return found
            namespace = namespace or found
        return (None if is_standard else self._beside(module, importer)) or namespace

    def resolve_relative(self, importer: str, level: int, module: str) -> str | None:
        """The file (or namespace folder) that ``from ..module import`` means, with ``level`` dots."""
        folder = parent(importer)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = parent(folder)
        return self._at(below(folder, module.replace(".", "/")) if module else folder)

    @property
    def _layout(self) -> Layout:
        if self._known_layout is None:
            self._known_layout = lay_out(self._folders, self._given)
            self._orders = {}
        return self._known_layout

    def _put(self, path: str) -> None:
        self._files.add(path)
        folder, name = _split(path)
        while folder not in self._folders:
            self._folders[folder] = {name}
            folder, name = _split(folder)
            name += "/"
        self._folders[folder].add(name)

    def _drop(self, folder: str, name: str) -> None:
        entries = self._folders[folder]
        entries.discard(name)
        if folder and not entries:
            del self._folders[folder]
            above, name = _split(folder)
            self._drop(above, name + "/")

    def _forget(self, path: str, is_other_tree: bool) -> None:
        """Have the layout made anew, if the file is of any concern to it. Most files of a package are not."""
        layout = self._known_layout
        folder, name = _split(path)
        if layout and (is_other_tree or name in ("__init__.py", "manage.py") or folder in layout.roots):
            self._known_layout = None

    def _root_of(self, folder: str) -> str:
        """A folder that has no file yet belongs to what is around it."""
        return next(self._layout.root_of[above] for above in _around(folder) if above in self._layout.root_of)

    def _dotted(self, path: str, root: str) -> str:
        inside = path[len(root) + 1 :] if root else path
        name = inside.removesuffix(".py").removesuffix("__init__").rstrip("/").replace("/", ".")
        prefix = self._given.package if not root else ""
        dotted = ".".join(part for part in (prefix, name) if part)
        return dotted or root.rpartition("/")[2] or "__init__"

    def _at(self, path: str) -> str | None:
        package = below(path, "__init__.py")
        if package in self._files:
            return package
        if path and path + ".py" in self._files:
            return path + ".py"
        return path + "/" if path in self._folders else None

    def _places(self, module: str, importer: str, is_standard: bool) -> Iterator[str]:
        """Where the module may lie, without an ending, best first."""
        package = self._given.package
        if package and (module + ".").startswith(package + "."):
            yield module[len(package) + 1 :].replace(".", "/")
            return
        tail = module.replace(".", "/")
        for root in self._in_order(module.partition(".")[0], parent(importer)):
            if not is_standard or root.rank == CONFIGURED:
                yield below(root.folder, tail)

    def _in_order(self, top: str, folder: str) -> Sequence[Root]:
        """The roots that have a module ``top`` and are seen from the folder, the nearest first."""
        roots = self._layout.tops.get(top, [])
        if not roots:
            return roots
        order = self._orders.get((top, folder))
        if order is None:
            seen = [root for root in roots if not root.scope or _is_in(folder, root.scope)]
            order = sorted(seen, key=lambda root: (-_shared(root.folder, folder), root.rank, root.folder))
            self._orders[top, folder] = order
        return order

    def _is_started_in(self, folder: str) -> bool:
        return folder in self._given.projects or not _PROGRAMS.isdisjoint(self._folders.get(folder, ()))

    def _beside(self, module: str, importer: str) -> str | None:
        """A file that a script imports from its own folder or one above.

        A package does not import like that, unless it is a project by itself or its programs are started inside it.
        """
        tail = module.replace(".", "/")
        for folder in _around(parent(importer)):
            if not self.is_package(folder) or self._is_started_in(folder):
                found = self._at(below(folder, tail))
                if found and found != importer and not found.endswith("/"):
                    return found
        return None


_PROGRAMS = frozenset({"main.py", "manage.py", "app.py", "wsgi.py", "asgi.py"})


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _around(folder: str) -> Iterator[str]:
    """The folder and all above it, the root last."""
    while folder:
        yield folder
        folder = parent(folder)
    yield ""


def _is_in(folder: str, scope: str) -> bool:
    return folder == scope or folder.startswith(scope + "/")


def _shared(first: str, second: str) -> int:
    """How many folders two paths have in common."""
    if not first or not second:
        return 0
    count = 0
    for one, other in zip(first.split("/"), second.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
