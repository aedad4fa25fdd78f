"""Decisions as functions of attempts, times and random numbers: no clock is read, nothing waits, nothing is hidden."""
