"""`pubsub-tools schema list | show | history | diff`: what a registry holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from pubsub_devtools_cli import options
from pubsub_devtools_cli.application import App
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.failure import FINDINGS
from pubsub_devtools_cli.registry import Registry, opened

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.evolution import Evolution
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry
    from pubsub_devtools.schema.registry.values import Registered

Event = Annotated[str, typer.Argument(metavar="EVENT", help="The event's name, or the end of one.")]


def list_schemas(
    *, registry: Registry = None, app: App = None, json: options.Json = False, output: options.Output = None
) -> None:
    """List the events of a registry, each with its newest version and its compatibility mode."""
    with opened(registry, app) as there:
        rows = [
            (there.latest(name), len(there.versions(name)), str(there.compatibility(name)))
            for name in there.subjects()
        ]
    if json:
        told = [{**about(row), "versions": count, "mode": mode} for row, count, mode in rows]
        emit(_encoded({"format": 1, "subjects": told}), output)
    elif not rows:
        say(
            "The registry is empty. `registry.register(EventClass)` fills it; --registry or --app names another one."
        )
    else:
        from pubsub_devtools_cli.show.schemas import subjects  # noqa: PLC0415

        show(subjects(rows), output)


def show_schema(
    event: Event,
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="Such as 2.0.0, or its number.")
    ] = "latest",
    *,
    registry: Registry = None,
    app: App = None,
    json: options.Json = False,
    text: Annotated[
        bool, typer.Option("--text", help="Print the schema itself, as it is registered.")
    ] = False,
    output: options.Output = None,
) -> None:
    """Show one version of an event: its fields, or the schema itself."""
    from pubsub_devtools.schema.registry.reading import schema_type  # noqa: PLC0415
    from pubsub_devtools_cli.show.schemas import one  # noqa: PLC0415

    with opened(registry, app) as there:
        found = there.get(resolved(there, event), version)
        mode = there.compatibility(found.subject)
        if text:
            emit(_formatted(found), output)
        elif json:
            emit(_encoded({"format": 1, **about(found), "mode": mode, "schema": _value(found)}), output)
        else:
            show(one(found, schema_type(found.schema), mode), output)


def history(
    event: Event,
    *,
    registry: Registry = None,
    app: App = None,
    json: options.Json = False,
    output: options.Output = None,
) -> None:
    """Tell what each version of an event changed, and which of them read each other."""
    from pubsub_devtools_cli.show.schemas import history as shown  # noqa: PLC0415

    with opened(registry, app) as there:
        steps = there.history(resolved(there, event))
    if json:
        emit(_encoded({"format": 1, "versions": [_step(step) for step in steps]}), output)
    else:
        show(shown(steps), output)


def diff(
    event: Event,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older version.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer version.")] = "latest",
    *,
    registry: Registry = None,
    app: App = None,
    json: options.Json = False,
    output: options.Output = None,
) -> None:
    """Tell what changed between any two versions of an event, and which reads the other.

    Exit codes: 0 both read each other, 1 one of them does not read the other, 2 wrong usage or an unknown name, 3 the
    registry could not be read.
    """
    from pubsub_devtools.schema.registry.evolving import differences  # noqa: PLC0415
    from pubsub_devtools_cli.show.schemas import changes  # noqa: PLC0415

    with opened(registry, app) as there:
        name = resolved(there, event)
        step = differences(there.get(name, old), there.get(name, new))
    if json:
        emit(_encoded({"format": 1, **_step(step)}), output)
    else:
        show(changes(step), output)
    if any(found.severity == "breaking" for found in (*step.backward, *step.forward)):
        raise typer.Exit(FINDINGS)


def resolved(there: SchemaRegistry, event: str) -> str:
    """Return the subject that is meant: the name itself, or the only one that ends with it."""
    from pubsub_devtools_cli.failure import Failure  # noqa: PLC0415

    names = there.subjects()
    ends = [name for name in names if name.endswith((f".{event}", f"/{event}"))]
    if event in names or not ends:
        return event
    if len(ends) > 1:
        raise Failure(f"{event} is ambiguous", details=tuple(ends))
    return ends[0]


def about(row: Registered) -> dict[str, Any]:
    """Return what is told of a version without its schema."""
    return {
        "subject": row.subject,
        "version": row.version,
        "number": row.number,
        "id": row.id,
        "language": row.schema.type,
        "registered": row.registered,
    }


def _step(step: Evolution) -> dict[str, Any]:
    return {
        **about(step.registered),
        "changes": msgspec.to_builtins(step.changes),
        "backward": msgspec.to_builtins(step.backward),
        "forward": msgspec.to_builtins(step.forward),
    }


def _value(row: Registered) -> Any:
    return row.schema.text if row.schema.type == "PROTOBUF" else msgspec.json.decode(row.schema.text)


def _formatted(row: Registered) -> str:
    if row.schema.type == "PROTOBUF":
        return row.schema.text
    return msgspec.json.format(row.schema.text, indent=2) + "\n"


def _encoded(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
