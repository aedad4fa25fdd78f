"""Completion: what can be typed at a cursor. What an item means is looked up when it is selected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types

from pubsub_devtools_analysis.queries.completion import Answer, Item, ItemKind, complete
from pubsub_devtools_analysis.queries.imports import import_edit
from pubsub_devtools_analysis.render.hover import event_hover, field_hover
from pubsub_devtools_lsp.uris import file_of

if TYPE_CHECKING:
    from pubsub_devtools_lsp.look import Look
    from pubsub_devtools_lsp.server import PubSubServer

_KINDS: dict[ItemKind, types.CompletionItemKind] = {
    "event": types.CompletionItemKind.Event,
    "class": types.CompletionItemKind.Class,
    "field": types.CompletionItemKind.Field,
    "value": types.CompletionItemKind.EnumMember,
    "function": types.CompletionItemKind.Function,
    "snippet": types.CompletionItemKind.Snippet,
}
_OPTIONS = types.CompletionOptions(
    trigger_characters=['"', "'", ".", "(", ",", "=", "{", "["], resolve_provider=True
)


class Meant(msgspec.Struct, frozen=True):
    """What an item is about: sent with it, and sent back when it is selected."""

    uri: str
    event: str = ""
    field: str = ""
    imports: str = ""


def register(server: PubSubServer) -> None:
    """Offer what can be typed."""

    @server.answers(types.TEXT_DOCUMENT_COMPLETION, _OPTIONS)
    def on_completion(params: types.CompletionParams) -> types.CompletionList | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None:
            return None
        text = look.document.text
        answer = complete(look.snapshot, look.path, str(text), text.offset(look.point))
        if answer is None:
            return None
        writer = _Writer(server, look, answer, params.text_document.uri)
        return types.CompletionList(
            answer.is_cut, [writer.item(at, each) for at, each in enumerate(answer.items)]
        )

    @server.answers(types.COMPLETION_ITEM_RESOLVE)
    def on_resolve(item: types.CompletionItem) -> types.CompletionItem:
        return _resolved(server, item)


class _Writer:
    """One answer in the words of the protocol."""

    def __init__(self, server: PubSubServer, look: Look, answer: Answer, uri: str) -> None:
        self._look = look
        self._uri = uri
        text = look.document.text
        self._range = look.here(text.point(answer.start), text.point(answer.end))
        abilities = server.completion_abilities
        self._takes_snippets = bool(abilities and abilities.snippet_support)

    def item(self, at: int, item: Item) -> types.CompletionItem:
        """One item. What the client sorts by keeps our order among equal matches."""
        is_snippet = item.snippet and self._takes_snippets
        text = item.text if is_snippet or not item.snippet else _without_holes(item.text)
        return types.CompletionItem(
            label=item.label,
            kind=_KINDS[item.kind],
            detail=item.detail or None,
            sort_text=f"{at:04}",
            filter_text=item.label,
            text_edit=types.TextEdit(self._range, text),
            insert_text_format=types.InsertTextFormat.Snippet if is_snippet else None,
            data=self._data(item),
        )

    def _data(self, item: Item) -> Any:
        if not (item.event or item.imports):
            return None
        return msgspec.to_builtins(Meant(self._uri, item.event, item.field, item.imports))


def _resolved(server: PubSubServer, item: types.CompletionItem) -> types.CompletionItem:
    """An item with its description, and the import that it needs."""
    try:
        meant = msgspec.convert(item.data, Meant)
    except msgspec.ValidationError:
        return item
    sight = server.sight(meant.uri)
    if sight is None:
        return item
    index = sight.snapshot.index
    event = index.events.get(meant.event)
    if event is not None:
        hover = (
            field_hover(index, event, meant.field, sight.link)
            if meant.field
            else event_hover(index, event, sight.link)
        )
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, hover)
    if meant.imports:
        item.additional_text_edits = _import(server, meant.uri, meant.imports)
    return item


def _import(server: PubSubServer, uri: str, symbol: str) -> list[types.TextEdit] | None:
    document = server.documents.text(uri)
    if document is None or file_of(uri) is None:
        return None
    edit = import_edit(document.text.lines, symbol)
    if edit is None:
        return None
    line, column = min((edit.line - 1, 0), document.text.end)
    at = types.Position(line, server.units.character(document.text.line(line), column))
    return [types.TextEdit(types.Range(at, at), edit.text)]


def _without_holes(snippet: str) -> str:
    return re.sub(r"\$(\d+)", "", re.sub(r"\$\{\d+:?([^}]*)\}", r"\1", snippet))
