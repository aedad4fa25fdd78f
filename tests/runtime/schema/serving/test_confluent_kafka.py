"""A foreign client in Python, confluent-kafka's, takes our server for the registry that it knows."""

from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip(
    "confluent_kafka.schema_registry", reason="confluent-kafka[schemaregistry] is not installed"
)
pytest.importorskip("fastavro", reason="fastavro is not installed")
pytest.importorskip("google.protobuf", reason="protobuf is not installed")
pytest.importorskip("jsonschema", reason="jsonschema is not installed")

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import (
    ProtobufDeserializer,
    ProtobufSerializer,
)
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

AVRO = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}]}'
WIDER = (
    '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"},'
    ' {"name": "note", "type": "string", "default": ""}]}'
)
NARROWER = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "int"}]}'
AT = SerializationContext("orders", MessageField.VALUE)


@pytest.fixture
def registry(server):
    with SchemaRegistryClient({"url": server.url}) as made:
        yield made


def test_schemas_are_registered_found_and_deleted(registry):
    first = registry.register_schema("orders-value", Schema(AVRO, "AVRO"))
    second = registry.register_schema("orders-value", Schema(WIDER, "AVRO"))
    assert (first, second) == (1, 2)
    assert registry.get_subjects() == ["orders-value"]
    assert registry.get_versions("orders-value") == [1, 2]
    latest = registry.get_latest_version("orders-value")
    assert (latest.version, latest.schema_id) == (2, 2)
    assert registry.lookup_schema("orders-value", Schema(AVRO, "AVRO")).version == 1
    assert "total" in registry.get_schema(1).schema_str
    assert registry.delete_version("orders-value", 1) == 1
    assert registry.get_versions("orders-value") == [2]
    assert registry.delete_subject("orders-value") == [2]
    assert registry.get_subjects() == []
    assert registry.get_subjects(deleted=True) == ["orders-value"]
    assert registry.delete_subject("orders-value", permanent=True) == [1, 2]


def test_incompatible_schemas_are_refused(registry):
    registry.register_schema("orders-value", Schema(AVRO, "AVRO"))
    assert not registry.test_compatibility("orders-value", Schema(NARROWER, "AVRO"))
    assert registry.test_compatibility("orders-value", Schema(WIDER, "AVRO"))
    assert registry.test_compatibility_all_versions("orders-value", Schema(WIDER, "AVRO"))
    with pytest.raises(SchemaRegistryError) as refused:
        registry.register_schema("orders-value", Schema(NARROWER, "AVRO"))
    assert (refused.value.http_status_code, refused.value.error_code) == (409, 409)
    assert "`total`: is long in the old version, int in the new one" in str(refused.value)
    with pytest.raises(SchemaRegistryError) as missing:
        registry.get_latest_version("other")
    assert missing.value.error_code == 40401


def test_configuration(registry):
    assert registry.get_compatibility() == "BACKWARD"
    registry.set_compatibility("orders-value", "FULL")
    assert registry.get_compatibility("orders-value") == "FULL"
    registry.set_config(config=ServerConfig(compatibility=ConfigCompatibilityLevel.NONE))
    assert registry.get_config().compatibility_level == "NONE"


def test_avro_goes_round(registry):
    written = AvroSerializer(registry, AVRO)({"total": 7}, AT)
    assert AvroDeserializer(registry, WIDER)(written, AT) == {"total": 7, "note": ""}


def test_json_goes_round(registry):
    schema = '{"title": "Order", "type": "object", "properties": {"total": {"type": "integer"}}}'
    written = JSONSerializer(schema, registry)({"total": 7}, AT)
    assert JSONDeserializer(None, schema_registry_client=registry)(written, AT) == {"total": 7}


def test_protobuf_goes_round_with_what_it_imports(registry):
    order, customer = _messages()
    written = ProtobufSerializer(order, registry)(order(total=7, customer=customer(name="Ann")), AT)
    read = ProtobufDeserializer(order, schema_registry_client=registry)(written, AT)
    assert (read.total, read.customer.name) == (7, "Ann")
    kept = registry.get_latest_version("orders-value").schema
    assert "int64 total = 1;" in kept.schema_str
    assert [reference.name for reference in kept.references] == ["customer.proto"]


def test_references(registry):
    name = '{"type": "record", "name": "Name", "namespace": "shop", "fields": [{"name": "first", "type": "string"}]}'
    registry.register_schema("name", Schema(name, "AVRO"))
    uses = '{"type": "record", "name": "Customer", "fields": [{"name": "name", "type": "shop.Name"}]}'
    found = registry.register_schema(
        "customer", Schema(uses, "AVRO", references=[SchemaReference("shop.Name", "name", 1)])
    )
    assert registry.get_schema(found).references[0].subject == "name"
    with pytest.raises(SchemaRegistryError) as refused:
        registry.delete_subject("name")
    assert refused.value.error_code == 42206


def test_of_many_that_register_at_once_all_get_one_id(server):
    def register(_):
        with SchemaRegistryClient({"url": server.url}) as client:
            return client.register_schema("orders-value", Schema(AVRO, "AVRO"))

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(register, range(24))) == {1}


def _messages():
    customer = descriptor_pb2.FileDescriptorProto(name="customer.proto", package="shop", syntax="proto3")
    message = customer.message_type.add(name="Customer")
    message.field.add(name="name", number=1, type=9, label=1)
    order = descriptor_pb2.FileDescriptorProto(name="order.proto", package="shop", syntax="proto3")
    order.dependency.append("customer.proto")
    message = order.message_type.add(name="Order")
    message.field.add(name="total", number=1, type=3, label=1)
    message.field.add(name="customer", number=2, type=11, label=1, type_name=".shop.Customer")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(customer)
    pool.Add(order)
    return tuple(
        message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
        for name in ("shop.Order", "shop.Customer")
    )
