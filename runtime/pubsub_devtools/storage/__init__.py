"""The one SQLite underneath everything of the runtime that outlives a process: dead letters, dedup, journal, registry.

``sqlite.Database`` is its interface; ``state_dir`` tells where the files lie; ``errors`` what can go wrong with them.
Nothing here is imported until something durable is asked for.
"""
