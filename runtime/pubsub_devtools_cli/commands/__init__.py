"""One subcommand a module; each has an ``app`` and is imported only when it is called."""
