"""Where the runtime logs. What every program loads asks here, since few runs log anything and `logging` is slow to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging


def logger() -> logging.Logger:
    """Return the logger of the runtime, ``pubsub_devtools``.

    Example:
        >>> logger().name
        'pubsub_devtools'
    """
    import logging  # noqa: PLC0415 - a twentieth of what it takes to load a bus

    return logging.getLogger("pubsub_devtools")
