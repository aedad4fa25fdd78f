from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools_analysis.render.text import clean, columns, lines


@given(st.text(max_size=300))
def test_breaking_a_name_loses_nothing_and_keeps_to_the_width(name: str) -> None:
    rows = lines(name, 20)
    assert "".join(rows) == clean(name)
    assert max(columns(row) for row in rows) <= 20


def test_names_break_at_their_joints() -> None:
    assert lines("warehouse.events.StockReservationExpired", 24) == [
        "warehouse.events.Stock",
        "ReservationExpired",
    ]
