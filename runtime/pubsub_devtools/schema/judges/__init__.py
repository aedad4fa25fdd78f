"""Judges of schemas."""
