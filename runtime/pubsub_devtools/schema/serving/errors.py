"""What the API refuses: its error codes, the status that each is sent with, and what it says."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused(Exception):  # noqa: N818 (it says what is so)
    """A request is answered with an error. The first three digits of its code are the status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.code if self.code < 1000 else self.code // 100


def no_subject(subject: str) -> Refused:
    return Refused(40401, f"Subject '{subject}' not found.")


def no_version(version: object) -> Refused:
    return Refused(40402, f"Version {version} not found.")


def no_schema(id: int | None = None) -> Refused:
    return Refused(40403, "Schema not found" if id is None else f"Schema {id} not found")


def subject_deleted(subject: str) -> Refused:
    return Refused(40404, f"Subject '{subject}' was soft deleted. Set permanent=true to delete permanently")


def subject_not_deleted(subject: str) -> Refused:
    return Refused(40405, f"Subject '{subject}' was not deleted first before being permanently deleted")


def version_deleted(subject: str, number: int) -> Refused:
    text = f"Subject '{subject}' Version {number} was soft deleted. Set permanent=true to delete permanently"
    return Refused(40406, text)


def version_not_deleted(subject: str, number: int) -> Refused:
    text = f"Subject '{subject}' Version {number} was not deleted first before being permanently deleted"
    return Refused(40407, text)


def no_level(subject: str) -> Refused:
    return Refused(40408, f"Subject '{subject}' does not have subject-level compatibility configured")


def no_access(subject: str) -> Refused:
    return Refused(40409, f"Subject '{subject}' does not have subject-level mode configured")


def invalid_schema(why: str) -> Refused:
    return Refused(42201, f"Invalid schema: {why}")


def invalid_version(version: str) -> Refused:
    text = f"The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
    return Refused(42202, text)


def invalid_level() -> Refused:
    text = "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive"
    return Refused(42203, text)


def invalid_access() -> Refused:
    return Refused(42204, "Invalid mode. Valid values are READWRITE and READONLY")


def not_permitted(what: str) -> Refused:
    return Refused(42205, what)


def referred_to(subject: str, number: int) -> Refused:
    return Refused(42206, f"One or more references exist to the schema {subject} version {number}")
