"""Every sample of every dialect, analysed alone, gives what it says: nothing missing, nothing more."""

from __future__ import annotations

import ast
import re

import pytest

from pubsub_devtools_analysis.dialect import shipped

from .workspace import files, finds

SAMPLES = [
    pytest.param(sample, id=f"{dialect.name}-{re.sub(r'[^a-z0-9]+', '-', sample.title.lower()).strip('-')}")
    for dialect in shipped()
    for sample in dialect.samples
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_finds(sample):
    assert sorted(finds(sample.code)) == sorted(sample.finds)


@pytest.mark.parametrize("sample", SAMPLES)
def test_is_valid_python(sample):
    for path, text in files(sample.code).items():
        ast.parse(text, path)


@pytest.mark.parametrize("dialect", shipped(), ids=lambda dialect: dialect.name)
def test_shows_what_it_finds_and_what_not(dialect):
    """Each kind that the table has patterns for is shown by a sample, and so is something that is no event."""
    shown = {find.partition(" ")[0] for sample in dialect.samples for find in sample.finds}
    has = {kind for kind in ("publish", "handle") if getattr(dialect, kind)}
    assert has <= shown
    assert len(dialect.samples) >= 4
    assert len({sample.title for sample in dialect.samples}) == len(dialect.samples)
