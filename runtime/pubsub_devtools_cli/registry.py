"""Which registry a command looks into, and its errors as failures of the command."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pubsub_devtools_cli.application import load_bus
from pubsub_devtools_cli.failure import UNREADABLE, Failure

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry

VARIABLE = "PUBSUB_REGISTRY"

Registry = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="ADDRESS",
        help="A folder, sqlite:FILE, postgresql://HOST/NAME or http(s)://HOST. "
        f"Otherwise ${VARIABLE}, else what --app declares, else the SQLite file of the project's state.",
        show_default=False,
    ),
]


@contextmanager
def opened(address: str | None, app: str | None) -> Generator[SchemaRegistry]:
    """Open the registry that is meant, and close it at the end."""
    from pubsub_devtools.schema.registry.errors import (  # noqa: PLC0415 - each command pays for what it uses
        IncompatibleSchema,
        RegistryError,
        RegistryUnavailable,
        SchemaNotFound,
    )

    try:
        registry = _registry(address, app)
        try:
            yield registry
        finally:
            close = getattr(registry, "close", None)
            if close is not None:
                close()
    except (SchemaNotFound, IncompatibleSchema) as error:
        raise Failure(str(error)) from None
    except RegistryUnavailable as error:
        raise Failure(str(error), UNREADABLE) from None
    except RegistryError as error:
        raise Failure(str(error), UNREADABLE) from None


def _registry(address: str | None, app: str | None) -> SchemaRegistry:
    from pubsub_devtools.schema.registry.opening import open_registry  # noqa: PLC0415

    where = address if address is not None else os.environ.get(VARIABLE, "")
    if where or app is None:
        return open_registry(where)
    return declared(app)


def declared(app: str | None) -> SchemaRegistry:
    """Return what an application declares: importing it fills the default registry."""
    load_bus(app)
    from pubsub_devtools.schema.registry.default import schema_registry  # noqa: PLC0415

    return schema_registry
