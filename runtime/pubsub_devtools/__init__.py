"""PubSub DevTools: event bus, resilience, schemas and tracing for event-driven Python."""
