"""Real servers for tests: found or installed, started on loopback, shared by the workers of one run, stopped by pid.

A test asks for a fixture of `fixtures.py`: `postgresql_url` is a fresh, empty database, `redis_url` an empty one of Redis's
own databases. Where a server is not there and must not be installed, the test is skipped and says how to run it.

To add a server, give it a file with `start() -> Server` (see `redis.py`) and a fixture.
"""
