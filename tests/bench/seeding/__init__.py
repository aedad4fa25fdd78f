"""Defects put into real code, to measure which of them the checks find. Begin at `planting.py`."""
