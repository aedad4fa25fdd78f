"""A share of the proof over the shop: random edits and requests end no server, and its texts stay the client's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lsp.e2e.client import HAS_PROC
from tests.prove.server import prove

SHOP = Path(__file__).parents[3] / "examples" / "shop"


@pytest.mark.skipif(not HAS_PROC, reason="processes are looked at in /proc")
def test_random_edits_and_requests() -> None:
    outcome = prove(400, seed=11, folder=str(SHOP))
    assert not outcome.misses
    assert outcome.figures["count"] == 400
    assert outcome.figures["dropped"]
    assert outcome.figures["fresh_looks"] == 2
