"""Forms that held-out repositories showed: each is the smallest project with it."""

from pathlib import Path

from pubsub_devtools_analysis.analysis import analyze


def found(root: Path, **files: str) -> set[tuple[str, str, str, int]]:
    """Kind, name, file and line of every site of a project of these files."""
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    graph = analyze(root, use_cache=False)
    return {(s.kind, s.event.partition(":")[2], s.place.path, s.place.line) for s in graph.sites}


QUEUED = """\
from collections import defaultdict
from queue import Queue

TICK = "tick"


class Event:
    def __init__(self, type: str, data=None) -> None:
        self.type = type
        self.data = data


class Engine:
    def __init__(self) -> None:
        self._queue = Queue()
        self._handlers = defaultdict(list)

    def _run(self) -> None:
        while True:
            self._process(self._queue.get())

    def _process(self, event: Event) -> None:
        if event.type in self._handlers:
            [handler(event) for handler in self._handlers[event.type]]

    def put(self, event: Event) -> None:
        self._queue.put(event)

    def register(self, type: str, handler) -> None:
        self._handlers[type].append(handler)
"""

QUEUED_USE = """\
from engine import TICK, Engine, Event


class Gateway:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def on_event(self, type: str, data) -> None:
        event = Event(type, data)
        self.engine.put(event)

    def on_tick(self, tick) -> None:
        self.on_event(TICK, tick)


def show(event: Event) -> None: ...


def start(engine: Engine) -> None:
    engine.register(TICK, show)
    engine.put(Event("ready"))
"""


def test_events_wait_in_a_queue_and_their_key_is_an_attribute(tmp_path: Path) -> None:
    sites = found(tmp_path, engine=QUEUED, gateway=QUEUED_USE)
    assert ("publish", "tick", "gateway.py", 13) in sites
    assert ("publish", "ready", "gateway.py", 21) in sites
    assert ("handle", "tick", "gateway.py", 16) in sites


def test_what_is_put_on_another_queue_is_no_publish(tmp_path: Path) -> None:
    other = QUEUED.replace("self._queue.put(event)", "self._log.put(event)")
    assert not [s for s in found(tmp_path, engine=other, gateway=QUEUED_USE) if s[0] == "publish"]


PLUGINS = """\
from collections import defaultdict


class Plugin:
    listeners = defaultdict(list)

    def register_listener(self, event: str, func) -> None:
        self.listeners[event].append(self.wrapped(func))

    def wrapped(self, func):
        return func


def send(event: str, **arguments):
    return [r for handler in Plugin.listeners[event] if (r := handler(**arguments)) is not None]
"""

PLUGINS_USE = """\
import plugins


class Art(plugins.Plugin):
    def __init__(self) -> None:
        self.register_listener("imported", self.fetch)

    def fetch(self, item) -> None: ...


def done(item) -> None:
    plugins.send("imported", item=item)
"""


def test_a_table_is_named_through_its_class(tmp_path: Path) -> None:
    sites = found(tmp_path, plugins=PLUGINS, art=PLUGINS_USE)
    assert ("publish", "imported", "art.py", 12) in sites
    assert ("handle", "imported", "art.py", 8) in sites


def test_a_sliced_text_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    sites = found(
        tmp_path,
        echo="""\
from homeassistant.helpers.dispatcher import async_dispatcher_send

DOMAIN = "echo"


def tell(hass, account) -> None:
    async_dispatcher_send(hass, f"{DOMAIN}_{account.name()}"[0:32], {})
""",
    )
    assert ("publish", "echo_*", "echo.py", 7) in sites


def test_a_publisher_object_is_given_the_routing_key_at_the_call(tmp_path: Path) -> None:
    sites = found(
        tmp_path,
        app="""\
from faststream.rabbit import RabbitBroker, RabbitExchange, RabbitQueue

broker = RabbitBroker()
publisher = broker.publisher(exchange=RabbitExchange("amq.direct"))
bills = RabbitQueue("bills")


async def bill() -> None:
    await publisher.publish({}, routing_key=bills.name)
    await publisher.publish({}, routing_key="paid")
""",
    )
    assert {("publish", "bills", "app.py", 9), ("publish", "paid", "app.py", 10)} <= sites


def test_a_wrapper_of_the_tests_says_nothing_of_the_application(tmp_path: Path) -> None:
    helper = """\
from pyee import EventEmitter


class Spy:
    def __init__(self) -> None:
        self.emitter = EventEmitter()

    def wait_for_answer(self, name, handler) -> None:
        self.emitter.on(name, handler)
"""
    use = """\
def ask(client, handler) -> None:
    client.wait_for_answer("answer", handler)
"""
    assert not found(tmp_path, tests__helper=helper, app=use)
    assert found(tmp_path, tests__helper=helper, tests__test_app=use)
