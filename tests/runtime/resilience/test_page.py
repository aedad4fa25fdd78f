"""The page that tells of all this runs, and names the guards in the order in which they stand."""

import doctest
import re
from pathlib import Path

from pubsub_devtools.resilience import guard

PAGE = Path(__file__).parents[3] / "docs/how-to/runtime-resilience.md"


def test_the_page_runs():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 20) == (0, True)


def test_the_page_has_the_order_of_the_code():
    rows = re.findall(
        r"^\| (\w[\w ]*?) \| .*\| .*\| .*\|$", PAGE.read_text().partition("## Retry")[0], re.MULTILINE
    )
    told = guard.guarded.__doc__.partition("call: ")[2].partition(", outermost")[0].split(", ")
    assert [row.removesuffix("s") for row in rows[1:]] == told
