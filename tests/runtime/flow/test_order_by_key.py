"""`Order` and `Queue` against a model that is too simple to be wrong, under a clock that only the test moves."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pubsub_devtools.bus.keyed import Order
from pubsub_devtools.bus.queueing import Queue

keys = st.sampled_from([None, "a", "b", "c"])


class Model:
    """Lists alone: what waits, what runs, in the order of arrival."""

    def __init__(self, workers, batch, window):
        self.workers, self.batch, self.window = workers, batch, window
        self.waiting = []  # (item, key, arrived)
        self.running = []  # (items, key)
        self.flushed = set()

    def startable(self, now):
        """Return the keys that may start, the one with the oldest head first."""
        heads = {}
        for item, key, arrived in self.waiting:
            heads.setdefault(key, (item, arrived))
        found = []
        for key, (item, arrived) in heads.items():
            limit = self.workers if key is None else 1
            count = sum(1 for _, other, _ in self.waiting if other == key)
            ripe = count >= self.batch or item in self.flushed or arrived + self.window <= now
            if ripe and sum(1 for _, other in self.running if other == key) < limit:
                found.append(key)
        return found

    def take(self, now):
        started = []
        while len(self.running) < self.workers and (ready := self.startable(now)):
            key = ready[0]
            mine = [entry for entry in self.waiting if entry[1] == key][: self.batch]
            self.waiting = [entry for entry in self.waiting if entry not in mine]
            items = [item for item, _, _ in mine]
            self.running.append((items, key))
            started.append((key, items))
        return started


class OrderAgainstModel(RuleBasedStateMachine):
    @initialize(workers=st.integers(1, 3), batch=st.integers(1, 3), window=st.sampled_from([0.0, 2.0]))
    def build(self, workers, batch, window):
        self.order = Order(workers, batch=batch, window=window)
        self.model = Model(workers, batch, window)
        self.now, self.count, self.works = 0.0, 0, []

    def same(self):
        started = self.order.take(self.now)
        expected = self.model.take(self.now)
        # Whom a flush or a window makes ready at one moment may be started in any order of keys.
        assert sorted(map(repr, ((work.key, work.items) for work in started))) == sorted(map(repr, expected))
        self.works += started

    @rule(key=keys)
    def add(self, key):
        self.count += 1
        self.order.add(self.count, key, self.now)
        self.model.waiting.append((self.count, key, self.now))
        self.same()

    @precondition(lambda self: self.works)
    @rule(data=st.data())
    def finish(self, data):
        work = self.works.pop(data.draw(st.integers(0, len(self.works) - 1)))
        self.order.finished(work, self.now)
        self.model.running.remove((work.items, work.key))
        self.same()

    @rule(seconds=st.sampled_from([0.5, 1.0, 2.0]))
    def wait(self, seconds):
        self.now += seconds
        self.same()

    @rule()
    def flush(self):
        self.order.flush(self.now)
        self.model.flushed |= {item for item, _, _ in self.model.waiting}
        self.same()

    @precondition(lambda self: self.model.waiting)
    @rule()
    def drop(self):
        assert self.order.drop_oldest() == self.model.waiting.pop(0)[0]
        self.same()

    @rule(key=keys)
    def remove(self, key):
        gone = [item for item, other, _ in self.model.waiting if other == key]
        self.model.waiting = [entry for entry in self.model.waiting if entry[1] != key]
        assert self.order.remove(lambda item: item in gone) == gone

    @invariant()
    def counts_agree(self):
        if hasattr(self, "order"):
            assert len(self.order) == len(self.model.waiting)
            assert self.order.running == len(self.model.running) == len(self.works)

    @invariant()
    def a_window_is_never_slept_through(self):
        if hasattr(self, "order") and self.model.waiting and not self.works:
            assert self.order.next_window() is not None

    def teardown(self):
        """At the end all that waits is handled, and no key stays in memory."""
        if not hasattr(self, "order"):
            return
        self.flush()
        while self.works:
            work = self.works.pop()
            self.order.finished(work, self.now)
            self.model.running.remove((work.items, work.key))
            self.same()
        self.now += 10
        self.same()
        assert self.model.waiting == []
        assert self.order._groups == {}


TestOrderAgainstModel = OrderAgainstModel.TestCase
TestOrderAgainstModel.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


class QueueKeepsEach(RuleBasedStateMachine):
    """What is offered is started, dropped, refused or withdrawn, once; inside there are never more than ``size``."""

    @initialize(
        workers=st.integers(1, 2),
        size=st.one_of(st.none(), st.integers(1, 3)),
        overflow=st.sampled_from(["block", "drop_oldest", "drop_newest", "raise"]),
        batch=st.integers(1, 2),
    )
    def build(self, workers, size, overflow, batch):
        self.now = 0.0
        self.order = Order(workers, batch=batch, window=1.0)
        self.size, self.overflow = size, overflow
        self.queue = Queue(self.order, size=size, overflow=overflow, monotonic=lambda: self.now)
        self.offered, self.fates, self.outside, self.works, self.admitted = [], {}, [], [], []
        self.key = {}
        self.last_started = {}

    def settle(self, change):
        for item in change.admitted:
            assert self.outside.pop(0) is item  # first come, first let in
            self.admitted.append(item)
        for item in change.dropped:
            self.note(item, "dropped")
        for work in change.starts:
            if work.key is not None:
                assert all(other.key != work.key for other in self.works), "two of one key run at once"
                assert all(item[0] > self.last_started.get(work.key, 0) for item in work.items), "overtaken"
                self.last_started[work.key] = work.items[-1][0]
            for item in work.items:
                self.note(item, "started")
            self.works.append(work)

    def note(self, item, fate):
        assert item not in self.fates, f"{item} was {self.fates[item]} and now {fate}"
        self.fates[item] = fate

    @rule(key=keys, may_wait=st.booleans())
    def offer(self, key, may_wait):
        item = (len(self.offered) + 1,)
        full = self.size is not None and len(self.order) >= self.size
        change = self.queue.offer(item, key, may_wait=may_wait)
        self.offered.append(item)
        blocks = full and self.overflow == "block"
        assert change.waits == (blocks and may_wait)
        assert change.refused == ((blocks and not may_wait) or (full and self.overflow == "raise"))
        assert bool(change.dropped) == (full and self.overflow.startswith("drop"))
        if change.waits:
            self.outside.append(item)
        if change.refused:
            self.note(item, "refused")
        self.settle(change)

    @precondition(lambda self: self.works)
    @rule(data=st.data())
    def finish(self, data):
        self.settle(self.queue.finished(self.works.pop(data.draw(st.integers(0, len(self.works) - 1)))))

    @rule(seconds=st.sampled_from([0.3, 1.0]))
    def wait(self, seconds):
        self.now += seconds
        self.settle(self.queue.wake())

    @rule()
    def flush(self):
        self.settle(self.queue.flush())

    @precondition(lambda self: self.offered)
    @rule(data=st.data())
    def withdraw(self, data):
        item = data.draw(st.sampled_from(self.offered))
        withdrawn = self.queue.withdraw(item)
        assert withdrawn == (item in self.outside)
        if withdrawn:
            self.outside.remove(item)
            self.note(item, "withdrawn")

    @rule(even=st.booleans())
    def give_up(self, even):
        for item in self.queue.give_up(lambda item: (item[0] % 2 == 0) == even):
            self.note(item, "given up")
        self.outside = [item for item in self.outside if (item[0] % 2 == 0) != even]
        self.settle(self.queue.wake())

    @invariant()
    def is_bounded(self):
        if hasattr(self, "order"):
            assert self.size is None or len(self.order) <= self.size
            assert len(self.queue) == len(self.order) + len(self.outside)
            unsettled = [item for item in self.offered if item not in self.fates]
            assert len(unsettled) == len(self.queue)

    def teardown(self):
        if not hasattr(self, "order"):
            return
        for _ in range(200):
            self.flush()
            if self.works:
                self.settle(self.queue.finished(self.works.pop(0)))
        assert sorted(self.fates) == self.offered


TestQueueKeepsEach = QueueKeepsEach.TestCase
TestQueueKeepsEach.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_the_oldest_goes_first_whatever_its_key():
    order = Order(workers=1)
    for number in range(6):
        order.add(number, number % 3, 0.0)
    seen = []
    while works := order.take(0.0):
        seen += works[0].items
        order.finished(works[0], 0.0)
    assert seen == [0, 1, 2, 3, 4, 5]
