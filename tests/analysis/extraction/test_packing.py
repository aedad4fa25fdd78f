"""Facts that are decoded entry by entry are those that are decoded whole."""

from __future__ import annotations

import msgspec
import pytest

from pubsub_devtools_analysis.packing import decode, encode, unpack
from pubsub_devtools_analysis.reading import facts_of

TEXT = b"""
from functools import partial
import bus as b

class Shop:
    def __init__(self, send):
        self.send = send
        send.topic = "orders"

    @b.on("paid")
    def paid(self, order):
        run(order.delay, kw=b.publish)

notify = partial(b.publish, "orders")
decorate("x")(notify)
"""


def test_entries_are_the_same_in_any_order_and_asked_twice() -> None:
    whole = facts_of(TEXT)
    packed = unpack(encode(whole))
    assert [packed.calls[i] for i in reversed(range(len(packed.calls)))] == list(reversed(whole.calls))
    for name in ("scopes", "calls", "stores"):
        parts, entries = getattr(packed, name), getattr(whole, name)
        assert len(parts) == len(entries) > 0
        assert (parts[-1], parts[0:2], list(parts)) == (entries[-1], entries[0:2], entries)
        assert parts[0] is parts[0]


def test_what_was_asked_for_in_part_is_encoded_whole() -> None:
    data = encode(facts_of(TEXT))
    packed = unpack(data)
    assert packed.calls[1].span
    assert decode(encode(packed)) == decode(data)


def test_what_is_no_file_s_facts_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        unpack(b"\x93\x01\x02\x03")


def test_the_summary_says_what_scopes_and_calls_do() -> None:
    facts = facts_of(TEXT)
    said = facts.summary
    assert said.keys == [scope.key for scope in facts.scopes]
    assert said.parents == [scope.parent for scope in facts.scopes]
    assert said.within == [call.scope for call in facts.calls]
    assert [facts.scopes[i].key for i in said.marked] == ["Shop", "Shop.paid"]
    assert [facts.calls[i].name for i in said.decorators] == ["on"]
    assert [facts.calls[i].span[0] for i in said.chained] == [15]
    assert {name: [facts.calls[i].name for i in calls] for name, calls in said.handed.items()} == {
        "delay": ["run"],
        "publish": ["run", "partial"],
    }
    assert said.renamed == {"publish": ["notify", "kw"]}
