"""The fields of one event as a table: by publishers and handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli.show.words import DIM, NAME, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.queries.fields import FieldTable, Touch


def fields(found: FieldTable) -> Iterator[RenderableType]:
    """The table, then who may give or read more."""
    yield Text()
    if found.rows:
        yield _grid(found)
    else:
        yield Text("Fields: none is read or given", NAME)
    for site in found.open_publishers:
        yield _more(site, "may give more")
    for site in found.open_handlers:
        yield _more(site, f"may read more: {', '.join(map(clean, site.passed_whole_to))} gets all of it")


def _grid(found: FieldTable) -> Table:
    grid = Table(
        title=Text("Fields", NAME), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False
    )
    for column in ("Field", "Type", "Given by", "Read by"):
        grid.add_column(column, overflow="fold")
    for row in found.rows:
        grid.add_row(
            Text(clean(row.name)),
            Text(clean(row.type) if row.type else ""),
            _touches(row.given),
            _touches(row.read),
        )
    return grid


def _touches(touches: Iterable[Touch]) -> Text:
    lines = [Text.assemble(clean(touch.site.symbol), "  ", (where(touch.place), "cyan")) for touch in touches]
    return Text("\n").join(lines)


def _more(site: Site, what: str) -> Text:
    return Text.assemble(clean(site.symbol), "  ", (where(site.place), "cyan"), (f"  {what}", DIM))
