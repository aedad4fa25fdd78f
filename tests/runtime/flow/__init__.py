"""What flows through the bus over time."""
