"""What registries that judge by themselves do besides: deletion, and refusing what they cannot judge."""

import pytest

from pubsub_devtools.schema.registry import IncompatibleSchema, RegistryError, Schema, SchemaNotFound
from tests.runtime.schema.registry.conftest import STORED
from tests.runtime.schema.registry.events import PlacedV1, PlacedV11
from tests.runtime.schema.registry.test_conformance import OPEN

pytestmark = pytest.mark.parametrize("make", STORED, indirect=True)

AVRO = Schema('{"type": "record", "name": "E", "fields": []}', "AVRO")


def test_what_is_deleted_is_gone_and_its_number_is_not_given_again(registry):
    registry.register(PlacedV1)
    second = registry.register(PlacedV11)
    assert registry.delete("orders.placed", "1.1.0") == (2,)
    assert [known.number for known in registry.versions("orders.placed")] == [1]
    again = registry.register(PlacedV11)
    assert (again.number, again.id) == (3, second.id)
    assert registry.delete("orders.placed") == (1, 3)
    assert registry.subjects() == ()
    with pytest.raises(SchemaNotFound, match="not registered"):
        registry.delete("orders.placed")


def test_the_time_of_a_registration_is_kept(registry):
    assert [registry.register(cls).registered for cls in (PlacedV1, PlacedV11)] == [100.0, 101.0]


def test_what_is_forgotten_gives_no_id_back(registry):
    first = registry.register("a", OPEN)
    assert registry.delete("a", permanent=True) == (1,)
    assert registry.register("a", Schema('{"type": "array"}')).id > first.id


def test_languages_are_not_mixed(registry):
    registry.register("a", OPEN)
    with pytest.raises(IncompatibleSchema, match="the schema was JSON, is AVRO"):
        registry.register("a", AVRO)
    registry.set_compatibility("NONE", "a")
    assert registry.register("a", AVRO).number == 2
    assert registry.get("a").schema == AVRO


def test_schemas_in_other_languages_are_judged_by_their_rules(registry):
    field = '{"type": "record", "name": "E", "fields": [{"name": "total", "type": "%s"}]}'
    registry.register("a", Schema(field % "int", "AVRO"))
    assert registry.check("a", Schema(field % "long", "AVRO"))
    check = registry.check("a", Schema(field % "string", "AVRO"))
    assert not check
    assert "total" in check.lines()[0]
    message = 'syntax = "proto3"; message E { %s total = 1; }'
    registry.register("p", Schema(message % "int32", "PROTOBUF"))
    assert registry.check("p", Schema(message % "int64", "PROTOBUF"))
    assert not registry.check("p", Schema(message % "string", "PROTOBUF"))


def test_a_transaction_that_fails_leaves_nothing(registry, monkeypatch):
    registry.register("a", OPEN)
    monkeypatch.setattr(registry, "_clock", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        registry.register("b", Schema('{"type": "array"}'))
    assert registry.subjects() == ("a",)


def test_a_label_must_be_a_version(registry):
    with pytest.raises(ValueError, match="MAJOR"):
        registry.register("a", OPEN, version="two")
    assert registry.register("a", OPEN, version="1.0.0").label == "1.0.0"
    with pytest.raises(RegistryError, match="another schema"):
        registry.register("a", Schema('{"type": "array"}'), version="1.0.0")
