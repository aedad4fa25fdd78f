"""Signature help: the fields of the payload that an open call is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_analysis.queries.insight import signature

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer


def register(server: PubSubServer) -> None:
    """Tell the fields while they are typed."""

    @server.answers(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(["(", ","]))
    def on_signature(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        look = server.look(params.text_document.uri, params.position)
        if look is None:
            return None
        text = look.document.text
        told = signature(look.snapshot, look.path, str(text), text.offset(look.point))
        if told is None:
            return None
        units = server.units
        spans = [
            (units.character(told.label, start), units.character(told.label, end))
            for start, end in told.parameters
        ]
        parameters = [types.ParameterInformation(span) for span in spans]
        active = told.active if told.active >= 0 else None
        shown = types.SignatureInformation(told.label, told.doc or None, parameters, active)
        return types.SignatureHelp([shown], 0, active)
