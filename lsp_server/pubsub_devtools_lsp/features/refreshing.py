"""What an editor shows all the time is asked for anew, once more is known or the user has set something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_lsp.analyst.messages import FromAnalyst, Shown

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer
    from pubsub_devtools_lsp.session import Session


def register(server: PubSubServer) -> None:
    """Have clients that can ask anew do so."""

    @server.hears
    def on_shown(session: Session, message: FromAnalyst) -> None:
        if isinstance(message, Shown) and message.stage == "complete":
            refresh(session)

    @server.configures
    def refresh(_session: Session) -> None:
        if server.refreshes("code_lens"):
            server.workspace_code_lens_refresh(None)
        if server.refreshes("inlay_hint"):
            server.workspace_inlay_hint_refresh(None)
        if server.refreshes("semantic_tokens"):
            server.workspace_semantic_tokens_refresh(None)
