"""What a project may say about itself in `[tool.pubsub-devtools]`.

The Struct is the one place where that is written down: errors, JSON Schema and reference are made from it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = ["Checks", "SchemaFile", "Settings", "settings_schema"]

Text = Annotated[str, Meta(min_length=1)]
Codes = tuple[Annotated[str, Meta(pattern=r"^PSD\d{0,3}$")], ...]


class Checks(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"per_file_ignores": "per-file-ignores"},
):
    """What the checks say about the project."""

    select: Annotated[
        Codes,
        Meta(
            description="Codes, or their beginnings, of the only checks that run; their hints are shown too.",
            examples=[["PSD001", "PSD01"]],
        ),
    ] = ()
    ignore: Annotated[
        Codes,
        Meta(
            description="Codes, or their beginnings, of checks that do not run.",
            examples=[["PSD003"]],
        ),
    ] = ()
    severity: Annotated[
        dict[Annotated[str, Meta(pattern=r"^PSD\d{3}$")], Literal["error", "warning", "info", "hint", "off"]],
        Meta(
            description="Severities by code, for all findings of a check, its hints included.",
            examples=[{"PSD003": "info"}],
        ),
    ] = {}
    per_file_ignores: Annotated[
        dict[Text, Codes],
        Meta(
            description="Codes, or their beginnings, that are not told of files, by globs in gitignore style.",
            examples=[{"legacy/": ["PSD002"]}],
        ),
    ] = {}


class SchemaFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of schemas, and the event that it describes."""

    file: Annotated[
        Text,
        Meta(
            description="An Avro (.avsc), JSON Schema (.json) or protobuf (.proto) file, or a glob of some.",
            examples=["schemas/order.avsc"],
        ),
    ]
    event: Annotated[
        str,
        Meta(
            description="The event, wildcards allowed. Left out, the name of the record or of the file is the event's.",
            examples=["orders.placed"],
        ),
    ] = ""
    record: Annotated[
        str,
        Meta(description="The record or message to take, of a file with several.", examples=["OrderPlaced"]),
    ] = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a project. All are optional: known frameworks need none."""

    roots: Annotated[
        tuple[Text, ...],
        Meta(
            description="Folders that imports start from, relative to the project, where they cannot be inferred.",
            examples=[["src", "services/orders"]],
        ),
    ] = ()
    include: Annotated[
        tuple[Text, ...],
        Meta(
            description="Globs in gitignore style; only files that one of them covers are analysed.",
            examples=[["src/", "services/"]],
        ),
    ] = ()
    exclude: Annotated[
        tuple[Text, ...],
        Meta(
            description="Globs in gitignore style; files that one of them covers are left out.",
            examples=[["legacy/", "*_pb2.py"]],
        ),
    ] = ()
    services: Annotated[
        dict[Text, tuple[Text, ...]],
        Meta(
            description="Services by name, each with the globs of its files. The first that covers a file wins.",
            examples=[{"billing": ["src/billing/", "src/invoices/"]}],
        ),
    ] = {}
    service: Annotated[
        str,
        Meta(description="The name of the service that the whole project is.", examples=["billing"]),
    ] = ""
    app: Annotated[
        str,
        Meta(
            description="The application's bus, as `module:bus`, for commands that need its handlers or ask it while it runs.",
            examples=["shop.main:bus"],
        ),
    ] = ""
    state_dir: Annotated[
        str,
        Meta(
            description="The folder that a running bus keeps its files in, relative to the project; `.pubsub` if left out.",
            examples=["var/pubsub"],
        ),
    ] = ""
    dialects: Annotated[
        tuple[dict[str, Any], ...],
        Meta(
            description="Tables that describe a bus of your own, in the form of the built-in frameworks.",
            examples=[[{"name": "our_bus"}]],
        ),
    ] = ()
    checks: Annotated[
        Checks,
        Meta(
            description="What `pubsub-tools check` tells, and how strictly.",
            examples=[{"ignore": ["PSD003"]}],
        ),
    ] = Checks()
    baseline: Annotated[
        str,
        Meta(
            description="A file of findings that are not told, written by `pubsub-tools check --write-baseline`.",
            examples=["pubsub-baseline.json"],
        ),
    ] = ""
    schemas: Annotated[
        tuple[SchemaFile, ...],
        Meta(
            description="Files that declare the payloads of events, relative to the project.",
            examples=[[{"event": "orders", "file": "schemas/order.avsc"}]],
        ),
    ] = ()
    linked: Annotated[
        tuple[Text, ...],
        Meta(
            description="graph.json files of other repositories, relative to the project, shown with this one.",
            examples=[["../billing/graph.json"]],
        ),
    ] = ()
    external: Annotated[
        tuple[Text, ...],
        Meta(
            description="Names of events, wildcards allowed, that are published or handled outside of this code.",
            examples=[["orders.*"]],
        ),
    ] = ()


def settings_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `[tool.pubsub-devtools]`, for editors and validators."""
    made = msgspec.json.schema(Settings)
    schema: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))  # tuples become lists
    inner = schema["$defs"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **inner.pop("Settings"),
        "$defs": inner,
    }
