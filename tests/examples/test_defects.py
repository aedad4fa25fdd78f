"""Each check has a file of its own that it finds wrong; the other examples are clean."""

import ast
import re
from pathlib import Path

import pytest

from pubsub_devtools_analysis.checking import check
from pubsub_devtools_analysis.checks.registry import CHECKS

EXAMPLES = Path(__file__).parents[2] / "examples"
DEFECTS = EXAMPLES / "defects"


def marked():
    """File, line and code of every mark."""
    return [
        (path.name, number, code)
        for path in sorted(DEFECTS.glob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for code in re.findall(r"# (PSD\d{3})$", line)
    ]


def test_exactly_the_marked_lines_are_found():
    found = check(DEFECTS, use_cache=False).findings
    assert [(each.place.path, each.place.line, each.code) for each in found] == marked()


def test_each_check_has_its_file():
    by_code = {code: name for name, _, code in marked()}
    assert by_code == {each.code: f"{each.name.replace('-', '_')}.py" for each in CHECKS}
    for name in by_code.values():
        ast.parse((DEFECTS / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "folder",
    ["shop", "miniatures", *(f"miniatures/{p.name}" for p in sorted((EXAMPLES / "miniatures").iterdir()))],
)
def test_the_other_examples_are_clean(folder):
    assert check(EXAMPLES / folder, use_cache=False).findings == ()
