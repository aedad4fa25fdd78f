"""What editors ask for: a family of methods a file, each a translation of an answer of `pubsub_devtools_analysis.queries`.

A feature is a module with a function ``register(server)``; name it in `registry.py`.
"""
