"""Mail: a Django app of the shop."""
