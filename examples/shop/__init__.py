"""A small shop whose departments talk in events alone. `python -m examples.shop` runs a day of it."""
