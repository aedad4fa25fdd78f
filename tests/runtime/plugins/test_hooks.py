"""Slots are called in order, failures stay with the plugin that failed, and what nobody overrides is None."""

import logging
import threading

import pytest

from pubsub_devtools.plugins import Hooks, Plugin
from pubsub_devtools.plugins.registered import SLOTS
from tests.runtime.events import Ping


class Recorder(Plugin):
    def __init__(self, heard=None, label=""):
        self.heard = [] if heard is None else heard
        self.label = label

    def on_event_published(self, event):
        self.heard.append((self.label, event))


class First(Recorder):
    priority = 5


class Broken(Plugin):
    name = "broken"

    def __init__(self):
        self.calls = 0

    def on_event_published(self, event):
        self.calls += 1
        raise RuntimeError("out of order")


def test_a_slot_that_nobody_overrides_is_none():
    hooks = Hooks()
    assert {getattr(hooks, slot) for slot in SLOTS} == {None}
    hooks.register(Recorder())
    assert {slot for slot in SLOTS if getattr(hooks, slot)} == {"on_event_published"}


def test_every_slot_reaches_its_plugin_with_what_it_was_given():
    class Everything(Plugin):
        pass

    heard = []
    for slot in SLOTS:
        setattr(Everything, slot, lambda self, *given, slot=slot: heard.append((slot, given)))
    hooks = Hooks([Everything])
    for slot in SLOTS:
        getattr(hooks, slot)(slot, 1)
    assert heard == [(slot, (slot, 1)) for slot in SLOTS]


def test_plugins_are_called_by_priority_and_then_in_the_order_of_registration():
    heard = []
    hooks = Hooks([Recorder(heard, "a"), Recorder(heard, "b"), First(heard, "first")])
    hooks.on_event_published("e")
    assert [label for label, _ in heard] == ["first", "a", "b"]
    assert [plugin.label for plugin in hooks.plugins] == ["first", "a", "b"]


def test_a_plugin_is_registered_once():
    recorder = Recorder()
    hooks = Hooks([recorder, recorder])
    assert hooks.register(recorder) is recorder
    hooks.on_event_published("e")
    assert len(recorder.heard) == 1


def test_unregistering_by_instance_or_by_name():
    recorder, broken = Recorder(), Broken()
    hooks = Hooks([recorder, broken])
    hooks.unregister("broken")
    hooks.unregister(recorder)
    assert hooks.on_event_published is None
    with pytest.raises(LookupError, match="'broken' is not registered; registered are: none"):
        hooks.unregister("broken")


def test_who_has_compiled_the_slots_in_hears_of_every_change():
    changes = []
    hooks = Hooks()
    hooks.watch(lambda: changes.append(hooks.on_event_published is not None))
    recorder = hooks.register(Recorder)
    hooks.unregister(recorder)
    assert changes == [True, False]


def test_a_failing_plugin_is_logged_and_the_others_are_called(caplog):
    recorder = Recorder()
    hooks = Hooks([Broken, recorder])
    hooks.on_event_published("e")
    assert len(recorder.heard) == 1
    assert "plugin broken failed in on_event_published" in caplog.text
    assert "out of order" in caplog.text


def test_a_plugin_that_fails_again_and_again_is_taken_out(caplog):
    broken, recorder = Broken(), Recorder()
    hooks = Hooks([broken, recorder])
    for _ in range(Hooks.FAILURES_ALLOWED + 5):
        hooks.on_event_published("e")
    assert broken.calls == Hooks.FAILURES_ALLOWED
    assert hooks.plugins == (recorder,)
    assert len(recorder.heard) == Hooks.FAILURES_ALLOWED + 5
    assert caplog.text.count("is taken out") == 1


def test_one_success_ends_the_row_of_failures():
    class Moody(Broken):
        def on_event_published(self, event):
            self.calls += 1
            if self.calls % Hooks.FAILURES_ALLOWED:
                raise RuntimeError

    hooks = Hooks([moody := Moody()])
    logging.getLogger("pubsub_devtools").disabled = True
    try:
        for _ in range(5 * Hooks.FAILURES_ALLOWED):
            hooks.on_event_published("e")
    finally:
        logging.getLogger("pubsub_devtools").disabled = False
    assert moody.calls == 5 * Hooks.FAILURES_ALLOWED


def test_a_plugin_that_was_taken_out_can_be_registered_again():
    hooks = Hooks([broken := Broken()])
    for _ in range(Hooks.FAILURES_ALLOWED):
        hooks.on_event_published("e")
    hooks.register(broken)
    hooks.on_event_published("e")
    assert broken.calls == Hooks.FAILURES_ALLOWED + 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_is_not_held_back(error):
    class Ends(Plugin):
        def on_event_published(self, event):
            raise error

    with pytest.raises(error):
        Hooks([Ends]).on_event_published("e")


def test_a_slot_is_not_called_for_what_it_causes_itself_but_the_others_are():
    class Echo(Plugin):
        priority = 1
        calls = 0

        def on_event_published(self, event):
            self.calls += 1
            hooks.on_event_published(f"echo of {event}")

    recorder = Recorder()
    hooks = Hooks([echo := Echo(), recorder])
    hooks.on_event_published("e")
    hooks.on_event_published("f")
    assert echo.calls == 2
    assert [event for _, event in recorder.heard] == ["echo of e", "e", "echo of f", "f"]


def test_threads_do_not_hide_each_others_events():
    barrier = threading.Barrier(2, timeout=10)

    class Slow(Recorder):
        def on_event_published(self, event):
            barrier.wait()  # passes only while both threads are inside
            super().on_event_published(event)

    hooks = Hooks([slow := Slow()])
    threads = [threading.Thread(target=hooks.on_event_published, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(event for _, event in slow.heard) == [0, 1]


def test_registering_from_many_threads_loses_none():
    hooks = Hooks()
    plugins = [Recorder() for _ in range(40)]
    threads = [threading.Thread(target=hooks.register, args=(plugin,)) for plugin in plugins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hooks.on_event_published(Ping())
    assert [len(plugin.heard) for plugin in plugins] == [1] * 40


def test_a_slot_may_be_given_to_an_instance():
    plugin = Plugin()
    heard = []
    plugin.on_duplicate = lambda handler, event: heard.append((handler, event))
    Hooks([plugin]).on_duplicate("h", "e")
    assert heard == [("h", "e")]


def test_mistakes_are_told_at_registration():
    class Async(Plugin):
        async def on_event_published(self, event):
            pass

    class Wrong(Plugin):
        def on_handler_executed(self, handler):
            pass

    with pytest.raises(TypeError, match=r"on_event_published of plugin .*Async must be a plain function"):
        Hooks([Async])
    with pytest.raises(TypeError, match=r"cannot be called with \(handler, duration\)"):
        Hooks([Wrong])
    with pytest.raises(TypeError, match="is no plugin: derive it from"):
        Hooks([object()])
