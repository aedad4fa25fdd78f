"""What it means that an event, or the last of its handlers, is gone."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.model.diff import Reason
from pubsub_devtools_analysis.diffing.judging import Case, reason
from pubsub_devtools_analysis.diffing.parties import Parties, own


def of_lost(base: Parties, head: Parties | None) -> Iterator[Reason]:
    """The reasons against an event's end. ``head`` are those who still take part in it: tests, other repositories."""
    name = base.event.name
    handlers = own(base.handlers)
    published = [site for site in base.publishers if not site.origin]
    for site in head.handlers if head is not None and published else ():
        yield reason("breaking", f"`{name}` is no longer published", "consumer", site)
    if base.is_theirs or base.event.pattern:
        return
    if base.is_task and handlers:
        yield reason(
            "breaking", f"messages under way name `{name}`, which no worker has any more", "under-way"
        )
        for site in head.publishers if head is not None else ():
            yield reason("breaking", f"no worker takes `{name}` any more", "producer", site)
    elif base.is_held and published and (handlers or base.declarations):
        yield reason(
            "breaking", f"messages under way in `{name}` are handled by nobody any more", "under-way"
        )
    elif published and not handlers:
        yield reason(
            "risky", "it was published to nobody here; who hears it elsewhere is not known", "elsewhere"
        )
    elif base.is_held and handlers:
        yield reason("risky", "it was handled here; who publishes it elsewhere is heard no more", "elsewhere")


def of_handlers(case: Case) -> Iterator[Reason]:
    """The reasons that the loss of the last handler gives."""
    if case.is_renamed or not own(case.base.handlers) or own(case.head.handlers) or case.head.is_theirs:
        return
    name = case.head.event.name
    if case.head.is_task:
        yield reason("breaking", f"`{name}` is still published, but no worker takes it any more", "under-way")
    elif case.head.is_held and not case.head.handlers:
        yield reason("risky", f"`{name}` is handled by nobody here any more", "elsewhere")


def of_renamed(case: Case) -> Iterator[Reason]:
    """The reasons against another name that nobody here hears."""
    if case.is_renamed and not case.base.is_held and case.base.publishers and not own(case.base.handlers):
        text = f"it was published as `{case.base.event.name}` to nobody here; who hears that elsewhere is not known"
        yield reason("risky", text, "elsewhere")
