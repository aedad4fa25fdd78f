"""The facts of an edited text, made from those before the edit."""

from __future__ import annotations

from textwrap import dedent

import pytest

from pubsub_devtools_analysis.extraction.splice import edited, splice
from pubsub_devtools_analysis.reading import facts_of
from tests.prove.facts_form import form
from tests.prove.splicing import prove, whole

SHOP = dedent('''
    """A shop."""
    import bus

    TOTAL = 1

    @bus.on("paid")
    def ship(order):
        return bus.emit("shipped", {"id": order.id})

    class Mailer:
        """Sends mail."""
        sender = "shop"

        def __init__(self, smtp):
            self.smtp = smtp

        def send(self, order):
            global LAST
            LAST = [line.sku for line in order.lines]
            bus.emit("mailed", order)

    def last():
        return LAST
''')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"shipped"', '"gone"'),
        ("TOTAL = 1", "TOTAL = 1\nOTHER = bus.connect()"),
        ("TOTAL = 1\n", ""),
        (
            '        bus.emit("mailed", order)\n',
            '        bus.emit("mailed", order)\n        bus.emit("again", order)\n',
        ),
        (
            '        bus.emit("mailed", order)\n',
            '        bus.emit("mailed", order)\n\nclass Other:\n    x = 1\n',
        ),
        ("    sender = ", "    @staticmethod\n    def send(order):\n        pass\n\n    sender = "),
        ("self.smtp = smtp", "self.smtp = self.other = smtp"),
        ("    LAST = [", "    LAST = FIRST = ["),
        ('"""Sends mail."""', '"""Sends no mail."""'),
        ("def last():", "def ship():\n    pass\n\n@bus.on('x')\ndef last():"),
        ('\n"""A shop."""', '# first\n"""A shop."""'),
        (
            '{"id": order.id}',
            "{\n        'id': order.id,\n        'at': [x for x in (lambda: now())()],\n    }",
        ),
    ],
)
def test_an_edit_gives_what_reading_the_whole_text_gives(old: str, new: str) -> None:
    assert old in SHOP
    after = SHOP.replace(old, new, 1)
    made = splice(whole(SHOP.encode()), after.split("\n"))
    assert made is not None
    assert form(made) == form(whole(after.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import bus\n", "import bus, other\n"),
        ("TOTAL = 1", "__all__ = ['TOTAL']"),
        ("def ship(order):", "def ship(order:"),
        ('"""A shop."""', '"""A shop.'),
        ("TOTAL = 1", "from __future__ import annotations"),
    ],
)
def test_what_bears_on_the_whole_file_is_read_whole(old: str, new: str) -> None:
    assert splice(whole(SHOP.encode()), SHOP.replace(old, new, 1).split("\n")) is None


def test_a_text_with_troubles_is_no_ground_to_build_on() -> None:
    broken = SHOP.replace("def last():", "def last(:")
    assert splice(edited(broken.split("\n"), facts_of(broken.encode())), SHOP.split("\n")) is None


def test_edits_of_real_files() -> None:
    outcome = prove(60, seed=3)
    assert not outcome.misses
    assert outcome.figures["same"] > 30
