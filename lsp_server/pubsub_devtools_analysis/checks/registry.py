"""All checks, in the order of their codes. To add one, write its file and name it here; `make generate` makes its page.

Codes are never used twice. PSD004 to PSD010 and PSD017 belong to the checks of fields, schemas and payloads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks import (
    blocking_call,
    cycle,
    duplicate_subscription,
    handler_signature,
    never_handled,
    never_published,
    publish_in_transaction,
    retry_without_idempotence,
    saga_compensation,
    undefined_task,
    unknown_event,
    unused_ignore,
)

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.check import Check

CHECKS: tuple[Check, ...] = (
    unknown_event.CHECK,
    never_handled.CHECK,
    never_published.CHECK,
    cycle.CHECK,
    duplicate_subscription.CHECK,
    handler_signature.CHECK,
    blocking_call.CHECK,
    publish_in_transaction.CHECK,
    saga_compensation.CHECK,
    retry_without_idempotence.CHECK,
    undefined_task.CHECK,
    unused_ignore.CHECK,
)

BY_CODE: dict[str, Check] = {check.code: check for check in CHECKS}
