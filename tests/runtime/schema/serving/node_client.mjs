// Speaks to a registry with Confluent's client for JavaScript: argv is its URL. Prints what it saw as JSON.
import { createRequire } from "node:module";
const require = createRequire(process.argv[3]);
const { SchemaRegistryClient, AvroSerializer, AvroDeserializer, JsonSerializer, JsonDeserializer, ProtobufSerializer, ProtobufDeserializer, SerdeType } =
  require("@confluentinc/schemaregistry");
const { createFileRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorProtoSchema } = require("@bufbuild/protobuf/wkt");

const client = new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const order = '{"type":"record","name":"Order","fields":[{"name":"total","type":"long"}]}';
const narrower = order.replace("long", "int");
const seen = {};

seen.id = await client.register("orders-value", { schema: order, schemaType: "AVRO" });
seen.subjects = await client.getAllSubjects();
seen.versions = await client.getAllVersions("orders-value");
seen.latest = (await client.getLatestSchemaMetadata("orders-value")).version;
seen.found = await client.getId("orders-value", { schema: order, schemaType: "AVRO" });
seen.version = await client.getVersion("orders-value", { schema: order, schemaType: "AVRO" });
seen.compatible = await client.testSubjectCompatibility("orders-value", { schema: narrower, schemaType: "AVRO" });
seen.refused = await client.register("orders-value", { schema: narrower, schemaType: "AVRO" }).catch((e) => [e.status, e.errorCode]);
await client.updateCompatibility("orders-value", "FULL");
seen.mode = await client.getCompatibility("orders-value");
seen.missing = await client.getLatestSchemaMetadata("nothing").catch((e) => [e.status, e.errorCode]);

const value = SerdeType.VALUE;
const latest = { useLatestVersion: true, autoRegisterSchemas: false };
const avro = await new AvroSerializer(client, value, latest).serialize("orders", { total: 7 });
seen.avro = await new AvroDeserializer(client, value, {}).deserialize("orders", avro);

const schema = JSON.stringify({ type: "object", properties: { total: { type: "integer" } } });
await client.register("json-value", { schema, schemaType: "JSON" });
const json = await new JsonSerializer(client, value, latest).serialize("json", { total: 7 });
seen.json = await new JsonDeserializer(client, value, {}).deserialize("json", json);

// The schema was registered as text, the client asks for its descriptor and compiles its messages from that.
const file = 'syntax = "proto3"; package shop; message Line { repeated string tags = 1; map<string, int64> sold = 2; }';
const fileId = await client.register("proto-value", { schema: file, schemaType: "PROTOBUF" });
const descriptor = (await client.getBySubjectAndId("proto-value", fileId, "serialized")).schema;
const registry = createFileRegistry(fromBinary(FileDescriptorProtoSchema, Buffer.from(descriptor, "base64")), () => undefined);
const line = { $typeName: "shop.Line", tags: ["new"], sold: { a: 3n }, $unknown: undefined };
const proto = await new ProtobufSerializer(client, value, { ...latest, registry }).serialize("proto", line);
const read = await new ProtobufDeserializer(client, value, {}).deserialize("proto", proto);
seen.proto = [read.tags, Number(read.sold.a)];

seen.deleted = await client.deleteSubject("orders-value", false);
seen.gone = await client.deleteSubject("orders-value", true);
console.log(JSON.stringify(seen));
