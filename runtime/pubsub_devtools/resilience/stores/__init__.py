"""What guards keep, kept outside the process: in SQLite beside it, or in PostgreSQL or Redis between machines.

Each file holds the stores of one kind of server. `tests/runtime/stores` proves the promises of all with one suite.
"""
