"""Resilience: what stands around a handler so that a failure stays small, and is never silent.

`declare.py` says what a handler wants, `policies/` decides (pure: attempts, times and random numbers in, decisions out),
`guards/` acts, `guard.py` puts the guards of one handler around it in their one order. Stores are protocols with a memory
form beside them: `seen.py`, `delayed.py`, `states.py`.
"""
