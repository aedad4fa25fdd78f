"""Files that change outside the editor: the client watches them for us where it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pubsub_devtools_lsp.uris import below, file_of

if TYPE_CHECKING:
    from pubsub_devtools_lsp.server import PubSubServer

_GLOBS = ("**/*.py", "**/*.toml", "**/*.{avsc,proto,json}", "**/.gitignore", "**/setup.{py,cfg}")


def register(server: PubSubServer) -> None:
    """Have the server hear of files that change."""

    @server.answers(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed(params: types.DidChangeWatchedFilesParams) -> None:
        for session in server.sessions:
            files = (file_of(change.uri) for change in params.changes)
            paths = [
                path for file in files if file is not None and (path := below(file, session.root)) is not None
            ]
            if paths:
                session.look_again(tuple(dict.fromkeys(paths)))

    @server.begins
    async def watch() -> None:
        workspace = server.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace is not None else None
        if watched is None or not watched.dynamic_registration:
            return
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob) for glob in _GLOBS]
        )
        registration = types.Registration(
            "pubsub-devtools-watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
        )
        await server.client_register_capability_async(types.RegistrationParams([registration]))
