"""Beginning and end of a session with a client, its folders, and what the user has set."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pubsub_devtools_lsp.settings import SECTION, Settings, read

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

_PATIENCE = 5.0
"""Seconds that a client has to say what is set before the defaults count."""


def register(server: PubSubServer) -> None:
    """Have the server begin and end."""
    given: dict[str, Any] = {}
    folders: dict[str, None] = {}

    @server.answers(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.units.use(types.PositionEncodingKind(server.workspace.position_encoding or "utf-16").value)
        given.update(params.initialization_options or {})
        folders.update(dict.fromkeys(_folders(params)))

    @server.answers(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        await configure()
        await server.begun()

    @server.answers(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        settings: Any = params.settings
        if isinstance(settings, dict) and SECTION in settings:
            given.clear()
            given[SECTION] = settings[SECTION]
        await configure()

    @server.answers(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def moved(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            folders.pop(folder.uri, None)
            gone = server.sessions.remove(folder.uri)
            server.documents.resettle()
            if gone is not None:
                server.ended(gone)
        folders.update(dict.fromkeys(folder.uri for folder in params.event.added))
        await configure()

    @server.answers(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.documents.save(params.text_document.uri)

    @server.begins
    async def ask_for_changes() -> None:
        workspace = server.client_capabilities.workspace
        told = workspace.did_change_configuration if workspace is not None else None
        if told is not None and told.dynamic_registration:
            options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
            await server.client_register_capability_async(
                types.RegistrationParams(
                    [
                        types.Registration(
                            "pubsub-devtools-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, options
                        )
                    ]
                )
            )

    @server.answers(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.close()

    async def configure() -> None:
        """Have every folder open, as it is set."""
        roots = list(folders)
        for uri, settings in zip(roots, await _asked(server, given, roots), strict=True):
            if uri in folders:
                server.sessions.configure(uri, settings)
        server.documents.resettle()
        for session in server.sessions:
            if session.settings.trace is not None:
                server.protocol.trace = types.TraceValue(session.settings.trace)
            server.configured(session)


def _folders(params: types.InitializeParams) -> list[str]:
    if params.workspace_folders is not None:
        return [folder.uri for folder in params.workspace_folders]
    return [params.root_uri] if params.root_uri else []


async def _asked(server: PubSubServer, given: dict[str, Any], roots: list[str]) -> list[Settings]:
    """What is set for each root: asked of the client, or what it gave unasked."""
    section = given.get(SECTION, given)
    answers: list[Any] = [section] * len(roots)
    workspace = server.client_capabilities.workspace
    if roots and workspace is not None and workspace.configuration:
        items = [types.ConfigurationItem(scope_uri=root, section=SECTION) for root in roots]
        try:
            asked = server.workspace_configuration_async(types.ConfigurationParams(items))
            said = await asyncio.wait_for(asked, _PATIENCE)
            answers = [one or section for one in said] if len(said) == len(roots) else answers
        except Exception as error:  # a client that answers with an error, or not at all, has set nothing
            server.log(f"settings could not be asked for: {error or type(error).__name__}")
    found: list[Settings] = []
    for answer in answers:
        settings, mistakes = read(answer)
        found.append(settings)
        for mistake in dict.fromkeys(mistakes):
            server.show(f"PubSub DevTools: the setting {mistake}")
    return found
