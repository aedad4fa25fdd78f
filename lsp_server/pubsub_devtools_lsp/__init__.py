"""The language server: the event flow in every editor."""
