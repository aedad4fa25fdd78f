"""While somebody types, everything but the statement at the cursor stays, with its positions.

A sample is text with `$0` at the cursor, which is taken out; its line is the hint. What is expected is the calls
that are kept, each with its line and the function it stands in.
"""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from pubsub_devtools_analysis.syntax import Reading, read


def typing(text: str, *, hinted: bool = True) -> Reading:
    before, after = dedent(text).lstrip("\n").split("$0")
    return read((before + after).encode(), before.count("\n") + 1 if hinted else None)


def calls(reading: Reading, *, trusted: bool = True) -> list[str]:
    """`scope: call @line` of every call, without those on dropped lines."""
    untrusted = (
        {line for first, last in reading.dropped for line in range(first, last + 1)} if trusted else set()
    )
    found: list[tuple[int, str]] = []
    todo: list[tuple[ast.AST, str]] = [(reading.tree, "")]
    while todo:
        node, scope = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope = f"{scope}.{node.name}".lstrip(".")
        if isinstance(node, ast.Call) and node.lineno not in untrusted:
            found.append((node.lineno, f"{scope}: {ast.unparse(node.func)} @{node.lineno}"))
        todo.extend((child, scope) for child in ast.iter_child_nodes(node))
    return [text for _, text in sorted(found)]


AROUND = """
class Shop:
    def place(self, order):
        self.check(order)
        {typed}$0
        self.mail(order)

def audit(event):
    log(event)
"""
KEPT = ["Shop.place: self.check @3", "Shop.place: self.mail @5", "audit: log @8"]


@pytest.mark.parametrize(
    "typed",
    [
        "bus.publish(",
        "bus.publish(Order(total=",
        "bus.",
        "x = ",
        "x = 'abc",
        "x = f'{order.",
        'x = """abc',
        "x = [1, {2: (",
        "if order.total >",
        "for each in ",
        "with open(",
        "def inner(",
        "def ",
        "class ",
        "@handler(",
        "@",
        "return return",
        "x = = 1",
        "x = 1)",
        "$ ! ?",
        "lambda: (",
        "else:",
        "await bus.publish(",
    ],
)
def test_the_rest_is_kept_while_a_line_is_typed(typed: str) -> None:
    reading = typing(AROUND.replace("{typed}", typed))
    assert [call for call in calls(reading) if not call.endswith("@4")] == KEPT
    assert all(first <= 4 <= last for first, last in reading.dropped)


def test_the_call_that_is_being_typed_is_in_the_tree_for_completion() -> None:
    reading = typing(AROUND.replace("{typed}", "self.bus.publish(Order(total=order."))
    assert "Shop.place: self.bus.publish @4" in calls(reading, trusted=False)
    assert "Shop.place: self.bus.publish @4" not in calls(reading)


def test_a_broken_header_keeps_its_body() -> None:
    reading = typing("""
        class Shop:
            def place(self, order, $0:
                self.check(order)

            def cancel(self):
                self.undo()
    """)
    assert calls(reading) == ["Shop.place: self.check @3", "Shop.cancel: self.undo @6"]
    assert reading.dropped == ((2, 2),)


def test_a_function_without_a_name_takes_its_body_along_rather_than_lend_it_to_another() -> None:
    reading = typing("""
        def first():
            one()

        def $0:
            two()

        def third():
            three()
    """)
    assert calls(reading) == ["first: one @2", "third: three @8"]


def test_a_line_of_a_call_over_several_lines() -> None:
    reading = typing("""
        def place(order):
            before()
            publish(
                Order,
                total=order.$0
                key=1,
            )
            after()
    """)
    assert calls(reading) == ["place: before @2", "place: after @8"]


def test_a_quote_in_a_docstring() -> None:
    reading = typing('''
        def place(order):
            """Places """$0
            an order.
            """
            after()
    ''')
    assert calls(reading) == ["place: after @5"]


def test_a_bracket_that_was_deleted() -> None:
    reading = typing("""
        def place(order):
            publish(
                order,
            $0
            after()
        last()
    """)
    assert calls(reading) == ["place: after @5", ": last @6"]


def test_pasted_lines() -> None:
    reading = typing("""
        def place(order):
            before()
        > publish(
        > order)$0
            after()
    """)
    assert calls(reading) == ["place: before @2", "place: after @5"]


def test_breaks_in_several_functions() -> None:
    reading = typing("""
        def first():
            one(

        def second():
            two()

        def third():
            three(]

        def fourth():
            four($0
    """)
    assert "second: two @5" in calls(reading)
    assert not {"first: one @2", "third: three @8", "fourth: four @11"} & set(calls(reading))


@pytest.mark.parametrize("hinted", [True, False])
def test_nothing_is_invented_from_the_text_of_a_string(hinted: bool) -> None:
    reading = typing(
        '''
        """Module.

        import shop
        shop.publish(order)
        """$0"""
        def place():
            """Text."""
            real()
    ''',
        hinted=hinted,
    )
    assert not [call for call in calls(reading) if "shop" in call]


def test_without_a_hint_the_reported_line_is_where_to_start() -> None:
    reading = typing(AROUND.replace("{typed}", "x = = 1"), hinted=False)
    assert calls(reading) == KEPT


def test_an_error_is_reported_where_it_is() -> None:
    reading = typing(AROUND.replace("{typed}", "x = = 1"))
    assert [(trouble.line, trouble.code) for trouble in reading.problems] == [(4, "syntax"), (4, "repaired")]


def test_the_same_text_gives_the_same_tree() -> None:
    text = AROUND.replace("{typed}", "x = (\nfoo(]")
    assert ast.dump(typing(text).tree) == ast.dump(typing(text).tree)


@pytest.mark.parametrize("hint", [-1, 0, 99, None])
def test_a_hint_out_of_the_text_does_no_harm(hint: int | None) -> None:
    assert calls(read(b"a()\nb(\nc()\n", hint))[0] == ": a @1"
