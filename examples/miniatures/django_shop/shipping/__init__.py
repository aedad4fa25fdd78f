"""Shipping: a Django app of the shop."""
