"""What became of a delivery that its handler did not finish, told by the guards in place of the handler's result."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """Returned by a guarded call where there is no result: nothing is wrong, and nobody need be told again.

    Example:
        >>> Outcome.DUPLICATE.value
        'duplicate'
    """

    DUPLICATE = "duplicate"
    """The handler has finished with this event before; it was not called again."""
    DEFERRED = "deferred"
    """A delayed attempt is kept in the store of delayed attempts; it will be called when it is due."""
    DEAD_LETTERED = "dead-lettered"
    """The event lies among the dead letters."""
