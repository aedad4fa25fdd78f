"""The page that tells how to publish and handle runs."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/runtime-bus.md"


def test_the_page_runs():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 40) == (0, True)
