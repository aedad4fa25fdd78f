//! Starts `pubsub-tools lsp` for Python in Zed: from the project's environment, or wherever the shell finds it.

use zed_extension_api::{self as zed, settings::LspSettings, Command, LanguageServerId, Result, Worktree};

struct PubSubDevTools;

impl zed::Extension for PubSubDevTools {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let set = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let path = set.as_ref().and_then(|binary| binary.path.clone());
        let arguments = set.and_then(|binary| binary.arguments);
        Ok(Command {
            command: path
                .or_else(|| worktree.which("pubsub-tools"))
                .ok_or("pubsub-tools is not found: pip install 'pubsub-devtools[lsp]'")?,
            args: arguments.unwrap_or_else(|| vec!["lsp".into()]),
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?.settings.unwrap_or_default();
        Ok(Some(zed::serde_json::json!({ "pubsub": settings })))
    }
}

zed::register_extension!(PubSubDevTools);
