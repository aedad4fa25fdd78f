"""The API's own promises: its errors by their codes, deletion in two steps, references, modes."""

import http.client
import threading

import pytest

from pubsub_devtools.schema.registry.memory import MemoryRegistry
from pubsub_devtools.schema.serving import Desk, RegistryServer

from .conftest import Client

LONG, INT = {"schema": '"long"'}, {"schema": '"int"'}
OPEN = '{"type": "object", "properties": {"a": {"type": "string"}}}'
OPEN_MORE = '{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}'


def test_a_schema_has_one_id_in_all_subjects(client):
    assert client("POST", "/subjects/a/versions", LONG) == (200, {"id": 1})
    assert client("POST", "/subjects/b/versions", INT) == (200, {"id": 2})
    assert client("POST", "/subjects/c/versions", {"schema": ' "long" '}) == (200, {"id": 1})
    assert client("POST", "/subjects/a/versions", LONG) == (200, {"id": 1})
    assert client("GET", "/schemas/ids/1/versions") == (
        200,
        [{"subject": "a", "version": 1}, {"subject": "c", "version": 1}],
    )
    assert client("GET", "/schemas/ids/1/subjects")[1] == ["a", "c"]
    assert client("GET", "/schemas/ids/1") == (200, {"schema": '"long"'})
    assert client("GET", "/schemas/ids/1/schema") == (200, "long")
    assert client.content_type == "application/vnd.schemaregistry.v1+json"


def test_a_version_tells_all_of_itself(client):
    client("POST", "/subjects/a/versions", {"schema": "{}", "schemaType": "JSON"})
    row = {"subject": "a", "version": 1, "id": 1, "schemaType": "JSON", "schema": "{}"}
    assert client("GET", "/subjects/a/versions/1") == (200, row)
    assert client("GET", "/subjects/a/versions/latest") == (200, row)
    assert client("GET", "/subjects/a/versions/-1") == (200, row)
    assert client("POST", "/subjects/a", {"schema": "{ }", "schemaType": "JSON"}) == (200, row)
    assert client("GET", "/schemas?latestOnly=true") == (200, [row])
    assert client("GET", "/schemas/types") == (200, ["JSON", "PROTOBUF", "AVRO"])
    assert client("GET", "/subjects/a/versions/1/schema") == (200, {})


def test_a_subject_may_hold_a_slash(client):
    client("POST", "/subjects/shop%2Forders/versions", LONG)
    assert client("GET", "/subjects") == (200, ["shop/orders"])
    assert client("GET", "/subjects/shop%2Forders/versions") == (200, [1])
    assert client("GET", "/subjects?subjectPrefix=other") == (200, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/subjects/no/versions", None, 404, 40401),
        ("GET", "/subjects/no/versions/1", None, 404, 40401),
        ("GET", "/subjects/a/versions/7", None, 404, 40402),
        ("GET", "/subjects/a/versions/zero", None, 422, 42202),
        ("GET", "/subjects/a/versions/0", None, 422, 42202),
        ("GET", "/schemas/ids/99", None, 404, 40403),
        ("POST", "/subjects/no", LONG, 404, 40401),
        ("POST", "/subjects/a", INT, 404, 40403),
        ("POST", "/subjects/a/versions", {"schema": '"lon"'}, 422, 42201),
        ("POST", "/subjects/a/versions", {"schema": "{", "schemaType": "JSON"}, 422, 42201),
        ("POST", "/subjects/a/versions", {"schema": "message {", "schemaType": "PROTOBUF"}, 422, 42201),
        ("POST", "/subjects/a/versions", {"schema": "{}", "schemaType": "XML"}, 422, 42201),
        ("POST", "/subjects/a/versions", {"schema": ""}, 422, 42201),
        ("POST", "/subjects/a/versions", {}, 422, 42201),
        ("POST", "/subjects/a/versions", {**LONG, "references": [{"name": "x"}]}, 422, 42201),
        (
            "POST",
            "/subjects/a/versions",
            {**LONG, "references": [{"name": "x", "subject": "no", "version": 1}]},
            422,
            42201,
        ),
        ("POST", "/subjects/a/versions", {**LONG, "ruleSet": {"domainRules": []}}, 422, 42210),
        ("POST", "/subjects/a/versions", {**LONG, "id": 5}, 422, 42205),
        ("POST", "/subjects/a/versions", INT, 409, 409),
        ("POST", "/compatibility/subjects/a/versions/9", LONG, 404, 40402),
        ("POST", "/compatibility/subjects/a/versions/x", LONG, 422, 42202),
        ("PUT", "/config", {"compatibility": "SIDEWAYS"}, 422, 42203),
        ("PUT", "/config", {"compatibility": "FULL", "compatibilityGroup": "v"}, 422, 422),
        ("GET", "/config/a", None, 404, 40408),
        ("DELETE", "/config/a", None, 404, 40401),
        ("PUT", "/mode", {"mode": "SOMETIMES"}, 422, 42204),
        ("GET", "/mode/a", None, 404, 40409),
        ("DELETE", "/mode/a", None, 404, 40401),
        ("DELETE", "/subjects/no", None, 404, 40401),
        ("DELETE", "/subjects/a/versions/7", None, 404, 40402),
        ("DELETE", "/subjects/a?permanent=true", None, 404, 40405),
        ("DELETE", "/subjects/a/versions/1?permanent=true", None, 404, 40407),
        ("GET", "/nowhere", None, 404, 404),
        ("GET", "/schemas/ids/one", None, 404, 404),
        ("PUT", "/subjects", {}, 405, 405),
    ],
)
def test_errors(client, method, path, body, status, code):
    client("POST", "/subjects/a/versions", LONG)
    found = client(method, path, body)
    assert (found[0], found[1]["error_code"]) == (status, code)
    assert found[1]["message"]
    assert client("GET", "/subjects/a/versions") == (200, [1])


def test_deletion_takes_two_steps(client):
    client("PUT", "/config", {"compatibility": "NONE"})
    client("POST", "/subjects/a/versions", LONG)
    client("POST", "/subjects/a/versions", INT)
    assert client("DELETE", "/subjects/a/versions/1") == (200, 1)
    assert client("DELETE", "/subjects/a/versions/1")[1]["error_code"] == 40406
    assert client("GET", "/subjects/a/versions") == (200, [2])
    assert client("GET", "/subjects/a/versions?deleted=true") == (200, [1, 2])
    assert client("GET", "/subjects/a/versions?deletedOnly=true") == (200, [1])
    assert client("GET", "/subjects/a/versions/1?deleted=true")[1]["deleted"] is True
    assert client("GET", "/schemas/ids/1") == (200, {"schema": '"long"'})
    assert client("POST", "/subjects/a/versions", LONG) == (200, {"id": 1})
    assert client("GET", "/subjects/a/versions") == (200, [2, 3])
    assert client("DELETE", "/subjects/a/versions/1?permanent=true") == (200, 1)
    assert client("DELETE", "/subjects/a") == (200, [2, 3])
    assert client("DELETE", "/subjects/a")[1]["error_code"] == 40404
    assert client("GET", "/subjects?deletedOnly=true") == (200, ["a"])
    assert client("DELETE", "/subjects/a?permanent=true") == (200, [2, 3])
    assert client("GET", "/subjects?deleted=true") == (200, [])
    assert client("GET", "/schemas/ids/1")[0] == 404


def test_what_is_referred_to_stays(client):
    name = '{"type": "fixed", "name": "Sku", "size": 8}'
    client("POST", "/subjects/sku/versions", {"schema": name})
    uses = '{"type": "record", "name": "Line", "fields": [{"name": "sku", "type": "Sku"}]}'
    references = [{"name": "Sku", "subject": "sku", "version": 1}]
    assert client("POST", "/subjects/line/versions", {"schema": uses, "references": references}) == (
        200,
        {"id": 2},
    )
    assert client("GET", "/subjects/sku/versions/1/referencedby") == (200, [2])
    assert client("DELETE", "/subjects/sku/versions/1")[1]["error_code"] == 42206
    assert client("GET", "/schemas/ids/2")[1]["references"] == references
    client("DELETE", "/subjects/line")
    assert client("DELETE", "/subjects/sku/versions/1") == (200, 1)


def test_modes_hold_for_a_subject_before_all(client):
    assert client("GET", "/config") == (200, {"compatibilityLevel": "BACKWARD"})
    assert client("PUT", "/config/a", {"compatibility": "none"}) == (200, {"compatibility": "NONE"})
    assert client("GET", "/config/a") == (200, {"compatibilityLevel": "NONE"})
    assert client("GET", "/config/b?defaultToGlobal=true") == (200, {"compatibilityLevel": "BACKWARD"})
    assert client("DELETE", "/config/a") == (200, {"compatibilityLevel": "NONE"})
    assert client("PUT", "/mode", {"mode": "READONLY"}) == (200, {"mode": "READONLY"})
    assert client("PUT", "/mode/a", {"mode": "READWRITE"}) == (200, {"mode": "READWRITE"})
    assert client("POST", "/subjects/a/versions", LONG) == (200, {"id": 1})
    assert client("POST", "/subjects/b/versions", LONG)[1]["error_code"] == 42205
    assert client("DELETE", "/mode/a") == (200, {"mode": "READWRITE"})
    assert client("DELETE", "/subjects/a")[1]["error_code"] == 42205


def test_a_check_says_why(client):
    schema = {"schema": OPEN, "schemaType": "JSON"}
    assert client("POST", "/compatibility/subjects/a/versions/latest", schema) == (
        200,
        {"is_compatible": True},
    )
    client("POST", "/subjects/a/versions", schema)
    changed = {"schema": OPEN_MORE, "schemaType": "JSON"}
    status, found = client("POST", "/compatibility/subjects/a/versions/latest?verbose=true", changed)
    assert (status, found["is_compatible"]) == (200, False)
    assert "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL" in found["messages"][0]
    assert "`b`" in found["messages"][0]
    assert found["messages"][1:] == [
        "{oldSchemaVersion: 1}",
        f"{{oldSchema: '{OPEN.replace(': ', ':').replace(', ', ',')}'}}",
        "{compatibility: 'BACKWARD'}",
    ]
    assert client("POST", "/compatibility/subjects/a/versions", changed) == (200, {"is_compatible": False})
    broken = {"schema": "[", "schemaType": "JSON"}
    assert client("POST", "/compatibility/subjects/a/versions", broken)[1]["error_code"] == 42201
    found = client("POST", "/compatibility/subjects/a/versions?verbose=true", broken)[1]
    assert (found["is_compatible"], len(found["messages"])) == (False, 1)


def test_a_lenient_registry_takes_what_writers_do_not_write():
    with RegistryServer(Desk(MemoryRegistry().store, policy="LENIENT"), port=0) as server:
        client = Client(server.port)
        client("POST", "/subjects/a/versions", {"schema": OPEN, "schemaType": "JSON"})
        assert client("POST", "/subjects/a/versions", {"schema": OPEN_MORE, "schemaType": "JSON"})[0] == 200
        client.connection.close()


def test_normal_forms_are_one_schema(client):
    one = '{"type": "object", "title": "A"}'
    other = '{"title": "A", "type": "object"}'
    first = client("POST", "/subjects/a/versions?normalize=true", {"schema": one, "schemaType": "JSON"})
    assert (
        client("POST", "/subjects/a/versions?normalize=true", {"schema": other, "schemaType": "JSON"})
        == first
    )
    assert client("POST", "/subjects/a", {"schema": other, "schemaType": "JSON"})[1]["version"] == 1


def test_a_body_must_be_json_and_say_so(client):
    assert client("POST", "/subjects/a/versions", LONG, **{"Content-Type": "text/plain"})[0] == 415
    client.connection.request("POST", "/subjects/a/versions", "{", client.headers)
    answer = client.connection.getresponse()
    assert (answer.status, b"no JSON" in answer.read()) == (400, True)


@pytest.mark.parametrize(
    "header", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
def test_a_foreign_host_or_origin_is_refused(client, header):
    status, body = client("GET", "/subjects", **header)
    assert (status, body["error_code"]) == (403, 403)
    assert "--allowed-host" in body["message"]


def test_a_page_of_our_own_host_is_answered(client):
    assert client("GET", "/subjects", Origin="http://localhost:3000") == (200, [])


def test_a_body_that_is_too_large_is_not_read(client):
    client.connection.putrequest("POST", "/subjects/a/versions")
    client.connection.putheader("Content-Length", str(10**12))
    client.connection.endheaders()
    assert client.connection.getresponse().status == 413


def test_stopping_finishes_what_is_running():
    entered, go_on = threading.Event(), threading.Event()
    registry = MemoryRegistry()
    store = registry.store

    class Slow:
        def read(self, work):
            entered.set()
            assert go_on.wait(10)
            return store.read(work)

        change = store.change

    server = RegistryServer(Desk(Slow()), port=0)
    server.start()
    answers = []
    client = Client(server.port)
    asking = threading.Thread(target=lambda: answers.append(client("GET", "/subjects")))
    asking.start()
    assert entered.wait(10)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    go_on.set()
    stopping.join(10)
    asking.join(10)
    assert answers == [(200, [])]
    client.connection.close()
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", server.port, timeout=2).request("GET", "/subjects")


def test_a_store_that_fails_is_an_answer(capfd):
    class Broken:
        def read(self, work):
            raise OSError("the disk is full")

        change = read

    with RegistryServer(Desk(Broken()), port=0) as server:
        client = Client(server.port)
        assert client("GET", "/subjects")[1]["error_code"] == 50001
        client.connection.close()
