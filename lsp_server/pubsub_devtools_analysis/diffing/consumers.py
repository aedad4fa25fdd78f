"""What a change means to each handler of the head: by the fields that it reads, and by whether anything is published."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pubsub_devtools.model import Site
from pubsub_devtools.model.diff import Reason, Verdict
from pubsub_devtools.schema.compatibility import Reads, judge_consumer, readable
from pubsub_devtools_analysis.diffing.fields import lost_keys
from pubsub_devtools_analysis.diffing.judging import Case, at, capped, reason
from pubsub_devtools_analysis.diffing.pairing import where
from pubsub_devtools_analysis.diffing.records import alike, is_known, record, type_of
from pubsub_devtools_analysis.diffing.telling import UNTOLD, whole


def to_consumers(case: Case) -> Iterator[Reason]:
    """The reasons of all handlers."""
    if case.head.is_theirs:
        return
    if case.base.publishers and not case.head.publishers:
        yield from nothing_published(case)
        return
    for handler in case.head.handlers:
        if case.base.schema and case.head.schema:
            yield from by_schema(case, handler)
        else:
            yield from by_keys(case, handler)
            yield from by_types(case, handler)
            yield from newly_read(case, handler)
    if not case.head.handlers:
        yield from unheard(case)


def nothing_published(case: Case) -> Iterator[Reason]:
    """The last publisher is gone, and handlers wait."""
    gone = {(s.place.path, s.symbol) for s in case.base.publishers}
    hidden = next((u for u in case.unnamed if (u.place.path, u.symbol) in gone), None)
    for handler in case.head.handlers:
        text = f"`{case.base.event.name}` is no longer published"
        if hidden is not None:
            text += f", or under a name that is not known: {hidden.reason} at {hidden.place.path}:{hidden.place.line}"
        if hidden is None and not handler.origin and _is_left_for_what_is_under_way(case):
            text += "; it takes what is under way"
            yield reason("compatible", text, "consumer", handler)
        else:
            yield reason("risky" if hidden else "breaking", text, "consumer", handler)
    if not case.head.handlers:
        yield reason("risky", "it is no longer published; who hears it elsewhere is not known", "elsewhere")


def _is_left_for_what_is_under_way(case: Case) -> bool:
    """Whether a task is no longer sent, and not merely sent under another name: its function goes a release later."""
    return case.head.is_task and not any(where(site) in case.turned for site in case.base.publishers)


def by_schema(case: Case, handler: Site) -> Iterator[Reason]:
    """What the declared shape's change means to a handler."""
    old, new = case.base.schema, case.head.schema
    if old is None or new is None:
        return
    before, now = alike(old.fields, new.fields)
    reads = Reads(tuple(read.name for read in handler.reads), handler.passed_whole_to)
    for found in judge_consumer(record("event", before), record("event", now), reads).reasons:
        if found.code != "added":
            text = found.text.replace(f"the message is passed whole to {UNTOLD}", whole((UNTOLD,)))
            yield reason(found.severity, text, "consumer", _reading(handler, found.path), field=found.path)


def by_keys(case: Case, handler: Site) -> Iterator[Reason]:
    """What it means to a handler that publishers give less."""
    for lost in lost_keys(case):
        text = f"`{lost.name}` is no longer given{lost.by}"
        how = taken(handler, lost.name)
        if how == "required":
            continue  # the judge of producers names who does not give it
        if how == "read":
            verdict: Verdict = "breaking" if lost.sure else "risky"
            words = (
                text
                if lost.sure
                else f"`{lost.name}` may no longer be given{lost.by}: not all that is given can be seen"
            )
            yield reason(verdict, words, "consumer", _reading(handler, lost.name), field=lost.name)
        elif how == "whole":
            words = f"{text}; {whole(handler.passed_whole_to)}"
            yield reason("risky", words, "consumer", handler, field=lost.name)
        elif handler.takes is None or not case.head.is_task:
            yield reason("compatible", f"{text}; it is not read", "consumer", handler, field=lost.name)


def taken(handler: Site, name: str) -> str:
    """How a handler takes a field: as a parameter without a default, by reading it, in a whole that it hands on, or not."""
    param = next((field for field in handler.takes or () if field.name == name), None)
    if param is not None:
        return "required" if param.required else ""
    if any(
        r.name == name or r.name.startswith(f"{name}.") or name.startswith(f"{r.name}.")
        for r in handler.reads
    ):
        return "read"
    return "whole" if handler.passed_whole_to else ""


def by_types(case: Case, handler: Site) -> Iterator[Reason]:
    """What it means to a handler that a field is given as another type; it was inferred, so it is never sure."""
    before, now = case.base.given(), case.head.given()
    for name in sorted(before.keys() & now.keys()):
        old, new = before[name], now[name]
        if old != new and is_known(old) and is_known(new) and taken(handler, name) in ("read", "required"):
            for found in readable(type_of(new), type_of(old), older="reader"):
                text = found.text.replace("the message", f"`{name}`")
                yield reason(
                    capped(found.severity, "risky"), text, "consumer", _reading(handler, name), field=name
                )


def newly_read(case: Case, handler: Site) -> Iterator[Reason]:
    """What a handler reads since this change, and is not given: by anybody, or by messages that are under way."""
    before = case.handlers.before(handler)
    if handler.takes is not None or case.head.is_open or not any(s.keys for s in case.head.publishers):
        return
    known = {read.name for read in before.reads} if before is not None else set[str]()
    now, was = case.head.given(), case.base.given()
    for read in handler.reads:
        first = read.name.partition(".")[0]
        if read.name in known or not first:
            continue
        if not any(name == first or name.startswith(f"{first}.") for name in now):
            yield reason(
                "risky",
                f"`{read.name}` is read, but nobody gives it",
                "consumer",
                _reading(handler, read.name),
                field=read.name,
            )
        elif (
            case.base.is_held
            and not case.base.is_open
            and before is not None
            and not any(name == first or name.startswith(f"{first}.") for name in was)
        ):
            text = f"messages under way lack `{read.name}`; whether {at(handler)} can do without is not known"
            yield reason("risky", text, "under-way", _reading(handler, read.name), field=read.name)


def unheard(case: Case) -> Iterator[Reason]:
    """A field is gone that was sent to somebody out of sight."""
    for lost in lost_keys(case):
        text = f"`{lost.name}` is no longer given{lost.by}; nobody here handles the event, so who reads it is not known"
        yield reason("risky", text, "elsewhere", field=lost.name)


def _reading(handler: Site, path: str) -> Site:
    """The handler, at the place where it reads a field."""
    for read in handler.reads:
        if read.name == path or read.name.startswith(f"{path}."):
            return replace(handler, place=read.place)
    return handler
