"""Transports whose events are functions: the handler is the declaration, whoever names it names the event, and without it the
messages cannot be worked off. A clock or a person may send one.
"""

TASKS = frozenset({"celery", "dramatiq", "taskiq", "arq"})
