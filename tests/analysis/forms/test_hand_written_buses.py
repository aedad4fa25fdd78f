"""Forms of hand-written buses, each the smallest project with it, and beside it what only looks like one."""

from pathlib import Path

from tests.analysis.forms.test_holdout_b import found

PAIRS = """\
callbacks = []


class Event: ...


class Started(Event): ...


def subscribe(type, callback):
    callbacks.append((type, callback))


def unsubscribe(type, callback):
    callbacks.remove((type, callback))


def notify(event):
    for type, callback in callbacks:
        if isinstance(event, type):
            callback(event)
"""

PAIRS_USE = """\
import events


class Pool:
    def __init__(self):
        events.subscribe(events.Started, self.on_started)

    def on_started(self, event): ...


def main():
    events.notify(events.Started())
"""


def test_pairs_of_a_type_and_a_handler_in_a_list(tmp_path: Path) -> None:
    sites = found(tmp_path, events=PAIRS, app=PAIRS_USE)
    assert ("handle", "events.Started", "app.py", 8) in sites
    assert ("publish", "events.Started", "app.py", 12) in sites
    assert ("declare", "events.Started", "events.py", 7) in sites


def test_a_list_of_converters_by_type_is_no_bus(tmp_path: Path) -> None:
    converters = """\
converters = [(int, str), (bytes, bytes.decode)]


def convert(value):
    for type, converter in converters:
        if isinstance(value, type):
            return converter(value)
"""
    assert not found(tmp_path, convert=converters, app="import convert\n\nconvert.convert(3)\n")


HELPER = """\
_events = {}


class Registered:
    def __init__(self, name, func):
        self.name = name
        self.func = func

    def __call__(self, *args):
        return self.func(*args)


def get_events(name):
    if name not in _events:
        raise KeyError(name)
    return _events[name]


def has_event_handler(name, func):
    for event in _events[name]:
        if same(event, func):
            return True
    return False


def same(event, func):
    return event.func == func


def add_event_handler(name, func):
    events = _events.setdefault(name, [])
    for event in events:
        if event.func == func:
            raise ValueError(func.__name__)
    event = Registered(name, func)
    events.append(event)


def fire_event(name, *args):
    for event in get_events(name):
        event(*args)
"""

HELPER_USE = """\
from hooks import add_event_handler, fire_event, has_event_handler


def forget(title): ...


def main():
    if not has_event_handler("forget", forget):
        add_event_handler("forget", forget)
    fire_event("forget", "title")
"""


def test_a_helper_looks_the_handlers_up(tmp_path: Path) -> None:
    sites = found(tmp_path, hooks=HELPER, app=HELPER_USE)
    assert ("publish", "forget", "app.py", 10) in sites
    assert ("handle", "forget", "app.py", 4) in sites


def test_a_function_that_only_looks_for_a_handler_publishes_nothing(tmp_path: Path) -> None:
    sites = found(tmp_path, hooks=HELPER, app=HELPER_USE)
    assert {s[3] for s in sites if s[0] == "publish"} == {10}


FILTERED = """\
class Message: ...


class Renamed(Message): ...


class Hub:
    def __init__(self):
        self._subscriptions = {}

    def subscribe(self, subscriber, message_class, handler=None, filter=lambda message: True):
        if not handler:
            handler = subscriber.notify
        self._subscriptions.setdefault(message_class, []).append((handler, filter))

    def broadcast(self, message):
        for handler, test in self._subscriptions.get(type(message), []):
            if test(message):
                handler(message)


class View:
    def __init__(self, hub: Hub):
        hub.subscribe(self, Renamed, handler=self.on_renamed, filter=self.is_mine)

    def is_mine(self, message): ...

    def on_renamed(self, message): ...
"""


def test_a_filter_beside_the_handler_is_no_handler(tmp_path: Path) -> None:
    handled = {s for s in found(tmp_path, hub=FILTERED) if s[0] == "handle"}
    assert handled == {("handle", "hub.Renamed", "hub.py", 28)}


OWN_CLASS = """\
from collections import defaultdict


class Bus:
    def __init__(self):
        self.receivers = defaultdict(list)

    def subscribe(self, type, callback):
        self.receivers[type].append(callback)

    def broadcast(self, message):
        for callback in self.receivers[message.__class__]:
            callback(message)


class Message:
    bus = Bus()

    @classmethod
    def listen(cls, callback):
        cls.bus.subscribe(cls, callback)

    @classmethod
    def announce(cls, *args):
        cls.bus.broadcast(cls(*args))

    def publish(self):
        self.bus.broadcast(self)


class ZoomChanged(Message): ...


class MineEmpty(Message):
    def publish(self):
        super().publish()


def show(message): ...


ZoomChanged.listen(show)
ZoomChanged.announce(2)
MineEmpty().publish()
"""


def test_an_event_is_the_class_that_its_method_is_called_on(tmp_path: Path) -> None:
    sites = found(tmp_path, world=OWN_CLASS)
    assert ("handle", "world.ZoomChanged", "world.py", 39) in sites
    assert ("publish", "world.ZoomChanged", "world.py", 43) in sites
    assert ("publish", "world.MineEmpty", "world.py", 44) in sites
    assert not [s for s in sites if s[1] == "world.Message"]


NAMED_BY_CLASS = """\
class Event:
    def _get_name(self):
        return self.__class__.__name__

    name = property(fget=_get_name)

    @property
    def kind(self):
        return type(self).__name__


class Paused(Event): ...


class Manager:
    def __init__(self):
        self.handlers = {}

    def register(self, event, handler):
        self.handlers.setdefault(event, []).append(handler)

    def emit(self, event):
        for handler in self.handlers[event.KEY]:
            handler(event)


def paused(event): ...


manager = Manager()
manager.register("Paused", paused)
manager.emit(Paused())
"""


def test_a_property_names_an_event_by_its_class(tmp_path: Path) -> None:
    for number, key in enumerate(("name", "kind")):
        sites = found(tmp_path / str(number), app=NAMED_BY_CLASS.replace("KEY", key))
        assert ("publish", "Paused", "app.py", 32) in sites
        assert ("handle", "Paused", "app.py", 27) in sites
        assert ("declare", "Paused", "app.py", 12) in sites


MARKED = """\
import inspect
from collections import defaultdict
from enum import Enum


class Kind(Enum):
    DRAWN = "drawn"


class Event:
    def __init__(self, text: str, type: Kind):
        self.type = type


class Drawn(Event):
    def __init__(self, text: str):
        super().__init__(text, Kind.DRAWN)


class Bus:
    _handlers: dict[Kind, list] = defaultdict(list)

    def register(self, listener):
        for _, method in inspect.getmembers(listener, inspect.ismethod):
            if hasattr(method, "_event_type"):
                self._handlers[getattr(method, "_event_type")].append(method)

    def trigger(self, event: Event):
        for func in self._handlers[event.type]:
            func(event)
"""

MARKED_USE = """\
from bus import Bus, Drawn, Event, Kind


def handles(event_type):
    def decorator(func):
        func._event_type = event_type
        return func

    return decorator


class Game:
    _bus: Bus = Bus()

    @classmethod
    def tell(cls, event: Event):
        cls._bus.trigger(event)


class Card:
    @handles(Kind.DRAWN)
    def on_drawn(self, event): ...


Game.tell(Drawn("a card"))
"""


def test_a_base_constructor_is_given_the_type_and_a_class_method_passes_the_event_on(tmp_path: Path) -> None:
    sites = found(tmp_path, bus=MARKED, cards=MARKED_USE)
    assert ("publish", "drawn", "cards.py", 25) in sites
    assert ("handle", "drawn", "cards.py", 22) in sites


ANNOTATED = """\
class EventHook:
    def __init__(self):
        self._handlers = []

    def add_listener(self, handler):
        self._handlers.append(handler)
        return handler

    def fire(self, **kwargs):
        for handler in self._handlers:
            handler(**kwargs)


class Events:
    started: EventHook
    stopped: EventHook
    _kept: EventHook
    name: str

    def __init__(self):
        for name, value in self.__annotations__.items():
            setattr(self, name, value())
"""


def test_hooks_that_a_class_declares_by_annotation(tmp_path: Path) -> None:
    use = """\
from events import Events


def start(events: Events):
    events.started.fire()
"""
    declared = {s for s in found(tmp_path, events=ANNOTATED, app=use) if s[0] == "declare"}
    assert declared == {
        ("declare", "events.Events.started", "events.py", 15),
        ("declare", "events.Events.stopped", "events.py", 16),
    }


PREFIXED = """\
from collections import defaultdict

_event_listeners = defaultdict(set)


def event_listener(func):
    owner, name = func.__qualname__.split(".")
    assert name.startswith("on_event_")
    _event_listeners[owner].add(name)
    return func
"""

PREFIXED_USE = """\
from util import event_listener


class Wallet:
    @event_listener
    def on_event_saved(self, tx): ...
"""


def test_a_decorator_takes_the_event_from_the_name_of_the_function(tmp_path: Path) -> None:
    assert found(tmp_path, util=PREFIXED, wallet=PREFIXED_USE) == {("handle", "saved", "wallet.py", 6)}


def test_a_decorator_that_checks_a_name_but_keeps_nothing_is_no_bus(tmp_path: Path) -> None:
    checked = PREFIXED.replace("    _event_listeners[owner].add(name)\n", "")
    assert not found(tmp_path, util=checked, wallet=PREFIXED_USE)


RELAY = """\
from generic.event import Manager


def event_handler(*event_types):
    def wrapper(func):
        func.__event_types__ = event_types
        return func

    return wrapper


class EventManager:
    def __init__(self) -> None:
        self._events = Manager()

    def subscribe(self, handler) -> None:
        for event_type in getattr(handler, "__event_types__", ()):
            self._events.subscribe(handler, event_type)

    def handle(self, *events) -> None:
        for event in events:
            self._events.handle(event)
"""

RELAY_USE = """\
from manager import event_handler


class Opened: ...


class Closed: ...


class Window:
    def __init__(self, event_manager, request):
        self.event_manager = event_manager
        event_manager.subscribe(self.changed)
        request.handle(Opened())

    @event_handler(Opened, Closed)
    def changed(self, event): ...

    def close(self):
        self.event_manager.handle(Closed())
"""


def test_a_bus_over_a_library_is_known_by_the_marks_that_it_asks_for(tmp_path: Path) -> None:
    sites = found(tmp_path, manager=RELAY, window=RELAY_USE)
    assert {("handle", f"window.{name}", "window.py", 17) for name in ("Opened", "Closed")} <= sites
    assert ("publish", "window.Closed", "window.py", 20) in sites


def test_a_receiver_of_another_name_is_not_the_bus(tmp_path: Path) -> None:
    sites = found(tmp_path, manager=RELAY, window=RELAY_USE)
    assert {s[3] for s in sites if s[0] == "publish"} == {20}


LOCATOR = """\
import registry


class EventManager:
    def __init__(self):
        self.handlers = {}

    def register(self, event, handler):
        self.handlers.setdefault(event, []).append(handler)

    def emit(self, event, *args):
        for handler in self.handlers[event]:
            handler(*args)


class Client:
    def __init__(self):
        self.event_handlers = {}

    def register(self, event, handler):
        self.event_handlers[event] = handler

    def dispatch(self, event):
        self.event_handlers[event](event)


class Plugin:
    def enable(self):
        registry.get("EventManager").register("torrent_added", self.added)
        registry.get("Preferences").register("page", self.added)

    def added(self, torrent): ...
"""


def test_a_bus_is_fetched_by_the_name_of_its_class(tmp_path: Path) -> None:
    registry = "components = {}\n\n\ndef get(name):\n    return components[name]\n"
    sites = found(tmp_path, plugin=LOCATOR, registry=registry)
    assert sites == {("handle", "torrent_added", "plugin.py", 32)}


QUEUE = """\
class Bus:
    def __init__(self, handlers):
        self.handlers = handlers

    def handle(self, message):
        self.queue = [message]
        while self.queue:
            self._handle(self.queue.pop(0))

    def _handle(self, message):
        for handler in self.handlers[type(message)]:
            handler(message)


class Ordered: ...


def main(bus: Bus):
    bus.handle(Ordered())
"""


def test_a_queue_starts_with_the_message(tmp_path: Path) -> None:
    assert ("publish", "bus.Ordered", "bus.py", 19) in found(tmp_path, bus=QUEUE)


def test_a_list_that_nothing_is_taken_from_is_no_queue(tmp_path: Path) -> None:
    other = QUEUE.replace("self.queue = [message]", "self.seen = [message]")
    assert not found(tmp_path, bus=other)


def test_many_plugins_register_by_one_function(tmp_path: Path) -> None:
    plugin = 'from hooks import add_event_handler\n\n\ndef go(): ...\n\n\nadd_event_handler("go", go)\n'
    files = {f"plugin{number}": plugin for number in range(120)}
    handled = [s for s in found(tmp_path, hooks=HELPER, **files) if s[0] == "handle"]
    assert len(handled) == 120
