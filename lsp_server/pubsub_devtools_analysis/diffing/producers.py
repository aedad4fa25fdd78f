"""What a change means to each publisher of the head: does it give what handlers and schema require?"""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.model import Site
from pubsub_devtools.model.diff import Reason
from pubsub_devtools.schema.compatibility import Difference, Gives, judge_producer
from pubsub_devtools_analysis.diffing.judging import Case, at, reason
from pubsub_devtools_analysis.diffing.records import alike, parameters, record, without_types


def to_producers(case: Case) -> Iterator[Reason]:
    """The reasons of all publishers."""
    for publisher in case.head.publishers:
        before = case.publishers.before(publisher)
        for handler in case.head.handlers:
            if handler.takes is not None:
                yield from _by_parameters(case, publisher, before, handler)
        if case.base.schema and case.head.schema:
            old, new = alike(case.base.schema.fields, case.head.schema.fields)
            for found in judge_producer(gives(publisher), record("event", new), record("event", old)).reasons:
                if found.severity != "compatible":
                    yield reason(found.severity, found.text, "producer", publisher, field=found.path)


def _by_parameters(case: Case, publisher: Site, before: Site | None, handler: Site) -> Iterator[Reason]:
    """What a publisher gives against what a handler takes; what did not fit before is no news."""
    was = case.handlers.before(handler)
    known = set[tuple[str, str]]()
    if before is not None and was is not None:
        known = {(found.path, found.severity) for found in misfits(before, was)}
    for found in misfits(publisher, handler):
        if (found.path, found.severity) in known:
            continue
        is_old = was is not None and without_types(was.takes or ()) == without_types(handler.takes or ())
        if is_old:
            yield reason(
                found.severity, f"{found.text} by {at(publisher)}", "consumer", handler, field=found.path
            )
        else:
            yield reason(
                found.severity, f"{found.text} (to {at(handler)})", "producer", publisher, field=found.path
            )


def misfits(publisher: Site, handler: Site) -> list[Difference]:
    """Why what a publisher gives is not what a handler's parameters take."""
    record = parameters(handler.symbol, without_types(handler.takes or ()))
    found = judge_producer(gives(publisher), record).reasons
    return [each for each in found if each.severity != "compatible"]


def gives(publisher: Site) -> Gives:
    """What a publisher gives, by the first names of its fields."""
    return Gives(tuple(dict.fromkeys(key.name.partition(".")[0] for key in publisher.keys)), publisher.open)
