"""A server of an empty registry, and a plain client of it."""

import http.client
import json

import pytest

from pubsub_devtools.schema.registry.memory import MemoryRegistry
from pubsub_devtools.schema.serving import Desk, RegistryServer


class Client:
    """Asks over one connection, and gives status and decoded body."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}

    def __call__(self, method, path, body=None, **headers):
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, {**self.headers, **headers})
        answer = self.connection.getresponse()
        data = answer.read()
        self.content_type = answer.headers["Content-Type"]
        return answer.status, json.loads(data)


@pytest.fixture
def server():
    with RegistryServer(Desk(MemoryRegistry().store), port=0) as running:
        yield running


@pytest.fixture
def client(server):
    made = Client(server.port)
    yield made
    made.connection.close()
