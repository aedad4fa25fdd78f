"""The pytest fixtures. pytest loads this module in every run of every project that has us installed, so it imports late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus


@pytest.fixture
def isolated_event_bus() -> Iterator[EventBus]:
    """Give the default bus, and make it forget afterwards what the test declared or included.

    Handlers that were declared before, on import of the application, are heard inside as ever.
    """
    from pubsub_devtools.bus.default import event_bus  # noqa: PLC0415 - loads pydantic, which most runs do not need

    with event_bus.isolated():
        yield event_bus
