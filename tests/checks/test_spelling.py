"""Names that may be one misspelt, and names that only look so."""

import pytest

from pubsub_devtools_analysis.checks.spelling import nearness


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("order.created", "order_created", "same"),
        ("orderCreated", "ORDER-CREATED", "same"),
        ("orders.craeted", "orders.created", "typo"),
        ("orders.creatd", "orders.created", "typo"),
        ("orders.createdd", "orders.created", "loose"),
        ("orders.item", "orders.items", None),
        ("orders.parcel", "orders.parcels", "loose"),
        ("orders.updates", "orders.updated", "loose"),
        ("orders.update", "orders.updated", "loose"),
        ("orders.v1", "orders.v2", None),
        ("door.on", "door.off", None),
        ("lights.enabled", "lights.disabled", None),
        ("orders.created", "orders.deleted", None),
        ("orders.created", "order.craeted", None),
        ("mounted", "counted", "loose"),
        ("a.b.created", "a.created", None),
    ],
)
def test_nearness(a, b, expected):
    assert nearness(a, b) == expected
    assert nearness(b, a) == expected
