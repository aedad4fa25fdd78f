"""The roots that are open, and which of them a document belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from pygls.uris import uri_scheme

from pubsub_devtools_lsp.session import PYTHON, Session
from pubsub_devtools_lsp.settings import Settings
from pubsub_devtools_lsp.uris import below, file_of

NOTEBOOK = ".ipynb"


class Sessions:
    """Sessions by root; a document belongs to the innermost root that it lies in."""

    def __init__(self, make: Callable[[Path, Settings], Session]) -> None:
        self._make = make
        self._sessions: dict[Path, Session] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._sessions.values()))

    def configure(self, uri: str, settings: Settings) -> None:
        """A folder was opened, or is set otherwise now."""
        root = file_of(uri)
        if root in self._sessions:
            self._sessions[root].configure(settings)
        elif root is not None:
            self._sessions[root] = self._make(root, settings)

    def remove(self, uri: str) -> Session | None:
        """A folder was closed. Gives the session, which is still to be closed."""
        root = file_of(uri)
        return self._sessions.pop(root, None) if root is not None else None

    def home(self, uri: str, language: str) -> tuple[Session, str] | None:
        """The root of a document, and its path there; nothing for one that lies outside, or is no file and no Python.

        Notebooks, and Python that was never saved, are Python files that do not lie on the disk.
        """
        file = file_of(uri)
        if file is None:
            return self._adopted(uri) if (uri_scheme(uri), language) == ("untitled", "python") else None
        found = self._innermost(file) or self._innermost(_resolved(file), _resolved)
        if found is None:
            return None
        session, path = found
        return session, path + PYTHON if path.endswith(NOTEBOOK) else path

    def _innermost(
        self, file: Path, seen: Callable[[Path], Path] = lambda root: root
    ) -> tuple[Session, str] | None:
        found = ((each, below(file, seen(each.root))) for each in self._sessions.values())
        inside = [(session, path) for session, path in found if path is not None]
        return min(inside, key=lambda each: len(each[1]), default=None)

    def _adopted(self, uri: str) -> tuple[Session, str] | None:
        """The first root, and a path that no file has there."""
        session = next(iter(self), None)
        if session is None:
            return None
        name = unquote(uri).replace("\\", "/").rpartition("/")[2].rpartition(":")[2].removesuffix(PYTHON)
        path = f"{name or 'untitled'}{PYTHON}"
        while (session.root / path).exists():
            path = "_" + path
        return session, path


def _resolved(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, RuntimeError):
        return file
