"""The folder of schemas: readable, and whole whatever processes do at once."""

import json
import os
import subprocess
import sys

import pytest

from pubsub_devtools.schema.registry import FileRegistry, RegistryError, Schema
from tests.runtime.schema.registry.events import PlacedV1

WRITER = """
import sys
from pubsub_devtools.schema.registry import FileRegistry, Schema
registry = FileRegistry(sys.argv[1])
registry.set_compatibility("NONE")
for number in range(15):
    row = registry.register("shared", Schema('{"type": "array", "maxItems": %s%d}' % (sys.argv[2], number)))
    print(row.number, row.id, flush=True)
"""


def started(folder, name):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name], stdout=subprocess.PIPE, text=True, env=os.environ
    )


def test_two_processes_give_no_number_and_no_id_twice(tmp_path):
    writers = [started(tmp_path / "s", name) for name in "12"]
    lines = [line for writer in writers for line in writer.communicate(timeout=60)[0].split("\n") if line]
    assert [writer.returncode for writer in writers] == [0, 0]
    numbers, ids = zip(*(map(int, line.split()) for line in lines), strict=True)
    assert sorted(numbers) == list(range(1, 31))
    assert len(set(ids)) == 30
    assert len(FileRegistry(tmp_path / "s").versions("shared")) == 30


def test_what_was_returned_survives_a_kill(tmp_path):
    writer = started(tmp_path / "s", "1")
    told = [writer.stdout.readline() for _ in range(4)]
    writer.kill()
    rest = writer.communicate(timeout=60)[0].split("\n")
    registry = FileRegistry(tmp_path / "s")
    known = {(row.number, row.id) for row in registry.versions("shared")}
    acknowledged = {tuple(map(int, line.split())) for line in [*told, *rest[:-1]] if line.strip()}
    assert acknowledged <= known
    assert registry.register("shared", Schema('{"type": "null"}')).number == len(known) + 1


def test_a_person_can_read_it_and_a_broken_file_is_named(tmp_path):
    registry = FileRegistry(tmp_path)
    registry.register(PlacedV1)
    file = tmp_path / "orders.placed" / "1-1.0.0.json"
    assert file.read_text().startswith('{\n  "$schema"')
    assert json.loads(file.read_text())["description"] == "An order came in."
    file.write_text("{")
    with pytest.raises(
        RegistryError, match=r"1-1\.0\.0\.json is no valid JSON.*Restore it from version control"
    ):
        registry.latest(PlacedV1)
