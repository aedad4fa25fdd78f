"""Every backend, for the one suite that all of them pass."""

import itertools

import pytest

from pubsub_devtools.schema.registry import FileRegistry, MemoryRegistry

BACKENDS = {
    "memory": lambda request: MemoryRegistry,
    "file": lambda request: (
        lambda **given: FileRegistry(request.getfixturevalue("tmp_path") / "schemas", **given)
    ),
}


@pytest.fixture(params=BACKENDS)
def make(request):
    """Give a function that opens the same registry again and again, with what is passed to it."""
    return BACKENDS[request.param](request)


@pytest.fixture
def registry(make):
    return make(clock=itertools.count(100.0).__next__)
