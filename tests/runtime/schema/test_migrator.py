"""Migrations: the shortest way, transforms on payloads and on events, and refusals that say what to do."""

import pickle
import re
from datetime import UTC, datetime
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools import BaseEvent, event_schema, metadata
from pubsub_devtools.schema.migrator import EventMigrator, MigrationError
from pubsub_devtools.schema.versions import is_older, version_rank


@event_schema(name="OrderCreated", version="1.0.0")
class OrderCreatedV1(BaseEvent):
    order_id: str
    total: int
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)


@event_schema(name="OrderCreated", version="2.0.0")
class OrderCreatedV2(BaseEvent):
    order_id: str
    cents: int
    at: datetime


@event_schema(name="OrderCreated", version="3.0.0")
class OrderCreated(BaseEvent):
    order_id: str
    cents: int
    currency: str
    at: datetime


def to_cents(payload):
    payload["cents"] = payload.pop("total") * 100  # changing what it was given is its own affair
    return payload


def add_currency(event: OrderCreatedV2) -> OrderCreated:
    return OrderCreated(event.order_id, event.cents, "EUR", event.at)


def migrator():
    return (
        EventMigrator("OrderCreated")
        .register_migration(from_version="1.0.0", to_version="2.0.0", transform=to_cents)
        .register_migration(from_version="2.0.0", to_version="3.0.0", transform=add_currency)
    )


def test_an_event_is_upcast_through_payloads_and_events_and_keeps_its_id():
    old = OrderCreatedV1("o-1", 3)
    new = migrator().upcast(old, OrderCreated)
    assert new == OrderCreated("o-1", 300, "EUR", old.at)
    assert metadata(new).id == metadata(old).id
    assert old.total == 3


def test_an_event_of_the_class_is_returned_as_it_is():
    event = OrderCreatedV2("o-1", 300, datetime.now(UTC))
    assert migrator().upcast(event, OrderCreatedV2) is event


def test_the_payload_given_is_never_changed():
    payload = {"order_id": "o-1", "total": 3, "lines": [1]}

    def spoil(given):
        given["lines"].append(2)
        return given

    spoiling = EventMigrator().register_migration(from_version="", to_version="1.0.0", transform=spoil)
    assert spoiling.upcast_payload(payload, "", "1.0.0")["lines"] == [1, 2]
    assert payload["lines"] == [1]


def test_payloads_are_json_whatever_a_transform_returns():
    dated = EventMigrator("E").register_migration(
        from_version="1.0.0",
        to_version="2.0.0",
        transform=lambda _: {"at": datetime(2026, 1, 1, tzinfo=UTC), "of": {1}},
    )
    assert dated.upcast_payload({}, "1.0.0", "2.0.0") == {"at": "2026-01-01T00:00:00Z", "of": [1]}


def test_a_decorator_returns_the_function():
    made = EventMigrator("OrderCreated")
    assert made.register_migration(from_version="1.0.0", to_version="2.0.0")(to_cents) is to_cents
    assert made.path("1.0.0", "2.0.0") == ("1.0.0", "2.0.0")
    assert made.versions() == ("1.0.0", "2.0.0")


def refused(call, *words, error=MigrationError):
    with pytest.raises(error) as caught:
        call()
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
    return caught.value


def test_a_gap_is_told_with_the_step_that_is_missing():
    gap = EventMigrator("OrderCreated")
    gap.register_migration(from_version="1.0.0", to_version="2.0.0", transform=to_cents)
    gap.register_migration(from_version="3.0.0", to_version="4.0.0", transform=dict)
    error = refused(
        lambda: gap.upcast_payload({}, "1.0.0", "4.0.0"),
        "OrderCreated 1.0.0 to 4.0.0",
        "as far as 2.0.0",
        "Register 2.0.0 → 3.0.0",
    )
    assert (error.event, error.from_version, error.to_version) == ("OrderCreated", "1.0.0", "4.0.0")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    refused(lambda: EventMigrator("Paid").path("1.0.0", "2.0.0"), "Paid", "Register 1.0.0 → 2.0.0")


def test_downcasting_is_refused_with_the_reason():
    refused(
        lambda: migrator().upcast_payload({}, "3.0.0", "1.0.0"),
        "OrderCreated 3.0.0 cannot become 1.0.0",
        "newer",
    )


def test_a_circle_is_refused_when_it_is_registered():
    made = migrator()
    back = {"from_version": "3.0.0", "to_version": "1.0.0", "transform": dict}
    refused(lambda: made.register_migration(**back), "OrderCreated", "1.0.0 → 2.0.0 → 3.0.0 → 1.0.0")
    same = back | {"to_version": "3.0.0"}
    refused(lambda: made.register_migration(**same), "3.0.0 → 3.0.0", "older version to a newer")


def test_a_second_migration_between_the_same_versions_is_refused():
    again = {"from_version": "1.0.0", "to_version": "2.0.0", "transform": dict}
    refused(
        lambda: migrator().register_migration(**again), "OrderCreated 1.0.0 → 2.0.0", "registered already"
    )


def test_a_transform_that_fails_or_returns_nothing_is_named():
    made = EventMigrator("OrderCreated").register_migration(
        from_version="1.0.0", to_version="2.0.0", transform=lambda payload: payload.update(cents=1)
    )
    refused(lambda: made.upcast_payload({}, "1.0.0", "2.0.0"), "1.0.0 → 2.0.0", "lambda", "returned None")
    error = refused(lambda: migrator().upcast_payload({}, "1.0.0", "2.0.0"), "to_cents", "KeyError: 'total'")
    assert isinstance(error.__cause__, KeyError)
    wrong = EventMigrator("OrderCreated").register_migration(
        from_version="1.0.0", to_version="2.0.0", transform=lambda _: OrderCreatedV1("o", 1)
    )
    refused(lambda: wrong.upcast_payload({}, "1.0.0", "2.0.0"), "returned OrderCreated 1.0.0")


def test_what_does_not_fit_the_class_names_the_field_and_the_way_out():
    short = EventMigrator().register_migration(from_version="1.0.0", to_version="2.0.0", transform=dict)
    refused(
        lambda: short.upcast(OrderCreatedV1("o-1", 3), OrderCreatedV2),
        "OrderCreated 1.0.0 → 2.0.0",
        "OrderCreatedV2",
        "cents: Field required",
        "Give it in the migration",
    )


def test_a_transform_must_fit_what_it_is_registered_for():
    def none() -> dict:
        return {}

    made = EventMigrator("OrderCreated")
    for transform, words in ((none, "takes no argument"), (add_currency, "is OrderCreated 2.0.0")):
        wrong = {"from_version": "1.0.0", "to_version": "2.0.0", "transform": transform}
        refused(lambda wrong=wrong: made.register_migration(**wrong), words, error=TypeError)
    for versions in (("1", "2.0.0"), ("1.0.0", "two")):
        wrong = {"from_version": versions[0], "to_version": versions[1], "transform": dict}
        refused(lambda wrong=wrong: made.register_migration(**wrong), "MAJOR.MINOR.PATCH", error=ValueError)


def test_each_registration_may_name_its_event():
    made = EventMigrator()
    for name in ("Paid", "Sent"):
        made.register_migration(
            from_version="1.0.0", to_version="2.0.0", transform=lambda _, name=name: {"of": name}, event=name
        )
    assert made.upcast_payload({}, "1.0.0", "2.0.0", event="Sent") == {"of": "Sent"}
    refused(lambda: made.upcast_payload({}, "1.0.0", "2.0.0"), "Paid and Sent", "event=")
    of_paid = EventMigrator("Paid")
    wrong = {"from_version": "1.0.0", "to_version": "2.0.0", "transform": dict, "event": "Sent"}
    refused(lambda: of_paid.register_migration(**wrong), "that of Paid", "Sent", error=ValueError)
    refused(lambda: of_paid.path("1.0.0", "2.0.0", event="Sent"), "that of Paid", "Sent")


def test_registrations_without_a_name_serve_one_event_and_no_second():
    made = EventMigrator().register_migration(from_version="1.0.0", to_version="2.0.0", transform=dict)
    assert made.path("1.0.0", "2.0.0", event="Paid") == ("1.0.0", "2.0.0")
    assert made.path("1.0.0", "1.0.0", event="Sent") == ("1.0.0",)
    refused(lambda: made.path("1.0.0", "2.0.0", event="Sent"), "Paid and Sent", "event=")


def test_another_events_class_is_refused():
    class Other(BaseEvent):
        pass

    refused(lambda: migrator().upcast(OrderCreatedV1("o", 1), Other), "OrderCreated cannot become Other")


VERSIONS = [f"{number}.0.0" for number in range(1, 8)]
steps = st.lists(
    st.tuples(st.sampled_from(VERSIONS), st.sampled_from(VERSIONS)).filter(lambda ends: ends[0] < ends[1]),
    unique=True,
    max_size=14,
)


@given(steps, st.sampled_from(VERSIONS), st.sampled_from(VERSIONS))
def test_the_way_is_the_shortest_there_is(edges, start, end):
    made = EventMigrator("E")
    graph = nx.DiGraph()
    graph.add_nodes_from(VERSIONS)
    graph.add_edges_from(edges)
    for old, new in edges:
        made.register_migration(
            from_version=old,
            to_version=new,
            transform=lambda payload, step=(old, new): {"way": [*payload["way"], step]},
        )
    if not nx.has_path(graph, start, end):
        error = refused(lambda: made.path(start, end), "E")
        if start < end:  # what it says to register makes a way
            old, new = re.search(r"Register (\S+) → (\S+)", str(error)).groups()
            made.register_migration(from_version=old, to_version=new, transform=dict)
            assert made.path(start, end)[0] == start
        return
    way = made.upcast_payload({"way": []}, start, end)["way"]
    assert len(way) == nx.shortest_path_length(graph, start, end)
    assert [start, *(new for _, new in map(tuple, way))] == list(made.path(start, end))


@given(st.text(alphabet="0123456789abc.-+", max_size=12))
def test_a_version_is_ranked_or_refused(text):
    try:
        version_rank(text)
    except ValueError as error:
        assert "MAJOR.MINOR.PATCH" in str(error)


def test_versions_are_in_the_order_that_semantic_versioning_gives():
    order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
    ]
    assert all(is_older(old, new) for old, new in pairwise(order))
