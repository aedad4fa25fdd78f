"""The client of Confluent's HTTP API: what it sends, what it asks once, and what it does when a server is in trouble."""

import base64

import pytest

from pubsub_devtools.schema.registry import (
    ConfluentRegistry,
    IncompatibleSchema,
    Reference,
    RegistryError,
    RegistryUnavailable,
    Schema,
)
from tests.runtime.schema.registry.events import PlacedV1, PlacedV2

AVRO = Schema('{"type":"record","name":"E","fields":[]}', "AVRO", (Reference("x", "other", 1),))


@pytest.fixture
def server(confluent_server):
    return confluent_server


@pytest.fixture
def client(server, request):
    waits = []

    def make(**options):
        made = ConfluentRegistry(server.url, sleep=waits.append, chance=lambda: 0.5, **options)
        request.addfinalizer(made.close)
        return made

    make.waits = waits
    return make


def test_requests_are_those_of_the_api(server, client):
    client().register("a/b-value", AVRO)
    method, path, headers, body = server.seen[0]
    assert (method, path) == ("POST", "/subjects/a%2Fb-value/versions?normalize=False")
    assert headers["Content-Type"] == "application/vnd.schemaregistry.v1+json"
    assert headers["Accept"].startswith("application/vnd.schemaregistry.v1+json")
    reference = {"name": "x", "subject": "other", "version": 1}
    assert body == {"schema": AVRO.text, "schemaType": "AVRO", "references": [reference]}
    assert server.seen[1][:2] == ("POST", "/subjects/a%2Fb-value?normalize=False&deleted=False")


def test_what_never_changes_is_asked_for_once(server, client):
    registry = client()
    first = registry.register(PlacedV1)
    server.seen.clear()
    assert registry.get("orders.placed", 1) == first
    assert server.seen == []
    assert registry.latest("orders.placed") == first
    assert [seen[1] for seen in server.seen] == ["/subjects/orders.placed/versions"]


def test_a_server_in_trouble_is_asked_again_with_growing_waits(server, client):
    server.refusals += [503, 429, 500]
    assert client().subjects() == ()
    assert client.waits == [0.5, 1.0, 2.0]
    server.refusals += [503] * 4
    with pytest.raises(RegistryUnavailable, match="is in trouble: not now"):
        client().subjects()


def test_a_server_that_is_not_there_is_named():
    registry = ConfluentRegistry("http://127.0.0.1:9", retries=0)
    with pytest.raises(
        RegistryUnavailable, match=r"http://127\.0\.0\.1:9 cannot be reached: ConnectionRefused"
    ):
        registry.subjects()


def test_credentials_are_sent_and_their_refusal_is_told(server, client):
    client(user="me", password="s:ü").subjects()
    assert server.seen[-1][2]["Authorization"] == f"Basic {base64.b64encode('me:s:ü'.encode()).decode()}"
    client(token=lambda: "t0").subjects()
    assert server.seen[-1][2]["Authorization"] == "Bearer t0"
    in_url = ConfluentRegistry(server.url.replace("//", "//u%40x:p@"))
    in_url.subjects()
    in_url.close()
    assert server.seen[-1][2]["Authorization"] == f"Basic {base64.b64encode(b'u@x:p').decode()}"
    server.refusals.append(401)
    with pytest.raises(RegistryError, match="refuses the credentials \\(401\\): give user and password"):
        client().subjects()


def test_a_refusal_of_the_server_counts_even_where_our_rules_have_none(server, client):
    registry = client()
    registry.register(PlacedV1)
    with pytest.raises(IncompatibleSchema, match="the new version requires `currency`"):
        registry.register(PlacedV2)
    server.answer = lambda method, path, body, real=server.answer: (
        {"is_compatible": False, "messages": ["PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"]}
        if path.startswith("/compatibility")
        else real(method, path, body)
    )
    assert registry.check(PlacedV1).lines() == ("backward with 1.0.0: PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",)


def test_what_is_no_registry_is_told(server, client):
    server.answer = lambda *_: b"<html>"
    with pytest.raises(RegistryError, match="answers no JSON"):
        client().subjects()
    with pytest.raises(RegistryError, match=r"ftp://x is no registry's address"):
        ConfluentRegistry("ftp://x")


def test_labels_without_a_class_are_refused(client):
    with pytest.raises(RegistryError, match=r"keeps no version 1\.0\.0 beside a schema"):
        client().register("a", AVRO, version="1.0.0")


def test_a_wrong_schema_is_refused_with_the_servers_words(server, client):
    def refuse(*_):
        raise RegistryError("Invalid schema")

    server.answer = refuse
    with pytest.raises(RegistryError, match=r"the registry refuses it: Invalid schema \(42201\)"):
        client().register("a", AVRO)
