"""Fields that publishers give and handlers read: the verdict hangs on each consumer."""

from __future__ import annotations

from tests.diffing.conftest import Repository, only, reasons

EVENTS = """\
from pubsub_devtools import BaseEvent

class OrderPlaced(BaseEvent):
    order_id: str
    total: int
"""
HANDLER = """\
from pubsub_devtools import event_handler
from events import OrderPlaced

@event_handler(OrderPlaced)
def on_order(event):
    {body}
"""
SHOP = {
    "events.py": EVENTS,
    "billing/__init__.py": " ",
    "billing/handlers.py": HANDLER.format(body="print(event.total)"),
    "mailer/__init__.py": " ",
    "mailer/handlers.py": HANDLER.format(body="print(event.order_id)"),
    "shop.py": """\
        from pubsub_devtools import EventBus
        from events import OrderPlaced

        bus = EventBus()

        def place():
            bus.publish(OrderPlaced(order_id="1", total=3))
        """,
}


def test_a_lost_field_breaks_those_who_read_it_and_nobody_else(repository: Repository) -> None:
    diff = repository.changed(
        SHOP,
        {
            "events.py": EVENTS.replace("    total: int\n", ""),
            "shop.py": SHOP["shop.py"].replace(", total=3", ""),
        },
    )
    (broken,) = reasons(diff, "breaking")
    assert diff.verdict == "breaking"
    assert (broken.symbol, broken.field) == ("on_order", "total")
    assert broken.place is not None
    assert (broken.place.path, broken.place.line) == ("billing/handlers.py", 6)
    (unread,) = reasons(diff, "compatible")
    assert unread.place is not None
    assert unread.place.path == "mailer/handlers.py"
    assert "not read" in unread.message


def test_a_lost_field_that_nobody_reads_is_compatible(repository: Repository) -> None:
    before = SHOP | {"billing/handlers.py": HANDLER.format(body="print(event.order_id)")}
    diff = repository.changed(before, {"events.py": EVENTS.replace("    total: int\n", "")})
    assert diff.verdict == "compatible"
    assert [(f.name, f.change) for f in only(diff).fields] == [("total", "lost")]


def test_a_lost_field_of_a_message_that_is_handed_on_is_risky_and_says_to_whom(
    repository: Repository,
) -> None:
    body = "import json\n    json.dumps(event)"
    before = SHOP | {"billing/handlers.py": HANDLER.format(body=body)}
    diff = repository.changed(before, {"events.py": EVENTS.replace("    total: int\n", "")})
    assert diff.verdict == "risky"
    assert "json.dumps" in reasons(diff, "risky")[0].message


def test_a_field_with_a_default_is_compatible(repository: Repository) -> None:
    diff = repository.changed(SHOP, {"events.py": EVENTS + '    note: str = ""\n'})
    assert diff.verdict == "compatible"
    assert only(diff).fields[0].change == "gained"


def test_a_required_field_breaks_the_publisher_that_does_not_give_it(repository: Repository) -> None:
    diff = repository.changed(SHOP, {"events.py": EVENTS + "    note: str\n"})
    (broken,) = reasons(diff, "breaking")
    assert (broken.concerns, broken.symbol, broken.field) == ("producer", "place", "note")


def test_a_field_of_another_type_breaks_its_reader(repository: Repository) -> None:
    diff = repository.changed(SHOP, {"events.py": EVENTS.replace("total: int", "total: str")})
    assert [each.symbol for each in reasons(diff, "breaking")] == ["on_order"]
    assert "was int, is str" in reasons(diff, "breaking")[0].message


def test_formatting_comments_and_moved_lines_change_no_contract(repository: Repository) -> None:
    moved = {path: "# a comment\n\n" + text for path, text in SHOP.items() if path != "shop.py"}
    assert repository.changed(SHOP, moved).verdict == "none"


DICT = {
    "app.py": """\
        from kafka import KafkaProducer
        producer = KafkaProducer()

        def place():
            producer.send("orders", {"id": 1, "total": 3})
        """,
    "worker.py": """\
        from kafka import KafkaConsumer

        def work():
            for message in KafkaConsumer("orders"):
                print(message.value["total"])
        """,
}


def test_the_keys_of_a_dict_are_judged_like_a_schema(repository: Repository) -> None:
    diff = repository.changed(DICT, {"app.py": DICT["app.py"].replace(', "total": 3', "")})
    assert [(each.field, each.symbol) for each in reasons(diff, "breaking")] == [("total", "work")]


def test_a_key_that_may_still_be_given_is_risky(repository: Repository) -> None:
    opaque = DICT["app.py"].replace("def place():", "def place(more):").replace('"total": 3', "**more")
    diff = repository.changed(DICT, {"app.py": opaque})
    assert diff.verdict == "risky"
    assert "may no longer be given" in reasons(diff, "risky")[0].message


def test_a_key_sent_to_nobody_here_is_risky_when_it_goes(repository: Repository) -> None:
    before = {"app.py": DICT["app.py"]}
    diff = repository.changed(before, {"app.py": DICT["app.py"].replace(', "total": 3', "")})
    (risk,) = reasons(diff, "risky")
    assert risk.concerns == "elsewhere"


def test_a_topic_is_renamed_with_both_its_ends(repository: Repository) -> None:
    diff = repository.changed(DICT, {path: text.replace("orders", "sales") for path, text in DICT.items()})
    event = only(diff)
    assert (event.change, event.was, event.name) == ("renamed", "kafka:orders", "sales")
    assert (event.verdict, event.sites) == ("breaking", ())
    assert "messages under way" in event.reasons[0].message


def test_a_topic_that_one_end_alone_renames_leaves_its_handler_without_messages(
    repository: Repository,
) -> None:
    diff = repository.changed(DICT, {"app.py": DICT["app.py"].replace("orders", "sales")})
    by_name = {event.name: event for event in diff.events}
    assert (by_name["orders"].verdict, by_name["sales"].change) == ("breaking", "gained")
    assert by_name["orders"].reasons[0].symbol == "work"
