"""The fixtures, known to all tests (`tests/conftest.py`)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator

import pytest

from tests.servers import postgresql, redis
from tests.servers.running import Server
from tests.servers.sharing import folder_of_run, shared

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "master")


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server, None, None]:
    with shared(folder_of_run(tmp_path_factory, WORKER), "postgresql", postgresql.start) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Generator[str, None, None]:
    """A fresh database, dropped after the test."""
    psycopg = pytest.importorskip(
        "psycopg", reason="needs psycopg: pip install 'pubsub-devtools[postgresql]'"
    )
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql.url(postgresql_server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgresql.url(postgresql_server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server, None, None]:
    with shared(folder_of_run(tmp_path_factory, WORKER), "redis", redis.start) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """An empty database of this worker's own, of the sixteen that a server has."""
    client = pytest.importorskip("redis", reason="needs redis: pip install 'pubsub-devtools[redis]'")
    number = 0 if WORKER == "master" else int(WORKER.removeprefix("gw")) % 16
    address = redis.url(redis_server, number)
    with client.Redis.from_url(address) as connection:
        connection.flushdb()
    return address
