"""`pubsub-tools init`: what was recognised, and a configuration to keep it."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pubsub_devtools_analysis.queries.view import counted
from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli import options
from pubsub_devtools_cli.console import say
from pubsub_devtools_cli.engine import load_proposal
from pubsub_devtools_cli.failure import Failure
from pubsub_devtools_cli.pyproject_section import append_section, appended, check_free
from pubsub_devtools_cli.show.words import where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.analysis import Bus, Proposal

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def init(
    path: options.Root = Path(),
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be written, and write nothing.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the proposal as JSON; writes only with --yes.")
    ] = False,
) -> None:
    """Show which frameworks and hand-written buses were recognised, and write them into pyproject.toml."""
    if yes and dry_run:
        raise Failure("--yes and --dry-run exclude each other")
    target = (path if path.is_dir() else path.parent) / "pyproject.toml"
    proposal = load_proposal(path)
    if not json:
        typer.echo("\n".join(_found(proposal)))
    written = _write(target, proposal, ask=not yes) if (yes or not (dry_run or json)) else False
    if json:
        typer.echo(jsonlib.dumps(_as_data(proposal, target if written else None), indent=2))
    elif dry_run and proposal.toml:
        typer.echo(f"\n{appended('', proposal.toml)}", nl=False)
        say(f"Next: add this to {target} with --yes, then see the sites with `pubsub-tools graph`.")


def _found(proposal: Proposal) -> Iterator[str]:
    if not proposal.frameworks and not proposal.buses:
        yield "No framework and no hand-written bus was recognised."
    for name, number in proposal.frameworks:
        yield f"{name}: {counted(number, 'site')}"
    for bus in proposal.buses:
        yield from _bus(bus)
    if not proposal.toml and not proposal.buses:
        yield "Nothing needs to be configured."


def _bus(bus: Bus) -> Iterator[str]:
    """A bus in three lines at most: what it is, how many sites become sure, and what of it cannot be configured."""
    why = f": {clean(bus.why)}" if bus.why else ""
    yield f"Hand-written bus {clean(bus.name)}  {where(bus.place)}{why}"
    if bus.toml:
        yield f"  {counted(bus.sites, 'likely site')} will be sure, once it is configured"
    if bus.doubtful:
        yield f"  {counted(bus.doubtful, 'site')} will stay likely: what the function is called on is not known"
    if bus.left:
        yield f"  cannot be configured: {clean(bus.left)}"


def _write(target: Path, proposal: Proposal, *, ask: bool) -> bool:
    if not proposal.toml:
        return False
    check_free(target)
    if ask and not _agreed(target, proposal):
        say("Nothing was written.")
        return False
    append_section(target, proposal.toml)
    say(f"Wrote {target}. Next: see the sites, now sure, with `pubsub-tools graph`.")
    return True


def _agreed(target: Path, proposal: Proposal) -> bool:
    if not sys.stdin.isatty():
        raise Failure("there is no one to ask: add --yes to write, or --dry-run to look")
    typer.echo(f"\n{appended('', proposal.toml)}")
    return typer.confirm(f"{'Add this to' if target.exists() else 'Create'} {target}?")


def _as_data(proposal: Proposal, written: Path | None) -> dict[str, object]:
    return {
        "frameworks": dict(proposal.frameworks),
        "buses": [
            {
                "name": bus.name,
                "path": bus.place.path,
                "line": bus.place.line,
                "why": bus.why,
                "sites": bus.sites,
                "doubtful": bus.doubtful,
                "left": bus.left,
                "toml": bus.toml,
            }
            for bus in proposal.buses
        ],
        "toml": proposal.toml,
        "written": str(written) if written else None,
    }
