"""What to tell where an optional package is missing: which extra brings it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["needed"]


def needed(module: str, extra: str) -> Any:
    """Import a module of an optional package. It is untyped, since where types are checked it may not be there.

    Raises:
        ModuleNotFoundError: It is not installed; the message says how to install it.

    Example:
        >>> needed("no_such_package.part", "compression")
        Traceback (most recent call last):
        ModuleNotFoundError: no_such_package is not installed: pip install 'pubsub-devtools[compression]'
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{package} is not installed: pip install 'pubsub-devtools[{extra}]'", name=package
        ) from error
