"""A key whose letter lies dead holds back its later events on a bus, and no other's."""

import asyncio

import pytest

from pubsub_devtools import BaseEvent, EventBus, event_handler
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.letter import LetterFilter
from pubsub_devtools.resilience.dead_letters.replay import replay


class Paid(BaseEvent):
    number: int


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def shop(request):
    return Shop(is_async=request.param)


class Shop:
    """A bus with one handler that fails on the numbers in ``broken``, and what it has handled."""

    def __init__(self, *, is_async):
        self.handled, self.broken, self.attempts = [], set(), 0
        self.bus = EventBus()

        def handle(event):
            self.attempts += 1
            if event.number in self.broken:
                raise OSError(event.number)
            self.handled.append(event.number)

        @event_handler(Paid, dlq=True, idempotent=True)
        def book(event: Paid) -> None:
            handle(event)

        @event_handler(Paid, dlq=True, idempotent=True)
        async def book_async(event: Paid) -> None:
            handle(event)

        handler = book_async if is_async else book
        self.name = f"{__name__}.{handler.__qualname__}"
        self.letters = self.bus.services.dead_letters = DeadLetters(sequenced=[self.name])
        self.bus.include(handler)

    def pay(self, number, key):
        asyncio.run(self.bus.publish_async(Paid(number), key=key))

    def lying(self):
        return {(letter.key, self.letters.read(letter).number) for letter in self.letters.store.find()}


def test_a_key_waits_behind_its_dead_letter_until_that_is_replayed(shop):
    shop.broken = {1}
    shop.pay(1, "a")
    for number, key in ((2, "a"), (3, "b"), (4, "a"), (5, "")):
        shop.pay(number, key)
    assert shop.handled == [3, 5]
    assert shop.lying() == {("a", 1), ("a", 2), ("a", 4)}
    assert shop.attempts == 3, "what is parked is not tried"

    assert replay(shop.letters, shop.bus).failed == 1
    assert shop.handled == [3, 5], "nothing of the key goes past the letter that failed again"

    shop.broken = set()
    assert replay(shop.letters, shop.bus).replayed == 3
    assert shop.handled == [3, 5, 1, 2, 4]
    assert shop.lying() == set()
    shop.pay(6, "a")
    assert shop.handled[-1] == 6


def test_a_key_is_free_again_when_its_letter_and_what_waits_behind_it_are_dropped(shop):
    shop.broken = {1}
    shop.pay(1, "a")
    shop.pay(2, "a")
    assert shop.letters.drop(LetterFilter(), reason="refunded by hand") == 2
    shop.pay(3, "a")
    assert shop.handled == [3]
