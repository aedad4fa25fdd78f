"""Our own client asks a server for what theirs asks: the same methods, paths, queries and bodies."""

import json
from urllib.parse import parse_qsl

import pytest

from pubsub_devtools.schema.registry.confluent import ConfluentRegistry
from pubsub_devtools.schema.registry.values import Reference
from pubsub_devtools.schema.registry.values import Schema as OurSchema
from pubsub_devtools.schema.serving import server as serving

pytest.importorskip(
    "confluent_kafka.schema_registry", reason="confluent-kafka[schemaregistry] is not installed"
)

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient

TEXTS = {
    "AVRO": '{"type":"record","name":"R","fields":[{"name":"a","type":"F"}]}',
    "JSON": '{"type":"object","title":"a"}',
    "PROTOBUF": 'syntax = "proto3";\nmessage R {\n  int32 a = 1;\n}\n',
}


@pytest.fixture
def asked(monkeypatch):
    """What reaches the server, without what only says what goes without saying."""
    seen, answer = [], serving.answer

    def noted(desk, request):
        path, _, query = request.target.partition("?")
        asked = {name: value for name, value in parse_qsl(query) if value.lower() not in ("false", "0", "-1")}
        body = {word: value for word, value in json.loads(request.body or b"{}").items() if value}
        seen.append(
            (request.method, path, asked, body, request.headers.get("content-type") if body else None)
        )
        return answer(desk, request)

    monkeypatch.setattr(serving, "answer", noted)
    return seen


@pytest.mark.parametrize("language", TEXTS)
def test_requests_are_the_same(server, asked, language):
    ours, fixed = ConfluentRegistry(server.url), OurSchema('{"type":"fixed","name":"F","size":4}', "AVRO")
    fresh = ConfluentRegistry(server.url)  # it remembers nothing that the other one has seen
    ours.register("shop/fixed", fixed)
    used = [("F", "shop/fixed", 1)] if language == "AVRO" else []
    our_schema = OurSchema(TEXTS[language], language, tuple(Reference(*each) for each in used))
    schema = Schema(TEXTS[language], language, [SchemaReference(*each) for each in used])
    with SchemaRegistryClient({"url": server.url}) as theirs:
        steps = [
            (lambda: ours.register("shop/a", our_schema), lambda: theirs.register_schema("shop/a", schema)),
            (
                lambda: ours.check("shop/a", our_schema),
                lambda: theirs.test_compatibility_all_versions("shop/a", schema, verbose=True),
            ),
            (ours.subjects, theirs.get_subjects),
            (lambda: ours.versions("shop/a"), lambda: theirs.get_versions("shop/a")),
            (lambda: fresh.latest("shop/a"), lambda: theirs.get_version("shop/a", 1)),
            (ours.compatibility, theirs.get_compatibility),
            (
                lambda: ours.set_compatibility("FULL", "shop/a"),
                lambda: theirs.set_compatibility("shop/a", "FULL"),
            ),
        ]
        for our_step, their_step in steps:
            asked.clear()
            our_step()
            we = list(asked)
            asked.clear()
            their_step()
            # Ours may ask for more, since it tells more of what it gives back.
            assert asked[0] in we, (we, asked)
    ours.close()
    fresh.close()
