"""What every registry promises, whatever keeps it."""

import threading

import pytest

from pubsub_devtools.schema.registry import (
    IncompatibleSchema,
    RegistryError,
    Schema,
    SchemaNotFound,
)
from tests.runtime.schema.registry.events import OtherPlacedV1, Paid, PlacedV1, PlacedV2, PlacedV3, PlacedV11

AVRO = Schema('{"type": "record", "name": "E", "fields": []}', "AVRO")
OPEN = Schema('{"type": "object"}')


def test_an_empty_registry_says_so(registry):
    assert registry.subjects() == ()
    assert registry.versions("orders.placed") == ()
    assert registry.compatibility() == registry.compatibility("orders.placed") == "BACKWARD"
    with pytest.raises(SchemaNotFound, match=r"orders\.placed is not registered: the registry is empty"):
        registry.latest(PlacedV1)
    with pytest.raises(SchemaNotFound, match="no schema has the id 7"):
        registry.with_id(7)


def test_what_is_registered_is_found_by_every_name(registry):
    first, second = registry.register(PlacedV1), registry.register(PlacedV11)
    assert (first.subject, first.number, first.label) == ("orders.placed", 1, "1.0.0")
    assert (second.number, second.label) == (2, "1.1.0")
    assert first.id != second.id
    assert registry.versions(PlacedV1) == (first, second)
    for name in ("latest", 2, "2", "1.1.0"):
        assert registry.get("orders.placed", name) == second
    assert registry.latest("orders.placed") == second
    assert registry.with_id(first.id) == first
    assert registry.subjects() == ("orders.placed",)


def test_another_look_finds_the_same(make):
    registered = make().register(PlacedV1)
    if make().__class__.__name__ != "MemoryRegistry":  # which each has to itself
        assert make().versions("orders.placed") == (registered,)


def test_registering_again_changes_nothing(registry):
    first = registry.register(PlacedV1)
    assert registry.register(PlacedV1) == first
    registry.register(PlacedV11)
    assert registry.register(PlacedV1) == first
    assert [known.number for known in registry.versions("orders.placed")] == [1, 2]


def test_equal_schemas_share_an_id(registry):
    one, other = registry.register("a-value", OPEN), registry.register("b-value", OPEN)
    assert (one.id, one.subject) == (other.id, "a-value")
    assert registry.with_id(one.id) == one
    assert registry.register("c-value", Schema('{"type": "array"}')).id != one.id


def test_an_incompatible_schema_is_refused_with_the_field(registry):
    registry.register(PlacedV1)
    check = registry.check(PlacedV2)
    assert not check
    assert check.lines() == (
        "backward with 1.0.0: the new version requires `currency`, which the old one does not give",
    )
    with pytest.raises(
        IncompatibleSchema, match=r"orders\.placed 2\.0\.0 is not BACKWARD compatible"
    ) as caught:
        registry.register(PlacedV2)
    assert caught.value.check == check
    assert len(registry.versions("orders.placed")) == 1


def test_each_subject_has_a_mode_of_its_own(registry):
    registry.register(PlacedV1)
    registry.set_compatibility("FORWARD", "orders.placed")
    assert (registry.compatibility(PlacedV1), registry.compatibility()) == ("FORWARD", "BACKWARD")
    assert registry.check(PlacedV2)
    assert not registry.check(PlacedV3)
    registry.set_compatibility("NONE")
    assert (registry.compatibility("other"), registry.compatibility(PlacedV1)) == ("NONE", "FORWARD")
    with pytest.raises(ValueError, match="'SIDEWAYS' is no compatibility mode"):
        registry.set_compatibility("SIDEWAYS")


def test_transitive_modes_look_at_every_version(registry):
    registry.set_compatibility("NONE")
    registry.register(PlacedV1)
    registry.register(PlacedV2)
    registry.set_compatibility("FORWARD", "orders.placed")
    assert [line.partition(":")[0] for line in registry.check(PlacedV3).lines()] == ["forward with 2.0.0"] * 2
    registry.set_compatibility("FORWARD_TRANSITIVE", "orders.placed")
    assert {line.partition(":")[0] for line in registry.check(PlacedV3).lines()} == {
        "forward with 1.0.0",
        "forward with 2.0.0",
    }


def test_a_version_means_one_schema_and_versions_come_in_order(registry):
    registry.register(PlacedV1)
    registry.register(PlacedV11)
    with pytest.raises(
        RegistryError, match=r"1\.0\.0 is registered with another schema: give .* a new version"
    ):
        registry.register(OtherPlacedV1)
    registry.set_compatibility("NONE")
    registry.register(PlacedV3)
    with pytest.raises(RegistryError, match=r"2\.0\.0 comes before 3\.0\.0"):
        registry.register(PlacedV2)


def test_names_are_helped(registry):
    registry.register(PlacedV1)
    with pytest.raises(SchemaNotFound, match=r"did you mean orders\.placed\?"):
        registry.get("placed")
    with pytest.raises(SchemaNotFound, match=r"the registry holds orders\.placed"):
        registry.get("xyz")
    with pytest.raises(SchemaNotFound, match=r"orders\.placed has no version 9: it has 1\.0\.0"):
        registry.get("orders.placed", 9)


def test_wrong_calls_are_told(registry):
    with pytest.raises(RegistryError, match="came without a schema"):
        registry.register("orders.placed")
    with pytest.raises(RegistryError, match="PlacedV1 brings its own"):
        registry.register(PlacedV1, OPEN)
    with pytest.raises(RegistryError, match="no valid JSON"):
        registry.register("orders.placed", Schema("{"))


def test_the_history_tells_what_changed(registry):
    registry.set_compatibility("NONE")
    for version in (PlacedV1, PlacedV11, PlacedV3):
        registry.register(version)
    first, second, third = registry.history("orders.placed")
    assert first.changes == first.backward == first.forward == ()
    assert [change.text for change in second.changes] == ["note: str, optional"]
    assert (second.backward, second.forward) == ((), ())
    assert [(change.kind, change.path) for change in third.changes] == [
        ("removed", "total"),
        ("removed", "note"),
    ]
    assert {found.path for found in third.forward} >= {"total"}
    with pytest.raises(SchemaNotFound):
        registry.history("nothing")


def test_two_registrations_at_once_are_judged_one_after_the_other(make):
    registry = make()
    registry.register(PlacedV1)
    start, failed = threading.Barrier(6), []

    def register(cls):
        start.wait()
        try:
            registry.register(cls)
        except RegistryError as error:
            failed.append(error)

    threads = [
        threading.Thread(target=register, args=(cls,))
        for cls in (PlacedV11, PlacedV11, Paid, Paid, PlacedV2, PlacedV1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in failed] == [IncompatibleSchema]
    assert [known.label for known in registry.versions("orders.placed")] == ["1.0.0", "1.1.0"]
    ids = [
        registry.get(*each).id for each in (("orders.placed", 1), ("orders.placed", 2), ("orders.paid", 1))
    ]
    assert len(set(ids)) == 3


def test_strange_names_are_kept_apart(registry):
    names = ["a/b", "a b", "..", ".", "ü", "a%2Fb", "x" * 60, "A", "con:1"]
    for name in names:
        registry.register(name, OPEN)
    assert sorted(registry.subjects()) == sorted(names)
    assert all(registry.latest(name).subject == name for name in names)
