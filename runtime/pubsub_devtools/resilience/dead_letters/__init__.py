"""Dead letters: events that a handler failed on for good, kept until somebody has understood why and tries again.

`filing.py` is what a bus and people talk to, `replay.py` tries again. A store (`memory.py`, `sqlite.py`) keeps the letters;
`fingerprint.py` says which failures have one cause; `alerts.py` tells somebody when they come too fast.
"""
