"""The findings of all checks, pushed as diagnostics, where they stand in the texts as these are now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools.model import Finding, Place, Related
from pubsub_devtools_lsp import convert
from pubsub_devtools_lsp.analyst.messages import FromAnalyst, Refused, Shown
from pubsub_devtools_lsp.pages import page_file
from pubsub_devtools_lsp.uris import uri_of

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer
    from pubsub_devtools_lsp.session import Session

SOURCE = "pubsub"
_DELAY = 0.1
"""Seconds that findings are gathered for before they are shown."""

_TAGS = {
    "PSD003": types.DiagnosticTag.Unnecessary,
    "PSD009": types.DiagnosticTag.Deprecated,
    "PSD012": types.DiagnosticTag.Unnecessary,
    "PSD100": types.DiagnosticTag.Unnecessary,
}
"""Handlers that nothing reaches, versions that are no longer spoken, a second subscription, comments that do nothing."""


class Board:
    """What is shown of one root: by file, the documents that have diagnostics."""

    def __init__(self, server: PubSubServer, session: Session) -> None:
        self._server = server
        self._session = session
        self._shown: dict[str, set[str]] = {}
        self._due: dict[str, None] = {}
        self._refused = ""

    def touch(self, paths: Iterable[str]) -> None:
        """Show these files' findings anew, soon."""
        was_due, self._due = bool(self._due), {**self._due, **dict.fromkeys(paths)}
        if self._due and not was_due:
            self._server.later(_DELAY, self.show)

    def touch_all(self) -> None:
        """Show all anew, soon."""
        self.touch([*self._session.snapshot.findings, *self._session.open, *self._shown])

    def touch_lost(self) -> None:
        """Show no more of files that nothing is found in any more: one analyst's word for it is another's silence."""
        self.touch([path for path in self._shown if path not in self._session.snapshot.findings])

    def show(self) -> None:
        """Show what is due."""
        due, self._due = self._due, {}
        for path in due:
            self._show(path)

    def clear(self) -> None:
        """Show nothing any more."""
        self._due = {}
        for path in list(self._shown):
            self._publish(path, {})
        self.refuse(Refused(""))

    def refuse(self, refused: Refused) -> None:
        """Show what is wrong with the settings, where they stand."""
        if self._refused:
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(self._refused, []))
        self._refused = uri_of(Path(refused.file)) if refused.file else ""
        if self._refused:
            start = types.Position(max(refused.line - 1, 0), 0)
            whole_line = types.Range(start, types.Position(start.line + 1, 0))
            mistake = types.Diagnostic(
                whole_line, refused.message, types.DiagnosticSeverity.Error, source=SOURCE
            )
            self._server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(self._refused, [mistake])
            )

    def _show(self, path: str) -> None:
        session = self._session
        found: dict[str, list[types.Diagnostic]] = {}
        scope = session.settings.findings.scope
        document = session.open.get(path)
        if document is not None:
            found = {uri: [] for uri, _ in document.parts()}
        if scope == "workspace" or (scope == "open" and document is not None):
            for finding in session.snapshot.findings.get(path, ()):
                shown = self._diagnostic(finding)
                if shown is not None:
                    uri, diagnostic = shown
                    found.setdefault(uri, []).append(diagnostic)
        self._publish(path, found)

    def _publish(self, path: str, found: dict[str, list[types.Diagnostic]]) -> None:
        document = self._session.open.get(path)
        versions = dict(document.parts()) if document is not None else {}
        before = self._shown.pop(path, set())
        now = {uri for uri, diagnostics in found.items() if diagnostics}
        if now:
            self._shown[path] = now
        for uri in sorted(before | now):
            self._server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, found.get(uri, []), versions.get(uri))
            )

    def _diagnostic(self, finding: Finding) -> tuple[str, types.Diagnostic] | None:
        severity = self._session.settings.findings.severity_of(finding.code, finding.severity)
        stretch = self._session.stretch(finding.place, is_finding=True)
        if severity == "off" or stretch is None:
            return None
        abilities = self._server.diagnostic_abilities
        page = page_file(finding.code)
        has_page = abilities.code_description_support and page.exists()
        tag = _TAGS.get(finding.code) if abilities.tag_support is not None else None
        return stretch.uri, types.Diagnostic(
            convert.range_of(stretch, self._server.units),
            finding.message,
            convert.SEVERITIES[severity],
            finding.code,
            types.CodeDescription(uri_of(page)) if has_page else None,
            SOURCE,
            [tag] if tag is not None else None,
            self._related(finding.related) if abilities.related_information else None,
            {"event": finding.event, "fingerprint": finding.fingerprint},
        )

    def _related(self, related: Iterable[Related]) -> list[types.DiagnosticRelatedInformation]:
        found = ((self._location(each.place), each) for each in related if not each.origin)
        return [types.DiagnosticRelatedInformation(at, each.message) for at, each in found if at is not None]

    def _location(self, place: Place) -> types.Location | None:
        stretch = self._session.stretch(place, is_finding=True)
        return None if stretch is None else convert.location(stretch, self._server.units)


def register(server: PubSubServer) -> None:
    """Have the server show findings."""
    boards: dict[Session, Board] = {}

    def board(session: Session) -> Board:
        return boards.setdefault(session, Board(server, session))

    @server.hears
    def heard(session: Session, message: FromAnalyst) -> None:
        match message:
            case Shown(stage="complete"):
                board(session).touch_lost()
            case Shown(stage="findings"):
                board(session).touch(message.findings)
            case Refused():
                board(session).refuse(message)
            case _:
                pass

    @server.settles
    def settled(session: Session, path: str) -> None:
        board(session).touch([path])

    @server.configures
    def configured(session: Session) -> None:
        board(session).touch_all()

    @server.leaves
    def left(session: Session) -> None:
        if session in boards:
            boards.pop(session).clear()
