"""Fields of payloads: what handlers read of a message and publishers give, found when it is asked for."""
