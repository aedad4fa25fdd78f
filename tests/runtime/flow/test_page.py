"""The page that tells of all this runs."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/how-to/runtime-flow.md"


def test_the_page_runs():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 15) == (0, True)
