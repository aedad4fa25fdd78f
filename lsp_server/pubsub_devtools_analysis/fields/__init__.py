"""Fields of events: what handlers read, what publishers give."""
