"""Forms that the fifth held-out set showed, each the smallest project with it, and beside it what only looks like one."""

from pathlib import Path

from pubsub_devtools_analysis.analysis import analyze
from tests.analysis.forms.test_holdout_b import found

EVENTS = """\
class BaseEvent: ...


class Started(BaseEvent): ...


class Ended(BaseEvent): ...
"""

SETS = """\
from typing import Any, Final

from events import BaseEvent


class Bus:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance._handlers = {}
        return cls._instance

    def _register(self, event_type: type[BaseEvent], handler, after=None):
        with self._lock:
            known = self._handlers.get(event_type, frozenset())
            self._handlers[event_type] = known | {handler}

    def on(self, event_type: type[BaseEvent], after=None):
        def decorator(handler):
            self._register(event_type, handler, after=after)
            return handler

        return decorator

    def _call(self, source, event, handlers):
        for handler in handlers:
            handler(source, event)

    def emit(self, source: Any, event: BaseEvent):
        event_type = type(event)
        with self._lock:
            handlers = self._handlers.get(event_type, frozenset())
        if handlers:
            self._pool.submit(self._call, source, event, handlers)

    async def aemit(self, source: Any, event: BaseEvent):
        self._ready.append((source, event))


bus: Final[Bus] = Bus()
"""

SETS_USE = """\
from bus import Bus, bus
from events import Ended, Started


class Crew:
    async def run(self):
        bus.emit(self, Started())
        await bus.aemit(self, event=Ended())


class Listener:
    def listen(self, bus: Bus):
        @bus.on(Started)
        def on_started(source, event): ...
"""


def test_sets_of_handlers_that_another_method_calls(tmp_path: Path) -> None:
    sites = found(tmp_path, events=EVENTS, bus=SETS, app=SETS_USE)
    assert ("publish", "events.Started", "app.py", 7) in sites
    assert ("handle", "events.Started", "app.py", 14) in sites


def test_who_publishes_is_not_what_is_published(tmp_path: Path) -> None:
    sites = found(tmp_path, events=EVENTS, bus=SETS, app=SETS_USE)
    assert ("publish", "events.Ended", "app.py", 8) in sites
    assert not {event for _, event, _, _ in sites if event.endswith("Crew")}


def test_a_bus_that_a_module_keeps_leads_to_files_that_only_publish(tmp_path: Path) -> None:
    crowd = {f"other{i}": f"def emit(x): ...\n\n\nemit({i})\n" for i in range(120)}
    quiet = "from bus import bus\nfrom events import Ended\n\n\ndef end(crew):\n    bus.emit(crew, Ended())\n"
    sites = found(tmp_path, events=EVENTS, bus=SETS, app=SETS_USE, quiet=quiet, **crowd)
    assert ("publish", "events.Ended", "quiet.py", 6) in sites


DISPATCHER = """\
ADDED = "added"


class Registry:
    dispatcher: dict = None

    def __init__(self):
        self.dispatcher = {}

    def dispatcher_connect(self, signal: str, target):
        targets = self.dispatcher.setdefault(signal, [])
        if target not in targets:
            targets.append(target)
        return lambda: targets.remove(target)

    def dispatcher_send(self, signal: str, *args):
        if not self.dispatcher.get(signal):
            return
        for handler in self.dispatcher[signal]:
            handler(*args)
"""

DISPATCHER_USE = """\
from registry import ADDED, Registry


def set_up(registry: Registry, add):
    registry.dispatcher_connect(ADDED, lambda x: add(x))
    registry.dispatcher_send(ADDED, [])
"""


def test_a_dispatcher_of_ones_own(tmp_path: Path) -> None:
    sites = found(tmp_path, registry=DISPATCHER, app=DISPATCHER_USE)
    assert ("handle", "added", "app.py", 5) in sites
    assert ("publish", "added", "app.py", 6) in sites


ROWS = """\
class Dispatcher:
    def __init__(self):
        self.handlers = {}

    def register_event_handler(self, event_name, priority, handler):
        if event_name not in self.handlers:
            self.handlers[event_name] = [(priority, handler)]
            return
        self.handlers[event_name].append((priority, handler))

    def raise_event(self, event_name):
        for _priority, handler in list(self.handlers[event_name]):
            handler(event_name)


dispatcher = Dispatcher()


class Helper:
    def register_events(self, events: list[tuple[str, int]]):
        for event in events:
            dispatcher.register_event_handler(*event)

    def register_pairs(self, pairs):
        for name, handler in pairs:
            dispatcher.register_event_handler(name, 0, handler)
"""

ROWS_USE = """\
from helper import Helper, dispatcher


class Window(Helper):
    def __init__(self):
        self.register_events([("signed-in", 1, self.on_signed_in), ("added", 2, self.on_added)])
        self.register_pairs([("left", self.on_left)])

    def on_signed_in(self, event): ...

    def on_added(self, event): ...

    def on_left(self, event): ...


def main():
    dispatcher.raise_event("signed-in")
"""


def test_rows_of_names_and_handlers_given_to_a_wrapper(tmp_path: Path) -> None:
    sites = found(tmp_path, helper=ROWS, app=ROWS_USE)
    assert {site for site in sites if site[0] == "handle"} == {
        ("handle", "signed-in", "app.py", 9),
        ("handle", "added", "app.py", 11),
        ("handle", "left", "app.py", 13),
    }


OBSERVED = """\
from collections import defaultdict


class Observable:
    def __init__(self):
        self._callbacks = defaultdict(list)

    def connect(self, signal_name, func):
        self._callbacks[signal_name].append(func)

    def notify(self, signal_name):
        for func in list(self._callbacks[signal_name]):
            func(signal_name)


class Client(Observable):
    def leave(self):
        self.notify("left")
"""

OBSERVED_USE = """\
def set_up(client, button):
    client.connect("left", on_left)
    button.connect("clicked", on_clicked)


def on_left(name): ...


def on_clicked(button): ...
"""


def test_what_a_call_by_name_alone_hears_must_be_published(tmp_path: Path) -> None:
    found(tmp_path, observed=OBSERVED, app=OBSERVED_USE)
    sites = analyze(tmp_path, use_cache=False).sites
    told = {s.event.partition(":")[2]: s.certainty for s in sites if s.kind == "handle"}
    assert told == {"left": "likely", "clicked": "guess"}


def test_settings_that_tell_of_their_changes_are_no_bus(tmp_path: Path) -> None:
    settings = OBSERVED.replace("Observable", "Settings").replace("Client(Settings)", "Client")
    assert found(tmp_path, observed=settings, app=OBSERVED_USE) == set()


MESSAGES = """\
from collections import defaultdict


class Event: ...


class Registered(Event): ...


class Handler:
    def __call__(self, event: Event) -> None: ...


class MessageBus:
    _listeners: dict[type[Event], list[Handler]]

    def __init__(self):
        self._listeners = defaultdict(list)

    def dispatch(self, event: Event) -> None:
        for handle in self._listeners[type(event)]:
            handle(event)

    def listen(self, event_class: type[Event], handler: Handler):
        self._listeners[event_class].append(handler)

    def listen_all(self, handlers: dict[type[Event], list[Handler]]):
        for event, listeners in handlers.items():
            for handler in listeners:
                self.listen(event, handler)
"""

CONTAINER = """\
from dependency_injector import containers, providers

from messages import Handler, MessageBus, Registered


class SendMail(Handler):
    def __init__(self, mailer): ...

    def __call__(self, event: Registered) -> None: ...


class App(containers.DeclarativeContainer):
    mailer = providers.Dependency()
    event_handlers = providers.Dict(
        {Registered: providers.List(providers.Factory(SendMail, mailer))},
    )
"""

RELAY = """\
from messages import Event, MessageBus, Registered


class Unit:
    events: list[Event]

    def __init__(self, bus: MessageBus):
        self.bus = bus

    def commit(self):
        for event in self.events:
            self.bus.dispatch(event)


def register(bus: MessageBus):
    bus.dispatch(Registered())
"""


def test_handlers_that_a_container_makes(tmp_path: Path) -> None:
    sites = found(tmp_path, messages=MESSAGES, container=CONTAINER, unit=RELAY)
    assert ("handle", "messages.Registered", "container.py", 9) in sites


def test_what_is_handed_on_is_no_event_of_its_own(tmp_path: Path) -> None:
    found(tmp_path, messages=MESSAGES, container=CONTAINER, unit=RELAY)
    sites = [s for s in analyze(tmp_path, use_cache=False).sites if s.certainty != "guess"]
    assert {s.event for s in sites if s.kind == "publish"} == {"custom_bus:messages.Registered"}
    assert not {s.event for s in sites if s.event.endswith("messages.Event")}


TASKS = """\
from celery import Celery

from shared.names import remind_task_name

app = Celery("shop")


class BaseTask(app.Task):
    def __init_subclass__(cls, name=None):
        cls.name = name

    def run(self, *args, **kwargs):
        return self.run_impl(*args, **kwargs)


class Remind(BaseTask, name=remind_task_name):
    def run_impl(self, order): ...


class Close(BaseTask, name="orders.close"):
    def run_impl(self, order):
        self.app.tasks[remind_task_name].apply_async(kwargs={"order": order})


registered = app.register_task(Close())
close_task = app.tasks[registered.name]


def checkout(order):
    close_task.delay(order)
    app.send_task(remind_task_name, kwargs={"order": order})
"""


def test_task_classes_that_are_given_their_name_with_their_base(tmp_path: Path) -> None:
    sites = found(tmp_path, tasks=TASKS)
    assert sites == {
        ("handle", "shared.names.remind_task_name", "tasks.py", 16),
        ("handle", "orders.close", "tasks.py", 20),
        ("publish", "shared.names.remind_task_name", "tasks.py", 22),
        ("publish", "orders.close", "tasks.py", 30),
        ("publish", "shared.names.remind_task_name", "tasks.py", 31),
    }


DRIVER = """\
import asyncio
import functools

import nats


class Driver:
    async def publish(self, channel: str, data: bytes):
        raise NotImplementedError()

    async def subscribe(self, handler, key: str):
        raise NotImplementedError()


class NatsDriver(Driver):
    def __init__(self):
        self._subscriptions = {}

    async def connect(self):
        self.nc = await nats.connect()

    async def subscribe(self, handler, key: str):
        if not asyncio.iscoroutinefunction(handler):
            handler = to_async(handler)
        sid = await self.nc.subscribe(key, cb=handler)
        self._subscriptions[key] = sid

    async def publish(self, channel: str, data: bytes):
        await self.nc.publish(channel, data)


def to_async(fn):
    @functools.wraps(fn)
    async def wrapper(*args, **kwargs):
        return await asyncio.get_event_loop().run_in_executor(None, functools.partial(fn, *args, **kwargs))

    return wrapper
"""

DRIVER_USE = """\
from driver import Driver


class Audit:
    def __init__(self, driver: Driver):
        self.driver = driver

    async def start(self):
        await self.driver.subscribe(handler=self.on_change, key="changes")
        await self.driver.publish("changes", b"")

    def on_change(self, msg): ...
"""


def test_what_another_object_gives_for_a_handler_is_no_handler_of_ones_own(tmp_path: Path) -> None:
    sites = found(tmp_path, driver=DRIVER, app=DRIVER_USE)
    assert sites == {("handle", "changes", "app.py", 12), ("publish", "changes", "app.py", 10)}
    assert {s.dialect for s in analyze(tmp_path, use_cache=False).sites} == {"nats"}


NESTED = """\
from homeassistant.helpers.dispatcher import async_dispatcher_connect


async def async_setup_entry(hass, entry, async_add_entities):
    def add(device):
        async_add_entities([Lamp(device)])

    async_dispatcher_connect(hass, "lamp_found", add)


def connect(hass, target):
    def run(*args):
        target(*args)

    async_dispatcher_connect(hass, "lamp_lost", run)


def lost(device): ...


def setup(hass):
    connect(hass, lost)
"""


def test_a_nested_handler_that_gives_a_callback_something_else_is_a_handler_of_its_own(
    tmp_path: Path,
) -> None:
    handlers = {(event, line) for kind, event, _, line in found(tmp_path, a=NESTED) if kind == "handle"}
    assert {line for event, line in handlers if event == "lamp_found"} == {5}
    assert ("lamp_lost", 18) in handlers, "what is handed all arguments handles"
