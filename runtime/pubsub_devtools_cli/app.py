"""The root command: a table of subcommands, each imported when it is called, and one place where all of them end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pubsub_devtools_cli.failure import INTERRUPTED, Failure
from pubsub_devtools_cli.main import version

COMMANDS = ("graph", "explain", "check", "diff", "dlq", "lsp", "init", "schema", "generate", "cache")
"""The modules of ``commands``, in the order of the help; each has an ``app``."""


class _Commands(MutableMapping[str, Any]):
    """Subcommands by name; looking one up imports its module."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        if name not in self._loaded:
            module = import_module(f"pubsub_devtools_cli.commands.{name}")
            self._loaded[name] = typer.main.get_command(module.app)
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _LazyGroup(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)


app = typer.Typer(cls=_LazyGroup, rich_markup_mode=None)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version())
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """See and safely change the event flow of Python code.

    Exit codes: 0 done, 1 findings, 2 wrong usage or an ambiguous name, 3 the path could not be read, 130 on Ctrl-C.
    """


def run_app(args: list[str]) -> int:
    """Run the command line; every way to end comes out here as an exit code."""
    command = typer.main.get_command(app)
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    try:
        code = command.main(args or ["--help"], prog_name="pubsub-tools", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        return _reader_left()
    except Failure as failure:
        return _tell(failure.message, failure.code, *failure.details)
    except TyperException as error:
        return _tell(_one_line(error.format_message()) or "see pubsub-tools --help", error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED


def _tell(message: str, code: int, *details: str) -> int:
    print("\n".join([f"pubsub-tools: {message}", *(f"  {line}" for line in details)]), file=sys.stderr)
    return code


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _reader_left() -> int:
    """``| head`` has read enough: that is no error, and the interpreter must not complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _never_fail_to_encode(stream: Any) -> None:
    """A name that the terminal cannot show is shown as an escape; a name must never end a command."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
