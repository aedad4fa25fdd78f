"""Mail: what the shop writes to people. It listens and publishes nothing."""
