"""Positions between the text that was analysed and the text of now."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools_lsp.texts.drift import Drift
from pubsub_devtools_lsp.texts.text import Text
from tests.lsp.texts.client import Client, offsets, texts


@given(st.data(), texts)
@settings(max_examples=100, deadline=None)
def test_a_place_between_two_characters_that_stayed_is_found_again(data: st.DataObject, text: str) -> None:
    """Every character is one of its kind, so that it can be looked for in the edited text."""
    named = "".join(chr(0x4E80 + at) if char not in "\r\n" else char for at, char in enumerate(text))
    held, drift = Text(named), Drift()
    for number in range(1, data.draw(st.integers(1, 4)) + 1):
        client = Client(str(held), "utf-32")
        start, end = sorted((data.draw(offsets(client)), data.draw(offsets(client))))
        drift.add(number, held.replace(client.point(start), client.point(end), data.draw(texts)))
    before, now = Client(named, "utf-32"), Client(str(held), "utf-32")
    for offset in range(1, len(named)):
        pair = named[offset - 1 : offset + 1]
        at = now.text.find(pair) + 1
        if at > 0 and not {*pair} & {*"\r\n"}:
            assert drift.forward(before.point(offset)) == now.point(at)
            assert drift.back(now.point(at)) == before.point(offset)


def test_typing_inside_a_word_keeps_the_cursor_in_it() -> None:
    text, drift = Text('publish("orders")\n'), Drift()
    drift.add(1, text.replace((0, 12), (0, 12), "X"))
    assert drift.back((0, 13)) == (0, 12)
    assert drift.forward((0, 9)) == (0, 9)
    assert drift.forward((0, 15)) == (0, 16)


def test_what_is_edited_away_is_gone() -> None:
    text, drift = Text("one\ntwo\nthree\n"), Drift()
    drift.add(1, text.replace((0, 1), (2, 1), ""))
    assert drift.forward((1, 2)) is None
    assert drift.forward((2, 3)) == (0, 3)


def test_edits_that_the_analysis_has_seen_no_longer_move_anything() -> None:
    text, drift = Text("a\nb\n"), Drift()
    drift.add(1, text.replace((0, 0), (0, 0), "new\n"))
    drift.add(2, text.replace((0, 0), (0, 0), "newer\n"))
    drift.seen(1)
    assert drift.forward((1, 0)) == (2, 0)
    drift.seen(2)
    assert not drift
