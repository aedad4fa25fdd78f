"""A webhook for alerts: a POST of JSON, sent by a thread of its own so that no handler waits for it."""

from __future__ import annotations

import logging
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from queue import Full, Queue
from urllib.error import HTTPError
from urllib.parse import urlsplit

import msgspec

from pubsub_devtools.resilience.dead_letters.alerts import Alert

_log = logging.getLogger("pubsub_devtools")


class Webhook:
    """Sends each alert as JSON, its ``text`` included: a target of an ``AlertRule``.

    An alert that cannot be sent is tried again and then logged with its text, so that it is not lost silently. The same holds
    for one that comes while a hundred wait.

    Args:
        url: Where to; http or https.
        headers: Added to each request, such as an authorization.
        timeout: Seconds that one try may last.
        tries: How often at most.
        sleep: Waits between tries, one second longer each time.

    Raises:
        ValueError: The URL is neither http nor https.

    Example:
        >>> Webhook("https://alerts.example.org/hook").url
        'https://alerts.example.org/hook'
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 5.0,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"Webhook({url!r}): a webhook is sent to an http or https URL")
        self.url = url
        self._headers = {
            "Content-Type": "application/json",
            "User-Agent": "pubsub-devtools",
            **(headers or {}),
        }
        self._timeout = timeout
        self._tries = tries
        self._sleep = sleep
        self._waiting: Queue[Alert | None] = Queue(maxsize=100)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, alert: Alert) -> None:
        """Queue an alert to be sent."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="pubsub-webhook", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(alert)
        except Full:
            _log.error("too many alerts wait for %s; not sent: %s", self.url, alert.text)

    def close(self, timeout: float | None = None) -> None:
        """Send what waits and end the thread.

        Args:
            timeout: Seconds to wait for that at most; None waits until all is sent or given up.
        """
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(timeout)

    def _run(self) -> None:
        while (alert := self._waiting.get()) is not None:
            self._send(alert)

    def _send(self, alert: Alert) -> None:
        body = msgspec.json.encode({**msgspec.structs.asdict(alert), "text": alert.text})
        problem: Exception | None = None
        for attempt in range(1, self._tries + 1):
            request = urllib.request.Request(self.url, body, self._headers, method="POST")
            try:
                with urllib.request.urlopen(request, timeout=self._timeout):
                    return
            except HTTPError as error:
                error.close()
                problem = error
            except (OSError, ValueError, HTTPException) as error:
                problem = error
            if attempt < self._tries:
                self._sleep(float(attempt))
        _log.error("the webhook %s does not take alerts (%s); not sent: %s", self.url, problem, alert.text)
