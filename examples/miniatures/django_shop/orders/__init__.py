"""Orders: a Django app of the shop."""
