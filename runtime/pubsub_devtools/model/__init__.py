"""Values only: the event graph, findings and the envelope. Frozen msgspec Structs, no effects, no pydantic.

Every name is imported on first use (PEP 562): a bus needs the envelope, and should not load the whole graph for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.model.envelope import Envelope
    from pubsub_devtools.model.field_type import FieldType, Record, RecordField
    from pubsub_devtools.model.finding import Finding, Findings, Related, Severity
    from pubsub_devtools.model.graph import (
        FORMAT,
        Certainty,
        Coverage,
        Delivery,
        Event,
        EventGraph,
        Evidence,
        Field,
        FieldUse,
        Flow,
        Kind,
        Link,
        LinkKind,
        Options,
        Origin,
        Place,
        Problem,
        Saga,
        SchemaVersion,
        Service,
        Site,
        Step,
        Unnamed,
    )

__all__ = [
    "FORMAT",
    "Certainty",
    "Coverage",
    "Delivery",
    "Envelope",
    "Event",
    "EventGraph",
    "Evidence",
    "Field",
    "FieldType",
    "FieldUse",
    "Finding",
    "Findings",
    "Flow",
    "Kind",
    "Link",
    "LinkKind",
    "Options",
    "Origin",
    "Place",
    "Problem",
    "Record",
    "RecordField",
    "Related",
    "Saga",
    "SchemaVersion",
    "Service",
    "Severity",
    "Site",
    "Step",
    "Unnamed",
]

_HOMES = {
    "Certainty": "graph",
    "Coverage": "graph",
    "Delivery": "graph",
    "Envelope": "envelope",
    "Event": "graph",
    "EventGraph": "graph",
    "Evidence": "graph",
    "FORMAT": "graph",
    "Field": "graph",
    "FieldType": "field_type",
    "FieldUse": "graph",
    "Finding": "finding",
    "Findings": "finding",
    "Flow": "graph",
    "Kind": "graph",
    "Link": "graph",
    "LinkKind": "graph",
    "Options": "graph",
    "Origin": "graph",
    "Place": "graph",
    "Problem": "graph",
    "Record": "field_type",
    "RecordField": "field_type",
    "Related": "finding",
    "Saga": "graph",
    "SchemaVersion": "graph",
    "Service": "graph",
    "Severity": "finding",
    "Site": "graph",
    "Step": "graph",
    "Unnamed": "graph",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
