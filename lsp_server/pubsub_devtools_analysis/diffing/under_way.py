"""What a change means to messages that a transport holds: written by the base, read by the head."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pubsub_devtools.model import FieldUse, Site
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
            for found in dict.fromkeys(_misfits(case, was, now)):
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
        yield from (
            found
            for found in misfits(_placed(site, was, now), now)
            if (found.path, found.severity) not in known
        )
        yield from _shifted(site, was, now)
    if len(seen) < len(case.base.publishers) or not seen:
        old, new = (parameters("task", without_types(each.takes or ())) for each in (was, now))
        left_out = {field.name for field in old.fields if not field.required}
        for found in judge_under_way(old, new).reasons:
            if found.code == "extra" and found.path in left_out:
                text = f"`{found.path}` may be given, and is refused"
                yield replace(found, severity="risky", text=text)
            else:
                yield found


def _shifted(site: Site, was: Site, now: Site) -> Iterator[Difference]:
    """Values that were given by their place, where another parameter stands now."""
    before, after = _places(was), _places(now)
    for key in site.keys:
        if key.positional and key.name in before:
            place = before.index(key.name)
            other = after[place] if place < len(after) else ""
            if other and other != key.name and (other in before or key.name in after):
                text = f"what was given for `{key.name}` by its place goes to `{other}`"
                yield Difference(key.name, "type", "breaking", text)


def _placed(site: Site, was: Site, now: Site) -> Site:
    """The site with what it gave by place named as the parameters of these places are now."""
    before, after = _places(was), _places(now)

    def named(key: FieldUse) -> FieldUse:
        place = before.index(key.name) if key.positional and key.name in before else len(after)
        return replace(key, name=after[place]) if place < len(after) else key

    return replace(site, keys=tuple(map(named, site.keys)))


def _places(handler: Site) -> list[str]:
    return [field.name for field in handler.takes or () if not field.name.startswith("*")]
