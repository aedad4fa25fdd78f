"""Requests to a schema registry's HTTP API: one connection that is kept, credentials, and patience with a server in trouble."""

from __future__ import annotations

import base64
import http.client
import random
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, cast
from urllib.parse import unquote, urlsplit

import msgspec

from pubsub_devtools.schema.registry.errors import RegistryError, RegistryUnavailable

__all__ = ["Answer", "Http"]

ACCEPT = "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json"
CONTENT = "application/vnd.schemaregistry.v1+json"
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


class Answer(NamedTuple):
    """What a server said. ``code`` is the API's own, such as 40401, else the status."""

    status: int
    code: int
    value: Any
    message: str


class Http:
    """Talks to one server. Safe from several threads, one request after the other.

    Args:
        url: ``http(s)://[user:password@]host[:port][/path]``.
        user: For basic authentication, with ``password``; or
        token: for a bearer token, a text or a function that gives one.
        timeout: Seconds for each attempt.
        retries: How often a request is tried again when the server cannot be reached or is in trouble (408, 429, 5xx).
        wait: Seconds before the first repetition, at most; doubled each time, up to 20, with full jitter.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        token: str | Callable[[], str] = "",
        timeout: float = 10.0,
        retries: int = 3,
        wait: float = 1.0,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RegistryError(f"{url} is no registry's address: give http(s)://HOST")
        self._address = (
            f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
        )
        self._base = parts.path.rstrip("/")
        self._user = user or unquote(parts.username or "")
        self._password = password or unquote(parts.password or "")
        self._token = token
        self._retries, self._wait, self._sleep, self._chance = retries, wait, sleep, chance
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=context)
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        )

    def request(self, method: str, path: str, body: object = None) -> Answer:
        """Return what the server answers.

        Raises:
            RegistryUnavailable: It cannot be reached, or is in trouble after all repetitions.
            RegistryError: It refuses the credentials, or what answers is no registry.
        """
        for attempt in range(self._retries + 1):
            last = attempt == self._retries
            try:
                answer = self._asked(method, path, body)
            except (OSError, http.client.HTTPException) as error:
                if last:
                    told = f"{type(error).__name__}: {error}".rstrip(": ")
                    raise RegistryUnavailable(
                        f"the registry {self._address} cannot be reached: {told}"
                    ) from error
            else:
                if answer.status not in _AGAIN:
                    return self._accepted(answer)
                if last:
                    raise RegistryUnavailable(f"the registry {self._address} is in trouble: {answer.message}")
            self._sleep(min(20.0, self._wait * 2**attempt) * self._chance())
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the connection; the next request opens it again."""
        with self._lock:
            self._connection.close()

    def _accepted(self, answer: Answer) -> Answer:
        if answer.status in (401, 403):
            text = f"the registry {self._address} refuses the credentials ({answer.status}): give user and password, or token"
            raise RegistryError(text)
        return answer

    def _asked(self, method: str, path: str, body: object) -> Answer:
        data = None if body is None else msgspec.json.encode(body)
        with self._lock:
            try:
                self._connection.request(method, f"{self._base}/{path}", data, self._headers(data))
                response = self._connection.getresponse()
                raw = response.read()
            except BaseException:
                self._connection.close()  # half an answer would be taken for that of the next request
                raise
        return self._read(response.status, raw)

    def _read(self, status: int, raw: bytes) -> Answer:
        try:
            value: Any = msgspec.json.decode(raw) if raw else None
        except msgspec.DecodeError:
            if status in _AGAIN:
                return Answer(status, status, None, f"status {status}")  # a proxy's own page
            raise RegistryError(
                f"{self._address} answers no JSON (status {status}): is it a schema registry?"
            ) from None
        about = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        return Answer(
            status, int(about.get("error_code", status)), value, str(about.get("message", f"status {status}"))
        )

    def _headers(self, data: bytes | None) -> dict[str, str]:
        headers = {"Accept": ACCEPT}
        if data is not None:
            headers["Content-Type"] = CONTENT
        if self._token:
            token = self._token if isinstance(self._token, str) else self._token()
            headers["Authorization"] = f"Bearer {token}"
        elif self._user:
            pair = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return headers
