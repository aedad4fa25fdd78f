"""All documents that are open, and which file of which root each of them stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import NamedTuple

from lsprotocol import types

from pubsub_devtools_lsp import convert
from pubsub_devtools_lsp.session import Session
from pubsub_devtools_lsp.texts.document import Document, Open
from pubsub_devtools_lsp.texts.moving import Moved, Point
from pubsub_devtools_lsp.texts.notebook import Notebook
from pubsub_devtools_lsp.texts.units import Units

Homes = Callable[[str, str], tuple[Session, str] | None]


class Home(NamedTuple):
    """Where a document belongs: its root, its path there, and what stands for that file while it is open."""

    session: Session
    path: str
    open: Open


class Documents:
    """The open documents of one client.

    Args:
        units: what the client counts in.
        home: the root of a document, and its path there, by URI and language; nothing for one that is not ours.
        settled: told of every file of a root that is opened or closed.
    """

    def __init__(self, units: Units, home: Homes, settled: Callable[[Session, str], None]) -> None:
        self.units = units
        self._home = home
        self._settled = settled
        self._numbers = count(1)
        self._documents: dict[str, Document] = {}
        self._notebooks: dict[str, Notebook] = {}
        self._cells: dict[str, str] = {}
        self._homes: dict[str, tuple[Session, str]] = {}

    # -- asking

    def text(self, uri: str) -> Document | None:
        """An open document, or a cell of an open notebook."""
        return self._documents.get(uri)

    def home(self, uri: str) -> Home | None:
        """Where an open document, or the notebook that a cell is part of, belongs."""
        whole = self._cells.get(uri, uri)
        home = self._homes.get(whole)
        document = self._notebooks.get(whole) or self._documents.get(whole)
        return None if home is None or document is None else Home(*home, document)

    def point(self, uri: str, position: types.Position) -> Point | None:
        """A client's position in what stands for the file; nothing in a cell that is not code."""
        document = self._documents.get(uri)
        if document is None:
            return None
        point = convert.point(document.text, position, self.units)
        notebook = self._notebooks.get(self._cells.get(uri, ""))
        return point if notebook is None else notebook.below(uri, point)

    def at_home(self) -> Iterator[tuple[str, Home]]:
        """All that is open and belongs to a root, by the URI of the document or the notebook."""
        for uri in (*self._documents, *self._notebooks):
            if uri not in self._cells and (home := self.home(uri)) is not None:
                yield uri, home

    # -- what clients tell

    def open(self, params: types.DidOpenTextDocumentParams) -> None:
        """A document was opened."""
        given = params.text_document
        if given.uri in self._documents:
            self.close(given.uri)
        self._documents[given.uri] = self._made(given)
        self._settle(given.uri, given.language_id)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """A document was edited."""
        document = self._documents.get(params.text_document.uri)
        if document is None:
            return
        for change in params.content_changes:
            moved = self._changed(document, change)
            if moved is not None:
                document.edited(moved, next(self._numbers))
        document.version = params.text_document.version
        self._tell(document.uri)

    def save(self, uri: str) -> None:
        """A document was saved: what is read from the disk alone may be other now."""
        home = self.home(uri)
        if home is not None:
            home.session.saved(home.path)

    def close(self, uri: str) -> None:
        """A document was closed."""
        if self._documents.pop(uri, None) is not None:
            self._leave(uri)

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook was opened."""
        given = params.notebook_document
        self._add_cells(given.uri, params.cell_text_documents)
        cells = [self._code(cell) for cell in given.cells]
        self._notebooks[given.uri] = Notebook(given.uri, given.version, cells, next(self._numbers))
        self._settle(given.uri, "python")

    def change_notebook(self, params: types.DidChangeNotebookDocumentParams) -> None:
        """Cells of a notebook came, went, moved or were edited."""
        notebook = self._notebooks.get(params.notebook_document.uri)
        if notebook is None:
            return
        notebook.version = params.notebook_document.version
        cells = params.change.cells
        if cells is None:
            return
        if cells.structure is not None:
            self._restructure(notebook, cells.structure)
        for edit in cells.text_content or ():
            cell = self._documents.get(edit.document.uri)
            if cell is not None:
                for change in edit.changes:
                    self._changed(cell, change)
                cell.version = edit.document.version
        notebook.changed(next(self._numbers))
        self._tell(notebook.uri)

    def close_notebook(self, params: types.DidCloseNotebookDocumentParams) -> None:
        """A notebook was closed."""
        uri = params.notebook_document.uri
        if self._notebooks.pop(uri, None) is not None:
            self._leave(uri)
        for cell in [cell for cell, whole in self._cells.items() if whole == uri]:
            self._drop_cell(cell)

    # -- where documents belong

    def resettle(self) -> None:
        """Roots came or went: find anew where each document belongs."""
        for uri in [*self._documents, *self._notebooks]:
            if uri in self._cells:
                continue
            language = self._documents[uri].language if uri in self._documents else "python"
            if self._homes.get(uri) != self._home(uri, language):
                self._leave(uri)
                self._settle(uri, language)

    def _settle(self, uri: str, language: str) -> None:
        home = self._home(uri, language)
        if home is not None:
            self._homes[uri] = home
            session, path = home
            session.opened(path, self._notebooks.get(uri) or self._documents[uri])
            self._settled(session, path)

    def _leave(self, uri: str) -> None:
        home = self._homes.pop(uri, None)
        if home is not None:
            session, path = home
            session.closed(path)
            self._settled(session, path)

    def _tell(self, uri: str) -> None:
        home = self._homes.get(uri)
        if home is not None:
            session, path = home
            session.edited(path)

    # -- texts

    def _made(self, given: types.TextDocumentItem) -> Document:
        return Document(given.uri, given.language_id, given.version, given.text, next(self._numbers))

    def _changed(self, document: Document, change: types.TextDocumentContentChangeEvent) -> Moved | None:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return document.text.become(change.text)
        start, end = (
            convert.point(document.text, each, self.units) for each in (change.range.start, change.range.end)
        )
        return document.text.replace(start, end, change.text)

    def _add_cells(self, notebook: str, given: Iterable[types.TextDocumentItem]) -> None:
        for each in given:
            self._documents[each.uri] = self._made(each)
            self._cells[each.uri] = notebook

    def _code(self, cell: types.NotebookCell) -> Document | None:
        document = self._documents.get(cell.document)
        is_code = cell.kind == types.NotebookCellKind.Code
        return document if is_code and document is not None and document.language == "python" else None

    def _drop_cell(self, uri: str) -> None:
        self._cells.pop(uri, None)
        self._documents.pop(uri, None)

    def _restructure(self, notebook: Notebook, structure: types.NotebookDocumentCellChangeStructure) -> None:
        self._add_cells(notebook.uri, structure.did_open or ())
        array = structure.array
        come = [self._code(cell) for cell in array.cells or ()]
        notebook.cells[array.start : array.start + array.delete_count] = come
        for closed in structure.did_close or ():
            self._drop_cell(closed.uri)
