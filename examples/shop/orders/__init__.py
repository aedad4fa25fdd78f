"""Orders: taken at the desk, and fulfilled by a saga that runs through the other departments."""
