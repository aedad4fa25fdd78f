"""What is wrong with a migration, in words that name the event, the versions and the way out."""

__all__ = ["MigrationError"]


class MigrationError(ValueError):
    """An event cannot be brought from one version to another.

    ``event``, ``from_version`` and ``to_version`` say which; the message says why, and what to do.

    Example:
        >>> from pubsub_devtools import EventMigrator
        >>> EventMigrator("Paid").path("1.0.0", "2.0.0")
        Traceback (most recent call last):
        ...
        pubsub_devtools.schema.migration_error.MigrationError: no way leads from Paid 1.0.0 to 2.0.0. Register 1.0.0 → 2.0.0
    """

    def __init__(self, message: str, event: str, from_version: str, to_version: str) -> None:
        super().__init__(message)
        self.event = event
        self.from_version = from_version
        self.to_version = to_version

    def __reduce__(self) -> tuple[type, tuple[str, str, str, str]]:
        return type(self), (str(self), self.event, self.from_version, self.to_version)
