"""A small server with as much of Confluent's HTTP API as the client speaks, over a registry in memory."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from pubsub_devtools.schema.registry import (
    IncompatibleSchema,
    MemoryRegistry,
    Reference,
    RegistryError,
    Schema,
    SchemaNotFound,
)


class Server:
    """``seen`` holds the requests (method, path, headers, body); ``refusals`` the statuses that come before any answer."""

    def __init__(self):
        self.registry, self.seen, self.refusals, self.url = MemoryRegistry(), [], [], ""

    def answer(self, method, path, body):
        parts = [unquote(part) for part in path.strip("/").split("/")]
        registry = self.registry
        match method, parts:
            case "GET", ["subjects"]:
                return list(registry.subjects())
            case "GET", ["subjects", subject, "versions"]:
                return [row.number for row in registry.versions(subject)] or _missing(subject)
            case "GET", ["subjects", subject, "versions", number]:
                return _told(registry.get(subject, int(number)))
            case "POST", ["subjects", subject, "versions"]:
                return {"id": registry.register(subject, _schema(body)).id}
            case "POST", ["subjects", subject]:
                found = [row for row in registry.versions(subject) if row.schema == _schema(body)]
                return _told(found[0]) if found else _missing(subject)
            case "GET", ["schemas", "ids", id, "versions"]:
                row = registry.with_id(int(id))
                return [{"subject": row.subject, "version": row.number}]
            case "POST", ["compatibility", "subjects", subject, "versions"]:
                check = registry.check(subject, _schema(body))
                return {"is_compatible": bool(check), "messages": list(check.lines())}
            case "GET", ["config", *subject]:
                return {"compatibilityLevel": registry.compatibility(*subject)}
            case "PUT", ["config", *subject]:
                registry.set_compatibility(body["compatibility"], *subject)
                return body
        raise AssertionError((method, path))


def _missing(subject):
    raise SchemaNotFound(subject)


def _schema(body):
    references = tuple(Reference(**reference) for reference in body.get("references", ()))
    return Schema(body["schema"], body.get("schemaType", "AVRO"), references)


def _told(row):
    told = {"subject": row.subject, "version": row.number, "id": row.id, "schema": row.schema.text}
    return told if row.schema.type == "AVRO" else told | {"schemaType": row.schema.type}


@contextmanager
def serving():
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            server.seen.append((self.command, self.path, dict(self.headers), body))
            if server.refusals:
                self.reply(server.refusals.pop(0), {"error_code": 50001, "message": "not now"})
                return
            try:
                self.reply(200, server.answer(self.command, urlsplit(self.path).path, body))
            except SchemaNotFound as error:
                self.reply(404, {"error_code": 40401, "message": str(error)})
            except IncompatibleSchema as error:
                self.reply(409, {"error_code": 409, "message": str(error)})
            except RegistryError as error:
                self.reply(422, {"error_code": 42201, "message": str(error)})

        def reply(self, status, value):
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = handle_one  # noqa: N815

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
