"""Contracts: `validate` tells by field; consumers write what they read, producers are held to it."""

import pytest

from pubsub_devtools import BaseEvent, EventBus, event_bus, event_schema
from pubsub_devtools.schema.contract import EventContract
from pubsub_devtools.schema.registry import FileRegistry, MemoryRegistry, Schema, SchemaNotFound
from pubsub_devtools.schema.registry.default import DefaultRegistry, schema_registry
from pubsub_devtools.testing.consumer_contract import consumer_contract, read_contract
from pubsub_devtools.testing.published import PublishedEvents
from tests.runtime.schema.registry.events import PlacedV1, PlacedV2, PlacedV3


def declared():
    @event_schema(name="OrderCreated", version="2.0.0")
    class OrderCreated(BaseEvent):
        order_id: str
        total: int

    return OrderCreated


def test_an_event_is_held_to_the_version_that_is_asked_for():
    created = declared()
    contract = EventContract("OrderCreated", version="2.0.0")
    report = contract.validate(created("o", 1))
    assert (bool(report), str(report), report.errors) == (True, "OrderCreated 2.0.0 is kept", ())
    for payload in ({"order_id": "o"}, b'{"order_id": "o"}', '{"order_id": "o"}'):
        assert str(contract.validate(payload)) == "OrderCreated 2.0.0 is broken:\n  `total` is missing"
    assert "no JSON" in str(contract.validate(b"{"))
    assert contract.version == "2.0.0"


def test_another_event_breaks_it():
    declared()
    report = EventContract("OrderCreated").validate(PlacedV1("o", 1))
    assert not report
    assert "the event is orders.placed 1.0.0, the contract that of OrderCreated 2.0.0" in str(report)


def test_an_event_without_checks_breaks_it():
    created = declared()
    assert not EventContract(created).validate(created.model_construct(order_id="o", total="x"))


def test_contracts_of_a_registry(tmp_path):
    registry = FileRegistry(tmp_path)
    registry.register(PlacedV1)
    assert EventContract("orders.placed", registry=registry).validate({"order_id": "o", "total": 1})
    avro = '{"type": "record", "name": "E", "fields": [{"name": "a", "type": "int"}]}'
    registry.register("avro", Schema(avro, "AVRO"))
    registry.register("proto", Schema("message A { int32 a = 1; }", "PROTOBUF"))
    assert not EventContract("avro", registry=registry).validate({"a": "x"})
    assert EventContract("proto", registry=registry).validate({"a": 1})
    with pytest.raises(SchemaNotFound, match=r"no version 7\.0\.0: it has 1\.0\.0"):
        EventContract("orders.placed", version="7.0.0", registry=registry).validate({})


def test_the_default_registry_knows_what_is_declared_in_the_order_of_versions():
    with schema_registry.isolated():

        @event_schema(name="late", version="2.0.0")
        class Second(BaseEvent):
            a: int

        @event_schema(name="late", version="1.0.0")
        class First(BaseEvent):
            b: int

        assert [known.label for known in schema_registry.versions("late")] == ["1.0.0", "2.0.0"]
        assert schema_registry.latest("late").number == 2

        @event_schema(name="late", version="2.0.0")
        class Again(BaseEvent):
            a: str

        assert schema_registry.latest("late").schema == schema_registry.get(Again, "2.0.0").schema
        assert EventContract("late").validate({"a": "x"})
    with pytest.raises(SchemaNotFound):
        schema_registry.latest("late")
    assert "late" in DefaultRegistry().subjects()  # another one hears of what was declared before it


def test_a_consumer_says_what_it_reads_and_a_producer_is_held_to_it(tmp_path):
    contract = consumer_contract("billing", PlacedV1, ["total"])
    file = contract.save(tmp_path)
    assert file.name == "billing.orders.placed.contract.json"
    assert read_contract(file) == contract
    assert contract.broken_by(PlacedV2) == ()
    assert [found.text for found in contract.broken_by(PlacedV3)] == ["`total` is no longer given"]
    sample = contract.sample(PlacedV1("o", 7))
    assert sample.total == 7
    with pytest.raises(AttributeError):
        _ = sample.order_id
    with pytest.raises(
        ValueError, match=r"orders\.placed has no field `sum` that billing could read: it has order_id"
    ):
        consumer_contract("billing", PlacedV1, ["sum"])


def test_what_is_no_contract_is_refused(tmp_path):
    file = tmp_path / "a.contract.json"
    file.write_text("{}")
    with pytest.raises(ValueError, match="is no consumer contract"):
        read_contract(file)
    written = consumer_contract("b", PlacedV1, []).save(tmp_path)
    written.write_text(written.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(ValueError, match="format 2: update"):
        read_contract(written)


def test_published_events_are_held_to_their_contracts():
    created = declared()
    published, bus = PublishedEvents(), EventBus()
    bus.include(published)
    bus.publish(created("o", 1))
    published.verify()
    bus.publish(created.model_construct(order_id="o", total="x"))
    with pytest.raises(AssertionError, match="`total` must be int, not 'x'"):
        published.verify()


def test_registries_share_nothing():
    declared()
    assert MemoryRegistry().subjects() == ()
    assert event_bus is not None


PROJECT = """
from pubsub_devtools import BaseEvent, event_schema

@event_schema(name="Paid", version="1.0.0")
class Paid(BaseEvent):
    {field}: int
"""


def test_contract_files_are_tests(pytester):
    pytester.makepyfile(events=PROJECT.format(field="total"))
    pytester.makeconftest("import events")
    pytester.makepyfile(
        """
        from events import Paid
        from pubsub_devtools.testing.consumer_contract import consumer_contract

        def test_billing():
            contract = consumer_contract("billing", Paid, ["total"])
            contract.save("contracts")
            assert contract.sample(Paid(3)).total == 3
        """
    )
    assert pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-q").ret == 0
    passed = pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-v", "contracts")
    passed.stdout.fnmatch_lines(["*billing.Paid.contract.json::billing reads Paid PASSED*"])
    pytester.makepyfile(events=PROJECT.format(field="cents"))
    failed = pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-q", "contracts")
    failed.stdout.fnmatch_lines(["Paid 1.0.0 breaks billing:", "  `total` is no longer given"])
    pytester.makeconftest("")
    pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-q", "contracts").stdout.fnmatch_lines(
        ["*Import the module that declares it*"]
    )
    (pytester.path / "contracts" / "x.contract.json").write_text("{}")
    assert pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-q", "contracts").ret != 0


def test_the_fixture_holds_what_a_test_publishes_to_its_contract(pytester):
    pytester.makepyfile(
        """
        from pubsub_devtools import BaseEvent, event_bus

        class Paid(BaseEvent):
            total: int

        def test_right(published_events):
            event_bus.publish(Paid(3))
            assert [event.total for event in published_events.events] == [3]

        def test_wrong(published_events):
            event_bus.publish(Paid.model_construct(total="x"))
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:pytest-lsp", "-q")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*`total` must be int, not 'x'*"])
