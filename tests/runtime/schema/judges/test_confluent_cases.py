"""The published cases, where a checkout of Confluent's registry is named."""

import os
from pathlib import Path

import pytest

from .confluent_cases import report


def test_disagreements_are_explained():
    given = os.environ.get("SCHEMA_REGISTRY_DIR")
    if not given:
        pytest.skip("SCHEMA_REGISTRY_DIR names no checkout of confluentinc/schema-registry")
    lines, unexplained = report(Path(given))
    assert len(lines) > 6
    assert unexplained == 0, "\n".join(lines)
