"""Every promise of speed, memory and accuracy, measured beside its bound."""
