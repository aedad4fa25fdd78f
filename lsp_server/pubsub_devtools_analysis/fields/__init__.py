"""Fields of payloads: what handlers read of a message, found when it is asked for."""
