"""Stock: a Django app of the shop."""
