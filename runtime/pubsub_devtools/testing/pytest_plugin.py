"""The pytest fixtures. pytest loads this module in every run of every project that has us installed, so it imports late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pubsub_devtools.bus.bus import EventBus
    from pubsub_devtools.testing.published import PublishedEvents


@pytest.fixture
def isolated_event_bus() -> Iterator[EventBus]:
    """Give the default bus; it and the default schema registry forget afterwards what the test declared or included.

    Handlers that were declared before, on import of the application, are heard inside as ever.
    """
    from pubsub_devtools.bus.default import event_bus  # noqa: PLC0415 - loads pydantic, which most runs do not need
    from pubsub_devtools.schema.registry.default import schema_registry  # noqa: PLC0415

    with event_bus.isolated(), schema_registry.isolated():
        yield event_bus


@pytest.fixture
def published_events(isolated_event_bus: EventBus) -> Iterator[PublishedEvents]:
    """Give the events that the test publishes on the default bus, and hold each to its contract at the end.

    The test fails where one is not what the newest declared version of its own version number says.
    """
    from pubsub_devtools.testing.published import PublishedEvents  # noqa: PLC0415

    published = PublishedEvents()
    isolated_event_bus.include(published.record)
    yield published
    published.verify()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take consumer contracts for tests."""
    if not file_path.name.endswith(".contract.json"):
        return None
    from pubsub_devtools.testing.contract_items import ContractFile  # noqa: PLC0415

    file: Any = ContractFile  # pytest's own constructor says nothing of what it takes
    collector: pytest.Collector = file.from_parent(parent, path=file_path)
    return collector
