"""Forms of hand-written buses, each recognised, then described by `init`: the fixture beside this file compares both."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pubsub_devtools_analysis.analysis import analyze, propose

FORMS: dict[str, str] = {
    "methods that take a key": """
        class Bus:
            def __init__(self):
                self._handlers = {}

            def subscribe(self, event_type, handler):
                self._handlers.setdefault(event_type, []).append(handler)

            def publish(self, event_type, payload):
                for handler in self._handlers.get(event_type, []):
                    handler(payload)

        bus = Bus()

        def pack(order): ...

        bus.subscribe("paid", pack)
        bus.publish("paid", 1)
    """,
    "dispatch on the class of an argument": """
        class Paid: ...

        class Bus:
            def __init__(self):
                self._handlers = {}

            def subscribe(self, event_type, handler):
                self._handlers.setdefault(event_type, []).append(handler)

            def publish(self, event):
                for handler in self._handlers.get(type(event), []):
                    handler(event)

        bus = Bus()

        def pack(event): ...

        bus.subscribe(Paid, pack)
        bus.publish(Paid())
    """,
    "an attribute of the event is the key": """
        class Event:
            def __init__(self, name):
                self.name = name

        class Bus:
            def __init__(self):
                self.listeners = {}

            def listen(self, name, listener):
                self.listeners[name] = listener

            def emit(self, event):
                self.listeners[event.name](event)

        bus = Bus()

        def pack(event): ...

        bus.listen("paid", pack)
        bus.emit(Event("paid"))
    """,
    "functions of a module": """
        from collections import defaultdict

        _listeners = defaultdict(list)

        def on_event(name, listener):
            _listeners[name].append(listener)

        def fire_event(name, *args):
            for listener in _listeners[name]:
                listener(*args)

        def pack(order): ...

        on_event("paid", pack)
        fire_event("paid", 1)
    """,
    "a decorator with an argument": """
        class Emitter:
            def __init__(self):
                self.handlers = {}

            def on(self, name):
                def decorate(handler):
                    self.handlers.setdefault(name, []).append(handler)
                    return handler
                return decorate

            def emit(self, name, *args):
                for handler in self.handlers.get(name, ()):
                    handler(*args)

        events = Emitter()

        @events.on("paid")
        def pack(order): ...

        def pay():
            events.emit("paid", 1)
    """,
    "a table that is iterated": """
        class Paid: ...
        class Sent: ...

        def pack(event): ...
        def mail(event): ...

        HANDLERS = {
            Paid: [pack, mail],
            Sent: [mail],
        }

        def publish(event):
            for handler in HANDLERS[type(event)]:
                handler(event)

        def pay():
            publish(Paid())
    """,
    "a table in a class, and events that objects collect": """
        class Event: ...
        class Paid(Event): ...

        class Order:
            def __init__(self):
                self.events = []

            def pay(self):
                self.events.append(Paid())

        def pack(event): ...

        class MessageBus:
            HANDLERS = {Paid: [pack]}

            def handle(self, event: Event):
                for handler in self.HANDLERS[type(event)]:
                    handler(event)
    """,
    "an abstract base": """
        from abc import ABC, abstractmethod

        class Publisher(ABC):
            @abstractmethod
            def publish(self, name, payload): ...

        class LocalPublisher(Publisher):
            def __init__(self):
                self._subscribers = {}

            def subscribe(self, name, subscriber):
                self._subscribers.setdefault(name, []).append(subscriber)

            def publish(self, name, payload):
                for subscriber in self._subscribers.get(name, []):
                    subscriber(payload)

        class Shop:
            def __init__(self, publisher: Publisher):
                self.publisher = publisher

            def pay(self):
                self.publisher.publish("paid", 1)

        def pack(order): ...

        local = LocalPublisher()
        local.subscribe("paid", pack)
    """,
    "overloads and keyword-only parameters": """
        from typing import overload

        class Bus:
            _handlers = {}

            @overload
            def subscribe(self, event: int, *, handler): ...
            @overload
            def subscribe(self, event: str, *, handler): ...
            def subscribe(self, event, *, handler):
                self._handlers.setdefault(event, []).append(handler)

            def publish(self, event, **fields):
                for handler in self._handlers.get(event, []):
                    handler(**fields)

        bus = Bus()

        def pack(order): ...

        bus.subscribe("paid", handler=pack)
        bus.publish("paid", order=1)
    """,
    "a class whose instances are events": """
        class Signal:
            def __init__(self):
                self.receivers = []

            def connect(self, receiver):
                self.receivers.append(receiver)

            def send(self, *args):
                for receiver in self.receivers:
                    receiver(*args)

        paid = Signal()

        def pack(order): ...

        paid.connect(pack)

        def pay():
            paid.send(1)
    """,
    "functions that are marked": """
        def subscribes(event):
            def mark(function):
                function._event_handled = event
                return function
            return mark

        class Bus:
            def __init__(self):
                self._handlers = {}

            def include(self, owner):
                for name in dir(owner):
                    method = getattr(owner, name)
                    event = getattr(method, "_event_handled", None)
                    if event:
                        self.add_handler(event, method)

            def add_handler(self, event, handler):
                self._handlers.setdefault(event, []).append(handler)

            def publish(self, event, payload):
                for handler in self._handlers.get(event, []):
                    handler(payload)

        class Shop:
            @subscribes("paid")
            def pack(self, order): ...

        bus = Bus()
        bus.include(Shop())
        bus.publish("paid", 1)
    """,
    "wrappers around it": """
        class Bus:
            def __init__(self):
                self._handlers = {}

            def subscribe(self, event, handler):
                self._handlers.setdefault(event, []).append(handler)

            def publish(self, event, payload):
                for handler in self._handlers.get(event, []):
                    handler(payload)

        bus = Bus()

        def tell(event, **payload):
            bus.publish(f"shop.{event}", payload)

        def hears(event):
            def decorate(function):
                bus.subscribe(event, function)
                return function
            return decorate

        @hears("shop.paid")
        def pack(payload): ...

        def pay():
            tell("paid", order=1)
    """,
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_recognised_and_described(tmp_path: Path, form: str) -> None:
    (tmp_path / "shop.py").write_text(dedent(FORMS[form]).lstrip(), "utf-8")
    sites = analyze(tmp_path, use_cache=False).sites
    assert {"publish", "handle"} <= {site.kind for site in sites}
    assert {(site.dialect, site.certainty) for site in sites} == {("custom_bus", "likely")}
    proposal = propose(tmp_path)
    assert [bus.left for bus in proposal.buses if bus.left] == []
    assert sum(bus.sites for bus in proposal.buses) == len(sites)


def test_a_call_on_an_unknown_object_is_sure_only_for_an_event(tmp_path: Path) -> None:
    form = dedent(FORMS["methods that take a key"]) + dedent("""
        def show(widget, app):
            app.bus.publish("paid", 2)
            widget.subscribe("left", pack)
            app.bus.publish("left", 2)
    """)
    (tmp_path / "shop.py").write_text(form, "utf-8")
    (bus,) = propose(tmp_path).buses
    assert bus.doubtful == 2
