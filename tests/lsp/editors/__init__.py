"""Real editors, driven without a screen, with the configuration that is told to users."""
