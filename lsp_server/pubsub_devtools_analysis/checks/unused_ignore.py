"""PSD100: a comment ignores a finding that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Place
from pubsub_devtools_analysis.checks.check import Check, Sample

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pubsub_devtools_analysis.checks.ignores import Ignore


def unused(
    ignores: Iterable[Ignore], used: Collection[tuple[Place, str]], active: Collection[str]
) -> Iterator[Finding]:
    """A finding for each comment that was needed for none of its codes, or not for all of them.

    Args:
        ignores: all comments.
        used: the comments' places with the codes that each has silenced.
        active: the codes of the checks that ran; of another nobody knows whether it is still needed.
    """
    for ignore in ignores:
        if ignore.codes is None:
            if not any(place == ignore.place for place, _ in used):
                yield Finding(
                    "PSD100",
                    "warning",
                    "this comment ignores nothing: there is no finding on its line",
                    ignore.place,
                )
            continue
        idle = [code for code in ignore.codes if code in active and (ignore.place, code) not in used]
        if idle:
            words = f"there is no {' or '.join(idle)} on this line"
            yield Finding("PSD100", "warning", f"this comment ignores nothing: {words}", ignore.place)


CHECK = Check(
    code="PSD100",
    name="unused-ignore",
    severity="warning",
    summary="A comment ignores a finding that is not there.",
    explanation="""\
The defect was mended and its `# pubsub: ignore[...]` stayed. Left alone it would hide the next one on that line.

A code is judged only when its check runs: with `--select PSD002`, a comment that ignores PSD015 is left in peace.

**What to do:** remove the code from the comment, or the whole comment.
""",
    find=None,
    samples=(
        Sample(
            "A comment that is needed, and two that are not",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderLost(BaseEvent):
    order_id: str


@event_handler(OrderLost)
def search(event: OrderLost) -> None:  # pubsub: ignore[PSD003]
    print("search", event.order_id)


class OrderPlaced(BaseEvent):  # pubsub: ignore[PSD002]  # PSD100
    order_id: str


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:  # pubsub: ignore  # PSD100
    print("confirm", event.order_id)


print("# pubsub: ignore[PSD001]")
event_bus.publish(OrderPlaced(order_id="7"))
""",
        ),
    ),
)
