"""What the tests of guards share: a handler that follows a script, under a clock that the test sets."""

from pubsub_devtools import BaseEvent
from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome


class Ping(BaseEvent):
    number: int = 0


class Told:
    """Plugins' slots that write down what they are told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, slot):
        if not slot.startswith("on_"):
            raise AttributeError(slot)
        return lambda *arguments: self.told.append((slot, *arguments))


class Turn:
    """Awaited, it hands control to whoever drives the coroutine by hand, once."""

    def __await__(self):
        return (yield self)


def at_once(coroutine):
    """Run a coroutine that never waits; no loop is needed for it."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise AssertionError("it waits")


class World:
    """One guarded handler, whose calls follow a script of results and errors.

    Attributes:
        now: What all clocks show.
        script: What the next calls return, or raise; afterwards they return "done".
        called: When the handler was called.
        takes: Seconds that a call takes.
        draws: The next random numbers; afterwards they are 1.
    """

    def __init__(self, is_async, *guards, hooks=None, **stores):
        self.now, self.script, self.called, self.takes, self.draws = 0.0, [], [], 0.0, []
        self.hooks = hooks or Told()
        stores = {"dead_letters": MemoryDeadLetterSink(), **stores}
        self.services = Services(
            clock=self.clock, monotonic=self.clock, random=self._draw, hooks=self.hooks, **stores
        )
        self.is_async = is_async
        call = self._handle_async if is_async else self._handle
        self.guarded = guarded(call, Handled("shop.pong", "Ping", is_async), guards, self.services)

    def clock(self):
        return self.now

    def call(self, event=None):
        event = event or Ping()
        return at_once(self.guarded(event)) if self.is_async else self.guarded(event)

    def resume(self):
        """Run the first delayed attempt that is due, as a bus does."""
        (attempt,) = self.services.delayed.due(self.now, limit=1)
        outcome = None
        try:
            with resuming(attempt):
                outcome = self.call(attempt.event)
        finally:
            if outcome is not Outcome.DEFERRED:
                self.services.delayed.remove(attempt.id)
        return outcome

    def told(self):
        """Return the slots that were called since the last question."""
        told, self.hooks.told = [slot for slot, *_ in self.hooks.told], []
        return told

    def _draw(self):
        return self.draws.pop(0) if self.draws else 1.0

    def _handle(self, event):
        self.called.append(self.now)
        self.now += self.takes
        result = self.script.pop(0) if self.script else "done"
        if isinstance(result, BaseException):
            raise result
        return result

    async def _handle_async(self, event):
        return self._handle(event)


class MemoryDeadLetterSink:
    """Keeps failed deliveries in a list."""

    def __init__(self):
        self.failed = []

    def put(self, failed):
        self.failed.append(failed)
