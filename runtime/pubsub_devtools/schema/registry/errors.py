"""What a registry refuses, each with the way out."""

from __future__ import annotations

from pubsub_devtools.schema.registry.values import Check

__all__ = ["IncompatibleSchema", "RegistryError", "RegistryUnavailable", "SchemaNotFound"]


class RegistryError(Exception):
    """A registry cannot do what was asked."""


class SchemaNotFound(RegistryError):  # noqa: N818 (it says what is so)
    """No such subject, version or id."""


class RegistryUnavailable(RegistryError):  # noqa: N818
    """The registry's server or file cannot be reached; trying again later may help."""


class IncompatibleSchema(RegistryError):  # noqa: N818
    """The subject's compatibility mode refuses a schema. ``check`` holds the reasons."""

    def __init__(self, message: str, check: Check | None = None) -> None:
        super().__init__(message)
        self.check = check

    @classmethod
    def because(cls, check: Check, version: str) -> IncompatibleSchema:
        """Return the error that a failed check gives."""
        what = f"{check.subject} {version}".rstrip()
        reasons = "".join(f"\n  {line}" for line in check.lines())
        return cls(
            f"{what} is not {check.mode} compatible:{reasons}\nKeep what is read, or register it under a name of its own",
            check,
        )
