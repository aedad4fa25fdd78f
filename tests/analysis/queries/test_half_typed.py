"""Half-typed code is read without a parser; where a parser can read it, both agree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools_analysis.queries.half_typed import HalfTyped, half_typed

REPOSITORY = Path(__file__).parents[3]
REAL = sorted((REPOSITORY / "runtime").rglob("*.py")) + sorted((REPOSITORY / "examples").rglob("*.py"))


def at(code: str) -> HalfTyped:
    """What is typed at the `|`."""
    text, _, rest = code.partition("|")
    found = half_typed(text + rest, len(text))
    assert found is not None, code
    return found


def test_a_string_in_a_call() -> None:
    found = at("bus.publish('ord|')")
    assert (found.kind, found.text, found.quotes) == ("string", "ord", "'")
    assert found.call is not None
    assert (found.call.callee, found.call.position) == ("bus.publish", 0)


def test_what_follows_the_cursor_is_replaced_too() -> None:
    found = at("bus.publish('order.pl|aced', total)")
    assert found.end - found.start == len("order.placed")
    assert (at("publish(Order|Placed())").end) == len("publish(OrderPlaced")


def test_a_string_that_is_not_closed_ends_where_its_word_does() -> None:
    found = at("bus.publish('ord|er, total)")
    assert found.end == len("bus.publish('order")


def test_arguments_that_are_there_already() -> None:
    found = at("publish(OrderPlaced(order.id, total=sum(x for x in y), cur|")
    assert found.call is not None
    assert [(each.name) for each in found.call.given] == ["", "total"]
    assert (found.text, found.call.position) == ("cur", 2)


def test_a_keyword_s_value() -> None:
    found = at("send_task(name='a', queue='|')")
    assert found.call is not None
    assert found.call.name == "queue"


def test_keys_and_values_of_a_dict() -> None:
    key = at("send('a', {'id': 1, 'to|'")
    assert key.around.is_key
    assert key.inner is not None
    assert [each.name for each in key.inner.given] == ["'id'"]
    value = at("send('a', {'id': 1, 'total': '|'")
    assert not value.around.is_key
    assert value.inner is not None
    assert value.inner.name == "'total'"


def test_a_subscript() -> None:
    found = at("event.data['to|']")
    assert found.around.is_key
    assert found.inner is not None
    assert found.inner.callee == "event.data"


@pytest.mark.parametrize(
    ("code", "base"),
    [
        ("event.|", "event"),
        ("event.data.to|", "event.data"),
        ("get_bus().pub|", "get_bus()"),
        ("await self.bus.|", "self.bus"),
        ("if event.|", "event"),
        ("x = [event.|", "event"),
        ("self.buses[0].pub|", "self.buses[]"),
    ],
)
def test_an_attribute(code: str, base: str) -> None:
    found = at(code)
    assert (found.kind, found.base) == ("attribute", base)


def test_a_decorator() -> None:
    assert at("@bus.on('|')\ndef handle(): ...").around.is_decorator
    assert not at("bus.on('|')").around.is_decorator


@pytest.mark.parametrize("code", ["# bus.publish('|", "x = 1  # '|", "x = 12|", "x = 0.5|"])
def test_no_place_for_an_event(code: str) -> None:
    text, _, rest = code.partition("|")
    assert half_typed(text + rest, len(text)) is None


def test_a_comment_above_says_nothing_about_the_line_below() -> None:
    assert at("send(  # the 'first'\n    'a|'").text == "a"


def test_broken_code_above_does_not_reach_a_new_statement() -> None:
    assert at("broken(a, [b\n\ndef g():\n    send('na|').x").around.opened[0].callee == "send"
    assert at("x = foo(\n@bus.on('|'").around.is_decorator


def test_several_lines() -> None:
    found = at("await bus.publish(\n    OrderPlaced(\n        total=1,\n        |\n    )\n)")
    assert found.call is not None
    assert (found.call.callee, found.call.position) == ("OrderPlaced", 1)


def test_a_definition_s_parameters_are_no_arguments() -> None:
    assert at("def handle(event, na|").call is None


@pytest.mark.parametrize(
    ("text", "position", "name"),
    [
        ("bus.on(lambda event, extra=1: 0, na|", 1, ""),
        ("bus.on(lambda: lambda a, b: 0, key=na|", 1, "key"),
        ("bus.on({'a': lambda x, y: 0}, na|", 1, ""),
        ("bus.on(lambda event, na|", 0, ""),
    ],
)
def test_a_lambda_s_parameters_are_no_arguments(text: str, position: int, name: str) -> None:
    call = at(text).call
    assert call is not None
    assert (call.callee, call.position, call.name) == ("bus.on", position, name)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab.\"'()[]{},:=#\\\n\r @f1é\f\u2028", max_size=60), st.integers(0, 60))
def test_any_text_can_be_read(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    found = half_typed(text, offset)
    if found is not None:
        assert text[found.start : offset] == found.text
        assert found.end >= offset


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_call_of_real_code_is_seen_as_the_parser_sees_it(path: Path) -> None:
    text = path.read_text("utf-8")
    offsets = _offsets(text)
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, (ast.Name, ast.Attribute)):
            continue
        callee = ast.unparse(call.func)
        if any(each in callee for each in "()[]'\"{"):
            continue
        given = [*call.args, *(each.value for each in call.keywords)]
        for index, value in enumerate(sorted(given, key=lambda each: (each.lineno, each.col_offset))):
            if isinstance(value, (ast.GeneratorExp, ast.JoinedStr)) or _in_fstring(text, value):
                continue
            offset = offsets[value.lineno - 1] + _points(text, value)
            found = half_typed(text, offset)
            assert found is not None, (path, value.lineno)
            inner = [each for each in found.around.opened if each.kind == "call"][-1]
            keyword = next((each.arg for each in call.keywords if each.value is value), None)
            assert (inner.callee, inner.position, inner.name) == (callee, index, keyword or ""), (
                path,
                value.lineno,
            )


def _offsets(text: str) -> list[int]:
    found = [0]
    for line in text.split("\n"):
        found.append(found[-1] + len(line) + 1)
    return found


def _points(text: str, node: ast.expr) -> int:
    line = text.split("\n")[node.lineno - 1]
    return len(line.encode()[: node.col_offset].decode())


def _in_fstring(text: str, node: ast.expr) -> bool:
    """Whether the parser found it inside a string: its place is not to be trusted there before Python 3.12."""
    segment = ast.get_source_segment(text, node) or ""
    before = text.split("\n")[node.lineno - 1][: node.col_offset]
    try:
        same = ast.dump(ast.parse(segment.strip(), mode="eval").body) == ast.dump(node)
    except SyntaxError:
        same = False
    return not same or "f'" in before or 'f"' in before
