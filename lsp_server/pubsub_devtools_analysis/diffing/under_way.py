"""What a change means to messages that a transport holds: written by the base, read by the head."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.model import Site
from pubsub_devtools.model.diff import Reason
from pubsub_devtools.schema.compatibility import Difference, judge_under_way
from pubsub_devtools_analysis.diffing.judging import Case, reason
from pubsub_devtools_analysis.diffing.parties import own
from pubsub_devtools_analysis.diffing.producers import misfits
from pubsub_devtools_analysis.diffing.records import alike, parameters, record, without_types


def to_under_way(case: Case) -> Iterator[Reason]:
    """The reasons of messages under way; a transport that holds none gives none."""
    if not case.base.is_held:
        return
    if case.is_renamed:
        text = f"messages under way carry the old name `{case.base.event.name}`"
        yield reason("breaking", text, "under-way")
        return
    if case.base.schema and case.head.schema:
        old, new = alike(case.base.schema.fields, case.head.schema.fields)
        for found in judge_under_way(record("event", old), record("event", new)).reasons:
            yield reason(found.severity, f"messages under way: {found.text}", "under-way", field=found.path)
    for was, now in case.handlers.both:
        if was.takes is not None and now.takes is not None and now in own(case.head.handlers):
            for found in _misfits(case, was, now):
                text = f"messages under way: {found.text}"
                yield reason(found.severity, text, "under-way", now, field=found.path)


def _misfits(case: Case, was: Site, now: Site) -> Iterator[Difference]:
    """What publishers of the base gave against what the head takes.

    Where all that was given is seen, it counts, and not what could have been given. Where none of it fitted, there is
    nothing under way: the change is a repair.
    """
    seen = [site for site in case.base.publishers if not site.open]
    if seen and all(
        any(f.severity == "breaking" for f in misfits(site, was)) for site in case.base.publishers
    ):
        return
    for site in seen:
        known = {(found.path, found.severity) for found in misfits(site, was)}
        yield from (found for found in misfits(site, now) if (found.path, found.severity) not in known)
    if len(seen) < len(case.base.publishers) or not seen:
        old, new = (parameters("task", without_types(each.takes or ())) for each in (was, now))
        yield from judge_under_way(old, new).reasons
