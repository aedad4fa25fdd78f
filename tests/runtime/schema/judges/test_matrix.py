"""Every change of the matrix in every mode, under both policies."""

import pytest

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.judges import Source, judged, refuses

from .matrix import ROWS

DIRECTIONS = {"BACKWARD": "b", "FORWARD": "f", "FULL": "bf", "NONE": ""}


def _expected(mode: Mode, verdict, policy):
    """Tell whether a mode takes a change, by what is written down of it."""
    passes = "yl" if policy == "LENIENT" else "y"
    asked = DIRECTIONS[mode.partition("_")[0]]
    return all(letter in passes for letter, way in zip(verdict, "bf", strict=True) if way in asked)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_each_mode(row):
    language, _, old, new, verdict = row
    before, after = Source(language, old), Source(language, new)
    for policy in ("STRICT", "LENIENT"):
        for mode in Mode.__args__:
            # Only the transitive modes look behind the last version, which is the new one here.
            history = [before, after] if mode.endswith("TRANSITIVE") else [after, before]
            found = [each for each in judged(mode, after, history) if refuses(each.difference, policy)]
            assert (not found) == _expected(mode, verdict, policy), (mode, policy, found)
            assert all(each.difference.text and each.difference.kind != "NOT_JUDGED" for each in found)


def test_modes_that_do_not_look_back_do_not():
    old, new = Source("AVRO", '"int"'), Source("AVRO", '"string"')
    for mode in ("BACKWARD", "FORWARD", "FULL", "NONE"):
        assert judged(mode, new, [old, new]) == ()


def test_findings_name_the_field():
    old = '{"type": "object", "properties": {"order": {"$ref": "#/$defs/o"}}, "$defs": {"o": {"properties": {"total": {"type": "integer"}}}}}'
    found = judged("BACKWARD", Source("JSON", old.replace("integer", "string")), [Source("JSON", old)])
    assert [(each.difference.path, each.difference.kind, each.difference.pointer) for each in found] == [
        ("order.total", "TYPE_CHANGED", "#/properties/order/properties/total")
    ]
    assert (
        found[0].difference.text
        == "`order.total`: may be integer in the old version, the new one takes string"
    )
