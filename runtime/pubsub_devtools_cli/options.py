"""Options that several commands share, so that they are spelled and explained alike."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Root = Annotated[Path, typer.Argument(metavar="PATH", help="The code to look at: a folder or a Python file.")]
RootOption = Annotated[
    Path, typer.Option("--path", metavar="PATH", help="The code to look at: a folder or a Python file.")
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Read settings from this file instead of PATH's pyproject.toml."),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Leave out files, in the form of .gitignore; may be repeated."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")]
Json = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output."),
]
LeastCertainty = Annotated[
    Literal["sure", "likely", "guess"], typer.Option("--certainty", help="The least certainty that is shown.")
]
