from __future__ import annotations

import json as standard
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given

from pubsub_devtools_analysis.queries.explain import explain
from pubsub_devtools_analysis.render.json import FormatError, decode, encode
from tests.analysis.any_graph import graphs
from tests.analysis.render.golden import check
from tests.analysis.shop_graph import PLACED, shop

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


def test_a_graph_comes_back_as_it_was() -> None:
    assert decode(encode(shop())) == shop()
    assert decode(encode(shop(), indent=0).encode()) == shop()


def test_format_1_stays_readable() -> None:
    check("shop.json", encode(shop()))


def test_an_explanation_carries_the_format() -> None:
    assert standard.loads(encode(explain(shop(), PLACED)))["format"] == 1


def test_half_a_surrogate_pair_is_shown_as_an_escape() -> None:
    graph = msgspec.structs.replace(shop(), root="a\ud800b")
    assert decode(encode(graph)).root == "a\\ud800b"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"format": 2, "root": "x"}', "a format unknown here .known: up to 1.: update pubsub-devtools"),
        ('{"root": "x"}', "no event graph: Object missing required field `format`"),
        ('{"format": 1}', "no event graph: Object missing required field `root`"),
        ("[]", "no event graph"),
        ("not json", "no event graph"),
        (b"\xff\xfe", "no event graph"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(text: str | bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        decode(text)


@given(graphs())
def test_every_graph_can_be_written_and_always_alike(graph: EventGraph) -> None:
    text = encode(graph)
    assert text == encode(graph)
    assert encode(decode(text)) == text
