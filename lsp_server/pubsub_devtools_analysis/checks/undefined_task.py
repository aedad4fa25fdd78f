"""PSD019: a task is sent by a name that nothing defines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.spelling import nearness
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Finding
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """Every sure publisher of a task that has no handler, if its module is ours or a task is called nearly so."""
    if event.transport not in TASKS or not context.answers_for(event) or context.all_handlers(event.id):
        return
    hidden = (kind for kind, _ in context.index.unnamed.get(event.transport, ()))
    tasks = _defined(context, event.transport)
    if "handle" in hidden or any(_is_seen_from_elsewhere(event.name, task.name) for task in tasks):
        return
    for site in (s for s in context.sites(event.id, "publish") if s.certainty == "sure" and not s.origin):
        why = _why(context, event)
        meant = _meant(event, tasks)
        if not why and meant is None:
            continue
        message = f"no task is called {shown(event.name)}" + (f": {why}" if why else "")
        message += f"; did you mean {shown(meant.name)}?" if meant is not None else ""
        others = context.sites(meant.id, "handle")[:1] if meant is not None else []
        related = [(other, f"{shown(other.symbol)} is defined here") for other in others]
        yield context.finding("PSD019", message, site, *related, severity="error")


def _defined(context: Context, transport: str) -> list[Event]:
    """The tasks that are defined somewhere."""
    key, none = ("defined", f"transport {transport}", ""), tuple[str, ...]()
    ids = context.memo.get(key, partial(_handled, context, transport), none)
    return [context.index.events[each] for each in ids]


def _handled(context: Context, transport: str) -> tuple[str, ...]:
    return tuple(e for e in context.index.by_transport.get(transport, ()) if context.slips.has(e, "handle"))


def _is_seen_from_elsewhere(name: str, other: str) -> bool:
    """Whether two names may be one task, imported from another folder: `tasks.sweep` and `shop.tasks.sweep`."""
    return f".{name}".endswith(f".{other}") or f".{other}".endswith(f".{name}")


def _why(context: Context, event: Event) -> str:
    """What of a dotted name does not exist, where its beginning is a package of this workspace."""
    module, _, function = event.name.rpartition(".")
    parts = module.split(".")
    resolve = context.modules.resolve
    top = resolve(parts[0], "") if module else None
    if top is None:
        return ""
    file = resolve(module, "")
    if file is None:
        known = next(n for n in range(len(parts) - 1, 0, -1) if n == 1 or resolve(".".join(parts[:n]), ""))
        return f"there is no module {shown('.'.join(parts[: known + 1]))}" if len(parts) > 1 else ""
    facts = None if file.endswith("/") else context.facts(file)
    if facts is None or facts.stars or function in facts.scopes[0].names:
        return ""
    return f"{shown(module)} has no {shown(function)}"


def _meant(event: Event, defined: list[Event]) -> Event | None:
    """A task whose name is nearly the same, or the same function in another module."""
    for other in defined:
        if nearness(event.name, other.name) in ("same", "typo"):
            return other
    last = event.name.rpartition(".")[2]
    namesakes = [other for other in defined if other.name.rpartition(".")[2] == last and "." in event.name]
    return namesakes[0] if len(namesakes) == 1 and len(last) > 3 else None


CHECK = Check(
    code="PSD019",
    name="undefined-task",
    severity="error",
    summary="A task is sent by a name that nothing defines.",
    explanation="""\
Schedules and `send_task` name tasks as text. When the function moves or is renamed the text stays, and the worker answers
with `Received unregistered task`, long after the change, mostly at night.

Reported is a name that no task has, where its dotted path begins with a package of this workspace but leads nowhere (no
such module, or no such function in it), or where a task of nearly the same name exists.

Not reported: tasks of other services and libraries, names in a workspace with a task whose own name is only known at
run time, names that are the end of a task's name (they depend on the folder that the worker starts in), `external` and
linked tasks.

**What to do:** correct the name, or send the task object itself, which Python and every editor check.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "A schedule that was forgotten when a task moved",
            """
# file: shop/__init__.py
# file: shop/tasks.py
from celery import shared_task


@shared_task
def clean_up():
    print("clean")


@shared_task(name="mail.receipt")
def send_receipt(order_id):
    print("receipt", order_id)
# file: shop/app.py
from celery import Celery

app = Celery("shop")
app.conf.beat_schedule = {
    "clean": {"task": "shop.tasks.clean_up", "schedule": 60},
    "sweep": {"task": "shop.tasks.sweep", "schedule": 60},  # PSD019
    "tidy": {"task": "shop.chores.tidy", "schedule": 60},  # PSD019
}


def pay(order_id):
    app.send_task("mail.receipt", args=[order_id])
    app.send_task("mail.reciept", args=[order_id])  # PSD019
""",
        ),
        Sample(
            "Tasks of another service, of a library, and of a name that the workspace cannot know",
            """
# file: shop/__init__.py
# file: shop/app.py
from celery import Celery

app = Celery("shop")
app.conf.beat_schedule = {
    "backend": {"task": "celery.backend_cleanup", "schedule": 60},
    "session": {"task": "sessions.tasks.expire", "schedule": 60},
}


def pay(order_id):
    app.send_task("billing.charge", args=[order_id])
""",
        ),
    ),
)
