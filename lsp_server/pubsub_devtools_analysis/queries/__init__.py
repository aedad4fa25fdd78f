"""Questions to an event graph, answered as plain values: no effects, no editor protocol, no drawing."""
