"""`pubsub-tools schema check`: may what the application declares today be registered?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from pubsub_devtools_cli import options
from pubsub_devtools_cli.application import App
from pubsub_devtools_cli.commands.schema_looking import resolved
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.failure import FINDINGS
from pubsub_devtools_cli.registry import Registry, declared, opened

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry
    from pubsub_devtools.schema.registry.values import Check, Registered


def check(
    event: Annotated[str | None, typer.Argument(metavar="[EVENT]", help="One event; otherwise all.")] = None,
    *,
    registry: Registry = None,
    app: App = None,
    register: Annotated[
        bool, typer.Option("--register", help="Register them, where all are compatible.")
    ] = False,
    json: options.Json = False,
    output: options.Output = None,
) -> None:
    """Check the newest version of each event that your application declares against a registry.

    Each is judged by its compatibility mode there. Exit codes: 0 all may be registered, 1 some may not, 2 wrong usage,
    3 the registry or the application could not be read.
    """
    # What is declared must not be compared with itself, so that the registry is never the application's own.
    with opened(registry, None) as there:
        ours = declared(app)
        names = [resolved(ours, event)] if event else list(ours.subjects())
        found = [(_checked(there, ours.latest(name)), ours.latest(name)) for name in names]
        good = all(verdict for verdict, _ in found)
        if good and register:
            for name in names:
                _register(there, ours, name)
    _tell(found, json=json, output=output)
    if found and good and register:
        say(f"Registered {len(found)} {'event' if len(found) == 1 else 'events'}.")
    if not good:
        raise typer.Exit(FINDINGS)


def _checked(there: SchemaRegistry, row: Registered) -> Check:
    """Judge a version; one that is registered already must be what it was."""
    from pubsub_devtools.schema.compatibility.difference import Difference  # noqa: PLC0415
    from pubsub_devtools.schema.compatibility.modes import Incompatibility  # noqa: PLC0415
    from pubsub_devtools.schema.registry.errors import RegistryError  # noqa: PLC0415
    from pubsub_devtools.schema.registry.stored import known  # noqa: PLC0415
    from pubsub_devtools.schema.registry.values import Check  # noqa: PLC0415

    rows, mode = there.versions(row.subject), there.compatibility(row.subject)
    try:
        same = known(rows, row.schema, row.label)
    except RegistryError as error:
        index = [other.label for other in rows].index(row.label)
        problem = Incompatibility("backward", index, Difference("", "type", "breaking", str(error)))
        return Check(row.subject, mode, tuple(other.version for other in rows), (problem,))
    return Check(row.subject, mode, (same.version,)) if same else there.check(row.subject, row.schema)


def _register(there: SchemaRegistry, ours: SchemaRegistry, name: str) -> None:
    labels = {known.label for known in there.versions(name)}
    for row in ours.versions(name):
        if row.label not in labels or not row.label:
            there.register(name, row.schema, version=row.label)


def _tell(found: list[tuple[Check, Registered]], *, json: bool, output: options.Output) -> None:
    from pubsub_devtools_cli.show.schemas import check as shown  # noqa: PLC0415

    if json:
        told = [
            {"version": row.version, "ok": bool(verdict), **msgspec.to_builtins(verdict)}
            for verdict, row in found
        ]
        emit(
            msgspec.json.format(msgspec.json.encode({"format": 1, "checks": told}), indent=2).decode() + "\n",
            output,
        )
    elif not found:
        say("The application declares no events: @event_schema(name=..., version=...) declares one.")
    else:
        show((part for verdict, row in found for part in shown(verdict, row.version)), output)
