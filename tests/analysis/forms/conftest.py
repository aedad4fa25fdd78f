"""Whatever form of a bus a test here leaves in its folder, `init` can describe it, and then its sites are sure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analysis.acceptance import accept, assert_same_but_sure


@pytest.fixture(autouse=True)
def accepted(request: pytest.FixtureRequest) -> Iterator[None]:
    """After the test: what is proposed for its project changes certainty alone."""
    root: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if root is not None and any(root.rglob("*.py")):
        assert_same_but_sure(accept(root))
