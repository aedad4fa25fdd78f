"""The process beside the server that analyses one root, and what the two tell each other."""
