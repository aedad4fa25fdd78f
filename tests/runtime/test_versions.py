"""A name is heard in all its versions: events are upcast to what a handler takes, or it is refused when it is included."""

import asyncio

import pytest

from pubsub_devtools import BaseEvent, EventBus, EventMigrator, event_handler, event_schema


@event_schema(name="billing.paid", version="1.0.0")
class PaidV1(BaseEvent):
    total: int


@event_schema(name="billing.paid", version="1.1.0")
class PaidV11(BaseEvent):
    total: int
    currency: str


@event_schema(name="billing.paid", version="2.0.0")
class Paid(BaseEvent):
    cents: int
    currency: str


def migrator(*steps):
    ways = {
        "1.1.0": ("1.0.0", lambda payload: payload | {"currency": "EUR"}),
        "2.0.0": (
            "1.1.0",
            lambda payload: {"cents": payload["total"] * 100, "currency": payload["currency"]},
        ),
    }
    made = EventMigrator("billing.paid")
    for to_version in steps:
        from_version, transform = ways[to_version]
        made.register_migration(from_version=from_version, to_version=to_version, transform=transform)
    return made


def test_annotated_handlers_get_their_version_and_others_what_was_published():
    seen = []

    @event_handler("billing.paid", priority=2)
    def by_name(event: Paid):
        seen.append(event)

    @event_handler("billing.*", when=lambda event: event.cents == 300, priority=1)
    async def by_pattern(event: Paid):
        seen.append(event)

    @event_handler("billing.paid")
    def as_published(event):
        seen.append(event)

    bus = EventBus(migrator=migrator("1.1.0", "2.0.0"))
    bus.include(by_name, by_pattern, as_published)
    old = PaidV1(3)
    receipt = bus.publish(old)
    assert seen == [Paid(300, "EUR"), Paid(300, "EUR"), old]
    assert {event.id for event in seen} == {old.id}
    assert receipt.event is old
    seen.clear()
    asyncio.run(bus.publish_async(Paid(5, "USD")))
    assert seen == [Paid(5, "USD"), Paid(5, "USD")]
    bus.close()


def test_a_handler_of_several_versions_gets_what_needs_no_migration_as_it_is():
    seen = []

    @event_handler("billing.paid")
    def both(event: PaidV1 | Paid):
        seen.append(event)

    bus = EventBus(migrator=migrator("1.1.0", "2.0.0"))
    bus.include(both)
    for event in (PaidV1(3), PaidV11(3, "USD"), Paid(4, "USD")):
        bus.publish(event)
    assert seen == [PaidV1(3), Paid(300, "USD"), Paid(4, "USD")]


@pytest.mark.parametrize("steps", [(), ("1.1.0",), ("2.0.0",)])
def test_a_gap_is_an_error_of_include(steps):
    def takes(event: Paid): ...

    with pytest.raises(
        TypeError, match=r"takes takes billing\.paid 2\.0\.0 .* hear billing\.paid 1\.\d\.0 as well"
    ):
        EventBus(migrator=migrator(*steps)).include(event_handler("billing.paid")(takes))


def test_an_older_handler_beside_a_newer_one_is_refused_with_the_way_out():
    def new(event: Paid): ...
    def old(event: PaidV1): ...

    bus = EventBus(migrator=migrator("1.1.0", "2.0.0"))
    bus.include(event_handler("billing.paid")(new))
    with pytest.raises(TypeError, match=r"old takes .*later versions only; take that version, or annotate"):
        bus.include(event_handler("billing.paid")(old))


def test_a_migrator_that_leaves_a_gap_is_refused_and_the_old_one_stays():
    def takes(event: Paid): ...

    bus, good = EventBus(), migrator("1.1.0", "2.0.0")
    bus.include(event_handler("billing.paid")(takes))
    with pytest.raises(TypeError):
        bus.migrator = migrator("1.1.0")
    assert bus.migrator is None
    bus.migrator = good
    assert bus.publish(PaidV1(1)).failures == []


def test_a_migration_that_fails_is_its_handlers_failure():
    broken = EventMigrator("billing.paid")
    for old, new in (("1.0.0", "1.1.0"), ("1.1.0", "2.0.0")):
        broken.register_migration(from_version=old, to_version=new, transform=dict)
    heard = []

    @event_handler("billing.paid", priority=1)
    def takes(event: Paid): ...

    bus = EventBus(migrator=broken)
    bus.include(takes, event_handler("billing.paid")(lambda event: heard.append(event.total)))
    with pytest.raises(ExceptionGroup, match="1 of 2 handlers failed") as caught:
        bus.publish(PaidV1(1))
    assert "billing.paid" in str(caught.value.exceptions[0])
    assert len(heard) == 1
