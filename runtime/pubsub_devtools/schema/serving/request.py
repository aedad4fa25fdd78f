"""One request and its answer, as values that know nothing of sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from pubsub_devtools.schema.serving.errors import Refused

__all__ = ["Answer", "Request"]

CONTENT_TYPE = "application/vnd.schemaregistry.v1+json"
TAKEN = frozenset(
    {CONTENT_TYPE, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream", ""}
)


class Request(msgspec.Struct, frozen=True):
    """A request: ``target`` is what stands after the host."""

    method: str
    target: str
    headers: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    body: bytes = b""

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the path, unquoted one by one, so that a subject may hold a slash."""
        return tuple(unquote(step) for step in urlsplit(self.target).path.split("/") if step)

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return a parameter of the query."""
        return parse_qs(urlsplit(self.target).query).get(name, [otherwise])[-1]

    def wants(self, name: str) -> bool:
        """Tell whether a parameter of the query is true."""
        return self.asked(name).lower() == "true"

    def number(self, name: str, otherwise: int) -> int:
        """Return a parameter that counts; what is no number is left out."""
        given = self.asked(name)
        return int(given) if given.lstrip("-").isascii() and given.lstrip("-").isdigit() else otherwise

    @property
    def json(self) -> dict[str, Any]:
        """The object that the body holds.

        Raises:
            Refused: It holds none, or is sent as something else.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TAKEN:
            raise Refused(415, f"HTTP 415 Unsupported Media Type: send {CONTENT_TYPE}")
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Refused(400, f"the body is no JSON: {error}") from None
        if not isinstance(found, dict):
            raise Refused(422, "the body is no JSON object")
        return cast("dict[str, Any]", found)


class Answer(msgspec.Struct, frozen=True):
    """What is sent back."""

    status: int
    body: bytes
    content_type: str = CONTENT_TYPE

    @classmethod
    def of(cls, value: Any, status: int = 200) -> Answer:
        """Return a value as JSON."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode())
