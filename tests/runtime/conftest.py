"""Every test here gets the default bus to itself, since declaring a handler makes the default bus hear it."""

import pytest


@pytest.fixture(autouse=True)
def _isolated(isolated_event_bus):
    return isolated_event_bus
