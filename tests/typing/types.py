"""What type checkers must know of types and of the rules on them. Checked by mypy and pyright, never run."""

from __future__ import annotations

from typing import assert_type

from pubsub_devtools import BaseEvent
from pubsub_devtools.model import FieldType, Record, RecordField
from pubsub_devtools.model.field_type import Scalar
from pubsub_devtools.schema import model_type, python_type
from pubsub_devtools.schema.compatibility import (
    Difference,
    Gives,
    Incompatibility,
    Judgement,
    Reads,
    Verdict,
    backward,
    incompatibilities,
    judge_consumer,
    judge_producer,
    judge_under_way,
    readable,
    same_contract,
)
from pubsub_devtools.schema.from_annotations import ModuleNames, annotation_type, field_of


class Paid(BaseEvent):
    """An ordinary event."""

    total: int


old = model_type(Paid)
assert_type(old, Record)
assert_type(python_type(int), FieldType)
assert_type(annotation_type("int", {"Money": "decimal.Decimal"}.get), FieldType)
assert_type(annotation_type("Money", ModuleNames("Money = int")), FieldType)
assert_type(field_of("total", "int", "3"), RecordField | None)
assert_type(readable(old, Scalar("int"), older="reader"), tuple[Difference, ...])
assert_type(backward(old, old), tuple[Difference, ...])
assert_type(incompatibilities("FULL_TRANSITIVE", old, [old]), tuple[Incompatibility, ...])
assert_type(judge_consumer(old, old, Reads(("total",))), Judgement)
assert_type(judge_producer(Gives(("total",)), old, old).verdict, Verdict)
assert_type(judge_under_way(old, old).reasons, tuple[Difference, ...])
assert_type(same_contract(old, old), bool)

Scalar("integer")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
incompatibilities("SIDEWAYS", old, [])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
judge_consumer(Scalar("int"), old, Reads())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
