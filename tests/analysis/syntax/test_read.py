"""Whatever stands in a file, reading gives a tree, says what was wrong, and keeps every position."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from textwrap import dedent

import pytest

from pubsub_devtools_analysis.syntax import Reading, read


def codes(reading: Reading) -> list[tuple[int, str]]:
    return [(trouble.line, trouble.code) for trouble in reading.problems]


def source(text: str) -> bytes:
    return dedent(text).lstrip("\n").encode()


class TestValidFiles:
    def test_the_tree_is_that_of_python(self) -> None:
        text = source("""
            def on_order(event):
                mail.send(event.total)
        """)
        reading = read(text)
        assert ast.dump(reading.tree, include_attributes=True) == ast.dump(
            ast.parse(text), include_attributes=True
        )
        assert (reading.dropped, reading.problems) == ((), ())

    def test_libcst_is_not_even_imported(self) -> None:
        script = "import sys; from pubsub_devtools_analysis.syntax import read; read(b'x = 1'); print('libcst' in sys.modules)"
        assert (
            subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
            == "False\n"
        )

    @pytest.mark.filterwarnings("error")
    def test_warnings_of_the_parser_are_silent(self) -> None:
        assert read(b"x = '\\d'\nx is 1\n").problems == ()


class TestBytes:
    def test_a_byte_order_mark_is_no_part_of_the_text(self) -> None:
        assert read(b"\xef\xbb\xbfx = 1").text == "x = 1"

    def test_a_cookie_names_the_encoding(self) -> None:
        reading = read("# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1"))
        assert "é" in reading.text
        assert reading.problems == ()

    def test_a_cookie_on_the_second_line_counts_behind_a_comment_only(self) -> None:
        assert "é" in read("#!/usr/bin/env python\n# coding: latin-1\nx = 'é'\n".encode("latin-1")).text
        assert codes(read("x = 1\n# coding: latin-1\ny = 'é'\n".encode("latin-1"))) == [(3, "encoding")]

    def test_what_cannot_be_decoded_is_replaced_and_reported(self) -> None:
        reading = read(b"a = 1\nb = '\xff'\nc()\n")
        assert codes(reading) == [(2, "encoding")]
        assert len(reading.tree.body) == 3

    def test_an_unknown_encoding_is_reported_and_read_as_utf_8(self) -> None:
        reading = read("# coding: klingon\nx = 'é'\n".encode())
        assert codes(reading) == [(1, "encoding")]
        assert "é" in reading.text

    @pytest.mark.parametrize("name", ["punycode", "idna", "rot13", "hex", "unicode_escape"])
    def test_codecs_that_are_no_encodings_of_text_are_not_used(self, name: str) -> None:
        reading = read(f"# coding: {name}\nx = 1\n".encode())
        assert codes(reading)[0][1] == "encoding"
        assert len(reading.tree.body) == 1

    def test_nul_bytes_do_not_hide_the_rest(self) -> None:
        reading = read(b"a = 1\nb\0 = 2\nc = 3\n")
        assert codes(reading) == [(2, "nul-byte")]
        assert len(reading.tree.body) == 3

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_three_kinds_of_line_ends(self, end: str) -> None:
        tree = read(f"a = 1{end}b = 2{end}type X = int{end}".encode()).tree
        assert [node.lineno for node in tree.body] == [1, 2, 3]

    @pytest.mark.parametrize("character", ["\x0c", "\x1c", "\u2028", "\x85"])
    def test_other_separators_end_no_line(self, character: str) -> None:
        tree = read(f"a = 1  # {character} still a comment\nb = 2\n".encode()).tree
        assert [node.lineno for node in tree.body] == [1, 2]


class TestNewerSyntax:
    """On a Python that knows the syntax `ast` reads it, or the nearest class of its own is used."""

    @pytest.mark.parametrize(
        ("text", "same_as"),
        [
            ("type X = list[int]", "X = list[int]"),
            ("def f[T](a: T): g(a)", "def f(a: T): g(a)"),
            ("class A[T: int = str, *Ts, **P](B): pass", "class A(B): pass"),
            ('f"{x["a"]}"', "f'{x[\"a\"]}'"),
            ("f'{a}{','.join(b)}'", "f'{a}{\",\".join(b)}'"),
            ("try: pass\nexcept A, B: pass", "try: pass\nexcept (A, B): pass"),
            ("t'a{b!r:>3}'", "f'a{b!r:>3}'"),
        ],
    )
    def test_it_is_read_as_the_nearest_older_form(self, text: str, same_as: str) -> None:
        reading = read(text.encode())
        assert {code for _, code in codes(reading)} <= {"newer-syntax"}
        if sys.version_info < (3, 12):
            assert ast.unparse(reading.tree) == ast.unparse(ast.parse(same_as))

    def test_positions_are_exact_in_bytes(self) -> None:
        reading = read("type É = int\né = publish('ü', order)\n".encode())
        call = next(node for node in ast.walk(reading.tree) if isinstance(node, ast.Call))
        assert (call.lineno, call.col_offset, call.end_col_offset) == (2, 5, 25)

    def test_broken_text_that_uses_it(self) -> None:
        reading = read(
            source("""
            type Id = int
            class Shop[T]:
                def place(self):
                    bus.publish(Order(
                def cancel(self):
                    bus.publish(Cancelled())
        """),
            hint=4,
        )
        assert "bus.publish(Cancelled())" in ast.unparse(reading.tree)
        assert reading.dropped == ((4, 4),)


class TestLimits:
    @pytest.mark.parametrize(
        "text",
        [
            "(" * 100_000,
            "[" * 3_000 + "]" * 3_000,
            "x = " + " + ".join(["a"] * 20_000),
            "x = a" + "()" * 20_000,
            "x = a" + ".b" * 20_000,
            "not " * 50_000 + "x",
            "lambda: " * 5_000 + "x",
            "".join(" " * depth + "if a:\n" for depth in range(300)),
            "if a: pass\n" + "elif a: pass\n" * 20_000,
            "type X = int\n" + "(" * 2_000,
            "type X = int\nx = " + " + ".join(["a"] * 20_000) + "\n1 1",
            "type X = int\nx = f'{y['" + "(" * 3_000,
            "'a' " * 50_000,
            "x = 1" + "1" * 10_000,
        ],
        ids=lambda text: f"{text[:12]!r} {len(text)}",
    )
    def test_bottomless_input_ends_soon(self, text: str) -> None:
        start = time.process_time()
        read(text.encode())
        read(f"{text}\n1 1\nx = 1\n".encode(), hint=1)
        assert time.process_time() - start < 4

    def test_ten_megabytes_are_survived(self) -> None:
        start = time.process_time()
        reading = read(b"a.b(c)\n" * 1_500_000)
        assert codes(reading) == [(1, "too-big")]
        assert reading.dropped == ((1, 1_500_001),)
        assert time.process_time() - start < 2

    def test_what_is_too_deep_costs_its_own_statement_only(self) -> None:
        reading = read(f"a()\nx = {'(' * 500}\nb()\n".encode(), hint=2)
        assert ast.unparse(reading.tree).split("\n")[0] == "a()"
        assert ast.unparse(reading.tree).split("\n")[-1] == "b()"
        assert (2, "too-deep") in codes(reading)
