"""Payments: authorized when the goods are there, captured when they are packed."""
