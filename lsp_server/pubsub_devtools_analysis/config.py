"""The settings of a project: `[tool.pubsub-devtools]` in its pyproject.toml.

The Struct is the one place where they are written down: the errors, the JSON Schema and the reference come from it.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

__all__ = ["Settings"]

Table = dict[str, Any]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a project may say about itself. All of it is optional: known frameworks need no configuration."""

    roots: Annotated[
        tuple[str, ...],
        Meta(
            description="Folders that imports start from, relative to the project, where they cannot be inferred.",
            examples=[["src", "services/orders"]],
        ),
    ] = ()
    include: Annotated[
        tuple[str, ...],
        Meta(
            description="Globs in gitignore style; only files that one of them covers are analysed.",
            examples=[["src/", "services/"]],
        ),
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Globs in gitignore style; files that one of them covers are left out.",
            examples=[["legacy/", "*_pb2.py"]],
        ),
    ] = ()
    services: Annotated[
        dict[str, tuple[str, ...]],
        Meta(
            description="Services by name, each with the globs of its files. The first that covers a file wins.",
            examples=[{"billing": ["src/billing/", "src/invoices/"]}],
        ),
    ] = {}
    service: Annotated[
        str,
        Meta(
            description="The name of the service that this project is, where all of it is one.",
            examples=["billing"],
        ),
    ] = ""
    dialects: Annotated[
        tuple[Table, ...],
        Meta(
            description="Tables that describe a bus of your own, in the form of the built-in frameworks.",
            examples=[[{"name": "our_bus", "publish": ["app.bus.Bus.emit"], "handle": ["@app.bus.on"]}]],
        ),
    ] = ()
    linked: Annotated[
        tuple[str, ...],
        Meta(
            description="graph.json files of other repositories, relative to the project, to be shown with this one.",
            examples=[["../billing/graph.json"]],
        ),
    ] = ()
    external: Annotated[
        tuple[str, ...],
        Meta(
            description="Names of events, with wildcards, that are published or handled outside of this code.",
            examples=[["orders.*"]],
        ),
    ] = ()
