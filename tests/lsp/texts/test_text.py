"""The server's text equals the client's after whatever edits, in every encoding."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools_lsp.texts.moving import difference
from pubsub_devtools_lsp.texts.text import Text, split
from pubsub_devtools_lsp.texts.units import Units
from tests.lsp.texts.client import Client, encodings, offsets, texts


@given(st.data(), texts, encodings)
@settings(max_examples=150, deadline=None)
def test_the_text_equals_the_clients_after_every_edit(data: st.DataObject, text: str, encoding: str) -> None:
    client, held, units = Client(text, encoding), Text(text), Units(encoding)  # type: ignore[arg-type]
    for _ in range(data.draw(st.integers(1, 6))):
        start, end = sorted((data.draw(offsets(client)), data.draw(offsets(client))))
        new = data.draw(texts)
        span = [client.position(each) for each in (start, end)]
        points = [(line, units.column(held.line(line), character)) for line, character in span]
        held.replace(points[0], points[1], new)
        client.replace(start, end, new)
        assert str(held) == client.text
        assert held.lines == split(client.text)


@given(st.data(), texts, texts)
@settings(max_examples=100, deadline=None)
def test_an_edit_says_where_what_stood_beside_it_has_gone(data: st.DataObject, text: str, new: str) -> None:
    client, held = Client(text, "utf-32"), Text(text)
    start, end = sorted((data.draw(offsets(client)), data.draw(offsets(client))))
    before = Client(text, "utf-32")
    moved = held.replace(client.point(start), client.point(end), new)
    client.replace(start, end, new)
    shift = len(new) - (end - start)
    for offset in range(len(text) + 1):
        if not before.can_stand(offset) or start < offset < end:
            continue
        now = offset if offset <= start else offset + shift
        if not client.can_stand(now) or offset in (start, end):
            continue
        assert moved.forward(before.point(offset)) == client.point(now)
        assert moved.back(client.point(now)) == before.point(offset)


@given(texts, texts)
@settings(max_examples=100, deadline=None)
def test_the_difference_of_two_texts_is_an_edit_from_one_to_the_other(old: str, new: str) -> None:
    held = Text(old)
    moved = held.become(new)
    assert str(held) == new
    assert (moved is None) == (old == new)
    if moved is not None:
        assert moved == difference(split(old), split(new))
        assert moved.start <= moved.end
        assert moved.start <= moved.new_end


@given(texts, encodings)
def test_columns_come_back_from_every_encoding(text: str, encoding: str) -> None:
    line, units = text.replace("\r", "").replace("\n", ""), Units(encoding)  # type: ignore[arg-type]
    for column in range(len(line) + 1):
        assert units.column(line, units.character(line, column)) == column


def test_half_a_character_counts_as_before_it() -> None:
    assert Units("utf-16").column("a\U0001f600b", 2) == 1
    assert Units("utf-8").column("é", 1) == 0


def test_positions_behind_the_end_are_the_end() -> None:
    text = Text("one\ntwo")
    text.replace((0, 99), (0, 99), "!")
    text.replace((9, 0), (12, 3), "?")
    assert str(text) == "one!\ntwo?"


def test_form_feeds_and_unicode_line_separators_are_no_ends_of_lines() -> None:
    assert split("a\x0cb\u2028c\x1cd\ne") == ["a\x0cb\u2028c\x1cd\n", "e"]


def test_a_text_that_declares_another_encoding_is_told_so_that_python_reads_it_right() -> None:
    from pubsub_devtools_analysis.syntax.decode import decode

    text = "# -*- coding: latin-1 -*-\nname = 'é'\n"
    assert decode(Text(text).data()).text == text


def test_half_a_surrogate_pair_costs_no_column() -> None:
    assert Text("a\ud83db").data() == b"a?b"


def test_a_large_text_is_edited_fast() -> None:
    from time import perf_counter

    text = Text("x = 1\n" * 200_000)
    start = perf_counter()
    for number in range(200):
        text.replace((number * 900, 0), (number * 900, 1), "yy")
    assert perf_counter() - start < 2
