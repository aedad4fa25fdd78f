"""Every sample of every check: what is marked is found, and nothing else."""

from __future__ import annotations

import ast
import re

import pytest

from pubsub_devtools_analysis.checks.registry import BY_CODE, CHECKS

from .workspace import findings

SAMPLES = [
    pytest.param(
        check, sample, id=f"{check.code}-{re.sub(r'[^a-z0-9]+', '-', sample.title.lower()).strip('-')}"
    )
    for check in CHECKS
    for sample in check.samples
]


@pytest.mark.parametrize(("check", "sample"), SAMPLES)
def test_finds_what_is_marked(check, sample):
    found = {(each.code, each.place.path, each.place.line) for each in findings(sample.files())}
    expected = {(code, *place) for code in BY_CODE for place in sample.expected(code)}
    ours = {each for each in found | expected if each[0] == check.code}
    assert {each for each in found if each in ours} == expected & ours
    assert found == expected


@pytest.mark.parametrize(("check", "sample"), SAMPLES)
def test_is_valid_python(check, sample):
    for path, text in sample.files().items():
        if path.endswith(".py"):
            ast.parse(text, path)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_shows_both_sides(check):
    """Each check has a sample that is found, and code beside it that is not."""
    marked = [bool(sample.expected(check.code)) for sample in check.samples]
    assert any(marked)
    assert len({sample.title for sample in check.samples}) == len(check.samples)
    assert check.summary.endswith(".")
    assert "**What to do:**" in check.explanation


def test_codes_are_unique_and_in_order():
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert len({check.name for check in CHECKS}) == len(CHECKS)
