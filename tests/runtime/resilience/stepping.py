"""Calls in a loop, one step at a time: who waits for the test goes on when the test says so."""

import asyncio


async def settled():
    """Let every task go as far as it can without the test."""
    for _ in range(20):
        await asyncio.sleep(0)


class Gates:
    """What the code under test waits at, and the test opens in an order of its own."""

    def __init__(self):
        self.waiting = []

    async def wait(self):
        gate = asyncio.get_running_loop().create_future()
        self.waiting.append(gate)
        await gate

    def open(self, place=0):
        """Open one gate of those that somebody waits at."""
        self.waiting = [gate for gate in self.waiting if not gate.done()]
        if self.waiting:
            self.waiting.pop(place % len(self.waiting)).set_result(None)

    async def open_all(self):
        """Open gates until nobody waits."""
        await settled()
        while any(not gate.done() for gate in self.waiting):
            self.open()
            await settled()
