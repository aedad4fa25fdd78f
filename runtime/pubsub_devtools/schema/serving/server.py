"""The server: a socket, a thread for each connection, and who may ask.

It listens on loopback unless told otherwise. A request whose ``Host`` or ``Origin`` names another host is refused, so that a
page in a browser cannot reach it by a name of its own (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Collection, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from pubsub_devtools.schema.serving.desk import Desk
from pubsub_devtools.schema.serving.errors import Refused
from pubsub_devtools.schema.serving.request import Answer, Request
from pubsub_devtools.schema.serving.routes import answer

__all__ = ["RegistryServer"]

LARGEST = 16 * 1024 * 1024
"""Bytes of a body; schemas are far smaller."""


class RegistryServer:
    """A schema registry on a port of this machine.

    Args:
        desk: What answers.
        host: The address to listen at.
        port: The port; 0 takes a free one.
        allowed_hosts: Names besides the address itself by which clients may call it.

    Example:
        >>> from urllib.request import urlopen
        >>> from pubsub_devtools.schema.registry.memory import MemoryRegistry
        >>> with RegistryServer(Desk(MemoryRegistry().store), port=0) as server:
        ...     urlopen(f"{server.url}/subjects").read()
        b'[]'
    """

    def __init__(
        self, desk: Desk, *, host: str = "127.0.0.1", port: int = 8081, allowed_hosts: Collection[str] = ()
    ) -> None:
        allowed = {host.lower(), *map(str.lower, allowed_hosts)} | (
            {"localhost"} if is_loopback(host) else set[str]()
        )
        self._server = _Server(host, port, desk, frozenset(allowed))
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where clients find it."""
        host = str(self._server.server_address[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def run(self) -> None:
        """Answer until `stop` is called from elsewhere."""
        self._server.serve_forever(poll_interval=0.1)

    def start(self) -> None:
        """Answer in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="schema-registry", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, finish those that are running, and close."""
        self._server.shutdown()
        self._server.finish()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> RegistryServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def foreign(headers: Mapping[str, str], allowed: Collection[str]) -> str | None:
    """Return the header that names a host which is not ours, if one does."""
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    if host.lower() not in allowed:
        return "Host"
    origin = headers.get("origin")
    if origin is not None and (urlsplit(origin).hostname or "").lower() not in allowed:
        return "Origin"
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, desk: Desk, allowed: frozenset[str]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.desk = desk
        self.allowed = allowed
        self.running = 0
        self.is_idle = threading.Condition()

    def finish(self, timeout: float = 10.0) -> None:
        """Wait until no request is being answered; connections that merely stay open are not waited for."""
        with self.is_idle:
            self.is_idle.wait_for(lambda: not self.running, timeout)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PubSubDevTools"
    sys_version = ""
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        with self.server.is_idle:
            self.server.running += 1
        try:
            self._send(self._answer())
        finally:
            with self.server.is_idle:
                self.server.running -= 1
                self.server.is_idle.notify_all()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def _answer(self) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            if named := foreign(headers, self.server.allowed):
                self.close_connection = True
                text = f"the {named} header names a host that this server does not answer for: start it with --allowed-host"
                raise Refused(403, text)
            return answer(self.server.desk, Request(self.command, self.path, headers, self._body(headers)))
        except Refused as refused:
            return Answer.of({"error_code": refused.code, "message": refused.message}, refused.status)
        except Exception as error:  # whatever the store raised, the client is told and the server goes on
            self.log_error("%s %s: %r", self.command, self.path, error)
            text = f"Error in the backend data store: {error}"
            return Answer.of({"error_code": 50001, "message": text}, 500)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "transfer-encoding" in headers:
            self.close_connection = True
            raise Refused(411, "HTTP 411 Length Required")
        given = headers.get("content-length", "0")
        if not given.isdigit() or int(given) > LARGEST:
            self.close_connection = True
            raise Refused(413, f"HTTP 413 Request Entity Too Large: at most {LARGEST} bytes")
        return self.rfile.read(int(given))

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: clients ask often, and standard error is the command's."""
