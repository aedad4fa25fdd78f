"""Payments: a Django app of the shop."""
