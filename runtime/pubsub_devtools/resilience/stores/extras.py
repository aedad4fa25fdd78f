"""Drivers of servers are extras: imported here when a store is made, and missed with the command that installs them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit


class StoreUnavailableError(Exception):
    """A server that keeps state did not answer, or refused. Nothing was acknowledged."""


def driver(module: str, extra: str) -> Any:
    """Return a driver's module.

    Raises:
        ModuleNotFoundError: It is not installed; the message says what to install.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        text = f"this store needs {module}: pip install 'pubsub-devtools[{extra}]'"
        raise ModuleNotFoundError(text, name=error.name) from None


@contextmanager
def reaching(server: str, errors: type[Exception]) -> Generator[None, None, None]:
    """Turn the driver's errors into one that names the server."""
    try:
        yield
    except errors as error:
        problem = str(error).strip().partition("\n")[0] or type(error).__name__
        raise StoreUnavailableError(
            f"{server}: {problem}; look whether it runs and can be reached from here"
        ) from error


def without_password(url: str) -> str:
    """Return a server's address as it may be shown.

    Example:
        >>> without_password("redis://ada:secret@example.org:6379/0")
        'redis://example.org:6379/0'
    """
    parts = urlsplit(url)
    if not parts.netloc:
        return parts.scheme or "the server"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
