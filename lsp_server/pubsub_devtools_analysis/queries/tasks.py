"""Frameworks in which the function that handles an event is the event: whoever names it names the event."""

TASKS = frozenset({"celery", "dramatiq", "taskiq", "arq"})
