"""Checks: one file each, with its code, its reasons and its samples. `registry.py` lists them, `running.py` runs them."""
