"""Schemas that the settings name: they describe events, checks compare with them, and mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubsub_devtools.model import Finding, SchemaVersion
from pubsub_devtools_analysis.checking import check
from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.host import AnalysisHost
from tests.analysis.fields.workspace import write

ORDER = '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, {"name": "total", "type": "long"}, {"name": "note", "type": "string", "default": ""}]}'

APP = """
    import json

    import nats


    async def main():
        nc = await nats.connect("nats://localhost:4222")
        await nc.publish("orders", json.dumps({"id": "7", "total": 5}).encode())
        await nc.publish("orders", json.dumps({"id": "7", "sum": 5}).encode())
        await nc.publish("orders", json.dumps({"id": "7", "total": "five"}).encode())
    """


def project(root: Path, entry: str, **files: str) -> Path:
    text = f"[tool.pubsub-devtools]\nschemas = [{entry}]\n"
    write(root, {"pyproject.toml": text, "app.py": APP, "schemas/order.avsc": ORDER})
    for name, content in files.items():
        (root / "schemas" / name.replace("_", ".", 1)).write_text(content)
    return root


def described(root: Path) -> tuple[SchemaVersion, ...]:
    with AnalysisHost.open(root, use_cache=False) as host:
        return host.with_fields().events[0].schemas


def findings(root: Path) -> list[tuple[str, int]]:
    found: tuple[Finding, ...] = check(root, use_cache=False, select=("PSD004", "PSD005", "PSD006")).findings
    return [(each.code, each.place.line) for each in found]


@pytest.mark.parametrize(
    "entry",
    [
        '{ event = "orders", file = "schemas/order.avsc" }',
        '{ event = "ord*", file = "schemas/*.avsc" }',
        '{ event = "orders", file = "schemas/*", record = "Order" }',
    ],
)
def test_a_file_describes_an_event(tmp_path, entry):
    (schema,) = described(project(tmp_path, entry))
    assert (schema.symbol, schema.place.path, schema.inferred) == ("Order", "schemas/order.avsc", False)
    assert [(f.name, f.type, f.required) for f in schema.fields] == [
        ("id", "str", True),
        ("total", "int", True),
        ("note", "str", False),
    ]


def test_the_name_of_the_file_may_be_the_event(tmp_path):
    root = project(tmp_path, '{ file = "schemas/*.avsc" }', orders_avsc=ORDER)
    assert [schema.place.path for schema in described(root)] == ["schemas/orders.avsc"]


def test_payloads_are_compared_with_it(tmp_path):
    root = project(tmp_path, '{ event = "orders", file = "schemas/order.avsc" }')
    assert findings(root) == [("PSD004", 9), ("PSD005", 9), ("PSD006", 10)]


def test_a_schema_that_lets_more_in_still_requires(tmp_path):
    schema = '{"title": "Order", "required": ["total"], "properties": {"total": {"type": "integer"}}}'
    root = project(tmp_path, '{ event = "orders", file = "schemas/order.json" }', order_json=schema)
    assert findings(root) == [("PSD004", 9), ("PSD006", 10)]


def test_a_part_of_the_project_has_the_same_schemas(tmp_path):
    root = project(tmp_path, '{ event = "orders", file = "schemas/order.avsc" }')
    (root / ".git").mkdir()
    (root / "src").mkdir()
    (root / "app.py").rename(root / "src" / "app.py")
    (schema,) = described(root / "src")
    assert schema.place.path == "../schemas/order.avsc"


def test_a_changed_file_is_read_again(tmp_path):
    root = project(tmp_path, '{ event = "orders", file = "schemas/order.avsc" }')
    assert len(check(root, select=("PSD004",)).findings) == 1
    (root / "schemas" / "order.avsc").write_text(ORDER.replace("note", "more").replace(', "default": ""', ""))
    assert len(check(root, select=("PSD004",)).findings) == 3


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{ event = "orders", file = "schemas/none.avsc" }', 'there is no file "schemas/none.avsc"'),
        ('{ event = "orders", file = "app.py" }', "app.py: `.py` is none of .avsc, .json, .proto"),
        ('{ file = "schemas/order.avsc", record = "Parcel" }', 'holds no record "Parcel"; it holds Order'),
        ('{ event = "orders", file = "schemas/two.proto" }', 'choose one with record = "A"; it holds A, B'),
        ('{ event = "orders" }', 'lacks "file"; for example: schemas = [{ event = "orders"'),
        ('"schemas/order.avsc"', "must be a table"),
        ('{ file = "schemas/order.avsc", evnt = "orders" }', 'did you mean "event"?'),
    ],
)
def test_mistakes_are_told(tmp_path, entry, words):
    project(tmp_path, entry, two_proto="message A { string a = 1; } message B { string b = 1; }")
    with pytest.raises(ConfigError) as caught:
        described(tmp_path)
    assert words in str(caught.value)
    assert "schemas[0]" in str(caught.value)
