"""PSD016: a saga's step cannot be undone, or names an undoing that does not exist."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.facts import Name, ScopeRef
from pubsub_devtools_analysis.layout import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Saga, Step
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import FileFacts, Scope


def find(context: Context, path: str) -> Iterator[Finding]:
    """Steps before the last one that name no compensation, and steps that name one that the class lacks."""
    sagas: tuple[Saga, ...] = () if is_test(path) else context.index.sagas.get(path, ())
    for saga in sagas:
        known = _methods(context, saga)
        for step in saga.steps:
            if not step.compensation and step != saga.steps[-1]:
                after = saga.steps[saga.steps.index(step) + 1].name
                message = (
                    f"step `{step.name}` names no compensating action, so it stays done when `{after}` fails"
                )
                yield _finding(saga, step, message)
            elif step.compensation and known is not None and step.compensation not in known:
                close = difflib.get_close_matches(step.compensation, known - {step.name}, 1)
                hint = f"; did you mean `{close[0]}`?" if close else ""
                message = (
                    f"`{saga.symbol}` has no method `{step.compensation}` to compensate `{step.name}`{hint}"
                )
                yield Finding("PSD016", "error", message, step.place, f"{saga.symbol}.{step.name}")


def _finding(saga: Saga, step: Step, message: str) -> Finding:
    return Finding("PSD016", "warning", message, step.place, f"{saga.symbol}.{step.name}")


def _methods(context: Context, saga: Saga) -> set[str] | None:
    """The names that a saga's class has; nothing where a base class may add some."""
    facts = context.facts(saga.place.path)
    start = (saga.place.line, saga.place.column)
    scopes = facts.scopes if facts is not None else ()
    owner = next((s for s in scopes if s.kind == "class" and s.span[:2] == start), None)
    return _names(facts, owner) if facts is not None and owner is not None else None


def _names(facts: FileFacts, owner: Scope) -> set[str] | None:
    found = set(owner.names)
    for base in owner.bases:
        bindings = facts.scopes[0].names.get(base.id, ()) if isinstance(base, Name) else ()
        value = bindings[-1].value if bindings else None
        inner = facts.scopes[value.index] if isinstance(value, ScopeRef) else None
        names = _names(facts, inner) if inner is not None and inner.kind == "class" else None
        if names is None:
            return None
        found |= names
    return found


CHECK = Check(
    code="PSD016",
    name="saga-compensation",
    severity="warning",
    summary="A saga's step has no compensating action, or one that does not exist.",
    explanation="""\
When a step of a saga fails, the steps before it are undone in reverse order, each by its compensating action. A step
without one stays done: money is kept, goods stay reserved. A name that no method has fails in the very moment in which
things have already gone wrong.

A missing action is a warning on every step but the last, after which nothing of the saga can fail. An unknown name is an
error. Classes with a base class from another file are not judged by their names.

**What to do:** `@step(compensating_action="cancel_flight")`, with a method of that name in the class; where there is
truly nothing to undo, say so with `# pubsub: ignore[PSD016]`.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "A step that cannot be undone, a misspelt name, and a last step that needs none",
            """
from pubsub_devtools import saga, step


@saga("BookTrip")
class BookTrip:
    @step(compensating_action="cancel_flight")
    def book_flight(self) -> None:
        print("flight")

    @step()
    def book_hotel(self) -> None:  # PSD016
        print("hotel")

    @step(compensating_action="cancel_kar")
    def book_car(self) -> None:  # PSD016
        print("car")

    @step()
    def send_tickets(self) -> None:
        print("tickets")

    def cancel_flight(self) -> None:
        print("no flight")

    def cancel_car(self) -> None:
        print("no car")
""",
        ),
        Sample(
            "The action is inherited",
            """
from pubsub_devtools import saga, step


class Undoing:
    def cancel_flight(self) -> None:
        print("no flight")


@saga("BookTrip")
class BookTrip(Undoing):
    @step(compensating_action="cancel_flight")
    def book_flight(self) -> None:
        print("flight")

    @step()
    def send_tickets(self) -> None:
        print("tickets")
""",
        ),
    ),
)
