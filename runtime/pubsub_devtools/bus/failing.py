"""Where the errors of handlers go: to the receipt, to ``on_handler_failed``, to plugins, and to the publisher or the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pubsub_devtools.bus.receipt import Failure, Receipt
from pubsub_devtools.logger import logger
from pubsub_devtools.schema.declare import schema_of

if TYPE_CHECKING:
    from pubsub_devtools.plugins.slots import Hooks


Failed = Callable[[str, BaseException, Receipt], None]
"""Called with the handler's name, its error, and the receipt of the event."""


class Failures:
    """The failures of one bus."""

    def __init__(self, heard: Callable[[Failure], None] | None, hooks: Hooks) -> None:
        self._heard = heard
        self._hooks = hooks

    def note(self, handler: str, error: BaseException, receipt: Receipt) -> None:
        """Note a failure; its publisher still waits and will raise it."""
        failure = Failure(handler, receipt.event, error)
        receipt.failures.append(failure)
        if (told := self._hooks.on_handler_failed) is not None:
            told(handler, receipt.event, error)
        if self._heard:
            try:
                self._heard(failure)
            except Exception:
                logger().exception("on_handler_failed itself failed on a failure of %s", handler)

    def note_alone(self, handler: str, error: BaseException, receipt: Receipt) -> None:
        """Log as well: nobody waits for this handler any more."""
        self.note(handler, error, receipt)
        _log_failure(Failure(handler, receipt.event, error), receipt)

    def log(self, receipt: Receipt) -> None:
        """Log all failures of an event that nobody raises."""
        for failure in receipt.failures:
            _log_failure(failure, receipt)


class HandlersFailedError(ExceptionGroup[Exception]):
    """What handlers of one event raised. ``receipt`` is what the publish would have returned."""

    receipt: Receipt

    def derive(self, excs: Sequence[Exception]) -> HandlersFailedError:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        """Keep the receipt where ``except*`` parts the group."""
        part = HandlersFailedError(self.message, excs)
        part.receipt = self.receipt
        return part


def _log_failure(failure: Failure, receipt: Receipt) -> None:
    logger().error("handler %s failed on %s", failure.handler, _told(receipt), exc_info=failure.error)


def raise_failures(receipt: Receipt) -> None:
    """Raise what the handlers raised.

    Raises:
        ExceptionGroup: At least one has failed.
    """
    errors = [failure.error for failure in receipt.failures if isinstance(failure.error, Exception)]
    if errors:
        names = ", ".join(failure.handler for failure in receipt.failures)
        failed = HandlersFailedError(
            f"{len(errors)} of {len(receipt.handlers)} handlers failed: {names}, on {_told(receipt)}", errors
        )
        failed.receipt = receipt
        raise failed


def _told(receipt: Receipt) -> str:
    return f"{schema_of(type(receipt.event)).name} {receipt.event_id}"
