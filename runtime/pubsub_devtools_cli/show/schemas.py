"""Schemas of a registry as a person reads them at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pubsub_devtools.schema.spelling import spell, spell_limits
from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli.show.words import DIM, NAME

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pubsub_devtools.model.field_type import FieldType, RecordField
    from pubsub_devtools.schema.compatibility.difference import Difference
    from pubsub_devtools.schema.registry.evolution import Evolution
    from pubsub_devtools.schema.registry.values import Check, Registered

_MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_STYLES = {"breaking": "bold red", "risky": "bold yellow", "compatible": "green"}


def subjects(rows: Sequence[tuple[Registered, int, str]]) -> Iterator[RenderableType]:
    """The newest version of each subject, how many there are, and its mode."""
    grid = _grid("Event", "Version", "Versions", "Mode", "Language", "Registered")
    for newest, count, mode in rows:
        grid.add_row(
            clean(newest.subject), newest.version, str(count), mode, newest.schema.type, _time(newest)
        )
    yield grid


def one(registered: Registered, type_: FieldType, mode: str) -> Iterator[RenderableType]:
    """One version with its fields."""
    yield Text.assemble((clean(registered.subject), NAME), f" {registered.version}")
    about = f"version {registered.number} · id {registered.id} · {mode} · {registered.schema.type}"
    yield Text(f"{about} · {_time(registered)}" if registered.registered else about, DIM)
    yield Text()
    fields: Sequence[RecordField] = getattr(type_, "fields", ())
    if not fields:
        yield Text("It has no fields." if hasattr(type_, "fields") else spell(type_))
        return
    grid = _grid("Field", "Type", "Limits", "")
    for field in fields:
        limits = getattr(field.type, "limits", None)
        said = spell_limits(limits) if limits is not None else ""
        presence = "" if field.required else "has a default" if field.default else "optional"
        grid.add_row(clean(field.name), clean(spell(field.type)), clean(said) if said else "", presence)
    yield grid


def history(steps: Sequence[Evolution]) -> Iterator[RenderableType]:
    """Each version with what it changed, the newest first."""
    for number, step in enumerate(reversed(steps)):
        if number:
            yield Text()
        yield Text.assemble((step.registered.version, NAME), ("  " + _time(step.registered), DIM))
        yield from changes(step, first=step is steps[0])


def changes(step: Evolution, *, first: bool = False) -> Iterator[RenderableType]:
    """What one version changed, and who reads whom."""
    if first:
        yield Text("  the first version", DIM)
        return
    for change in step.changes:
        mark, style = _MARKS[change.kind]
        yield Text.assemble((f"  {mark} ", style), clean(change.text))
    if not step.changes:
        yield Text("  no field changed", DIM)
    yield from _verdict("backward", "reads what the version before wrote", step.backward)
    yield from _verdict("forward", "is read by the version before", step.forward)


def check(found: Check, version: str) -> Iterator[RenderableType]:
    """The verdict on one schema, and its reasons."""
    about = f"{clean(found.subject)} {version}".rstrip()
    if found:
        against = f" with {found.history[-1]}" if found.history else ": it is the first"
        yield Text.assemble(("ok  ", "green"), (about, NAME), f"  {found.mode}{against}")
    else:
        yield Text.assemble(("no  ", "bold red"), (about, NAME), f"  not {found.mode} compatible")
    for problem in found.problems:
        yield Text(
            f"      {problem.direction} with {found.history[problem.against]}: {clean(problem.difference.text)}"
        )
    for note in found.notes:
        yield Text(f"      note: {clean(note.difference.text)}", DIM)


def _verdict(direction: str, words: str, found: Sequence[Difference]) -> Iterator[Text]:
    if not found:
        yield Text.assemble(("  ✓ ", "green"), f"{direction}: it {words}")
    for difference in found:
        yield Text.assemble(
            (f"  {difference.severity} ", _STYLES[difference.severity]),
            f"{direction}: ",
            clean(difference.text),
        )


def _grid(*titles: str) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in titles:
        grid.add_column(title, overflow="fold", style=NAME if title == titles[0] else "")
    return grid


def _time(registered: Registered) -> str:
    if not registered.registered:
        return ""
    return datetime.fromtimestamp(registered.registered, UTC).strftime("%Y-%m-%d %H:%M UTC")
