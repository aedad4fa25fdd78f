"""Which failures have one cause."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools.resilience.dead_letters.fingerprint import (
    fingerprint,
    normalised,
    traceback_of,
    type_name,
)

CODE = """
import json

class PaymentError(Exception): pass

def charge(order):
    raise PaymentError(f"order {order} of 42 EUR declined")

def on_order(order):
    charge(order)
"""


def run(code, call, name="shop.payments"):
    space = {"__name__": name}
    exec(compile(textwrap.dedent(code), f"{name}.py", "exec"), space)
    try:
        eval(call, space)
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


def test_lines_that_move_and_other_orders_change_nothing():
    first = fingerprint(run(CODE, "on_order('o-1')"))
    moved = CODE.replace("def charge", "# a remark\n\n\nX = 1\n\ndef charge")
    assert fingerprint(run(moved, "on_order('f3a9c1e0-0000-4000-8000-0123456789ab')")) == first
    reordered = "def on_order(order):\n    charge(order)\n" + CODE.partition("def on_order")[0]
    assert fingerprint(run(reordered, "on_order('o-2')")) == first


@pytest.mark.parametrize(
    "change",
    [
        ("declined", "refused"),
        ("PaymentError", "CardError"),
        ("def charge(", "def pay("),
        ("    charge(order)", "    check(order)\ndef check(order):\n    charge(order)"),
    ],
)
def test_another_message_type_or_way_is_another_cause(change):
    other = CODE.replace(*change)
    if "def pay(" in change:
        other = other.replace("    charge(order)", "    pay(order)")
    assert fingerprint(run(CODE, "on_order('o-1')")) != fingerprint(run(other, "on_order('o-1')"))


def test_libraries_on_the_way_are_left_out_but_the_users_lines_stay():
    parse = "import json\ndef on_order(text):\n    return json.loads(text)\n"
    first = run(parse, "on_order('{')")
    assert fingerprint(first) == fingerprint(
        run(parse.replace("json.loads(text)", "json.loads(text, strict=False)"), "on_order('{')")
    )
    renamed = parse.replace("on_order", "on_payment")
    assert fingerprint(first) != fingerprint(run(renamed, "on_payment('{')"))


def test_a_recursion_counts_once_whatever_its_depth():
    deep = "def down(n):\n    if n: return down(n - 1)\n    raise ValueError('bottom')\n"
    assert fingerprint(run(deep, "down(3)")) == fingerprint(run(deep, "down(30)"))


def test_the_error_it_was_raised_from_belongs_to_it():
    chained = "def f(e):\n    try:\n        raise e\n    except Exception as error:\n        raise RuntimeError('failed') from error\n"
    assert fingerprint(run(chained, "f(OSError())")) != fingerprint(run(chained, "f(KeyError())"))


def test_a_chain_in_a_circle_ends():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert len(fingerprint(first)) == 12


MESSAGES = {
    "order 17 failed": "order <n> failed",
    "order o-17 failed": "order <id> failed",
    "user ada@example.org unknown": "user <email> unknown",
    "GET https://api.example.org/v1/orders/17?x=1 gave 503": "GET <url> gave <n>",
    "id f3a9c1e0-0000-4000-8000-0123456789ab": "id <id>",
    "at 2030-01-01T10:00:00.5+02:00": "at <time>",
    "<Order object at 0x7f3b2c>": "<Order object at <address>>",
    "no file /var/lib/shop/a.txt": "no file <path>",
    "took 0.25 s, 1,000 rows, -3": "took <n> s, <n> rows, <n>",
    "'total'": "'total'",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_what_varies_is_left_out_of_messages(message):
    assert normalised(message) == MESSAGES[message]


@given(st.text(max_size=300))
def test_any_message_can_be_normalised_and_stays_so(text):
    once = normalised(text)
    assert len(once) <= 200
    assert fingerprint(ValueError(text)) == fingerprint(ValueError(text))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_never_part_what_belongs_together(one, other):
    assert fingerprint(ValueError(f"row {one} is gone")) == fingerprint(ValueError(f"row {other} is gone"))


def test_long_tracebacks_are_shortened_in_the_middle():
    text = traceback_of(ValueError("x" * 100_000))
    assert len(text) < 33_000
    assert "characters left out" in text
    assert type_name(run(CODE, "on_order(1)")) == "shop.payments.PaymentError"
