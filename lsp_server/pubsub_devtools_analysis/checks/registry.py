"""All checks, in the order of their codes. To add one, write its file and name it here; `make generate` makes its page.

Codes are never used twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks import (
    blocking_call,
    cycle,
    duplicate_subscription,
    handler_signature,
    ill_typed_field,
    incompatible_schema,
    missing_field,
    never_handled,
    never_published,
    publish_in_transaction,
    retry_without_idempotence,
    saga_compensation,
    undeclared_read,
    undefined_task,
    unknown_event,
    unknown_field,
    unpublished_field,
    unserializable_payload,
    unused_ignore,
    version_skew,
)

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.check import Check

CHECKS: tuple[Check, ...] = (
    unknown_event.CHECK,
    never_handled.CHECK,
    never_published.CHECK,
    missing_field.CHECK,
    unknown_field.CHECK,
    ill_typed_field.CHECK,
    undeclared_read.CHECK,
    unpublished_field.CHECK,
    version_skew.CHECK,
    incompatible_schema.CHECK,
    cycle.CHECK,
    duplicate_subscription.CHECK,
    handler_signature.CHECK,
    blocking_call.CHECK,
    publish_in_transaction.CHECK,
    saga_compensation.CHECK,
    unserializable_payload.CHECK,
    retry_without_idempotence.CHECK,
    undefined_task.CHECK,
    unused_ignore.CHECK,
)

BY_CODE: dict[str, Check] = {check.code: check for check in CHECKS}
