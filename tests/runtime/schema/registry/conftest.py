"""Every backend, for the one suite that all of them pass."""

import itertools

import pytest

from pubsub_devtools.schema.registry import (
    ConfluentRegistry,
    FileRegistry,
    MemoryRegistry,
    PostgreSQLRegistry,
    SQLiteRegistry,
)
from pubsub_devtools.schema.serving import Desk, RegistryServer
from tests.runtime.schema.registry.confluent_server import serving

BACKENDS = {
    "memory": lambda request: MemoryRegistry,
    "file": lambda request: (
        lambda **given: FileRegistry(request.getfixturevalue("tmp_path") / "schemas", **given)
    ),
    "sqlite": lambda request: _closing(
        request, SQLiteRegistry, request.getfixturevalue("tmp_path") / "state.sqlite3"
    ),
    "postgresql": lambda request: _closing(
        request, PostgreSQLRegistry, request.getfixturevalue("postgresql_url")
    ),
}


STORED = tuple(BACKENDS)


@pytest.fixture
def confluent_server():
    with serving() as server:
        yield server


def _client(request):
    server = request.getfixturevalue("confluent_server")

    def make(clock=None):
        if clock:
            server.registry._clock = clock
        registry = ConfluentRegistry(server.url)
        request.addfinalizer(registry.close)
        return registry

    return make


def _client_of_ours(request):
    """Our client asks our own server, of a registry in memory."""
    kept = MemoryRegistry()
    server = RegistryServer(Desk(kept.store), port=0)
    server.start()
    request.addfinalizer(server.stop)

    def make(clock=None):
        registry = ConfluentRegistry(server.url)
        request.addfinalizer(registry.close)
        return registry

    return make


BACKENDS["confluent"] = _client
BACKENDS["served"] = _client_of_ours


def _closing(request, cls, where):
    def make(**given):
        registry = cls(where, **given)
        request.addfinalizer(registry.close)
        return registry

    return make


@pytest.fixture(params=BACKENDS)
def make(request):
    """Give a function that opens the same registry again and again, with what is passed to it."""
    return BACKENDS[request.param](request)


@pytest.fixture
def registry(make):
    return make(clock=itertools.count(100.0).__next__)
