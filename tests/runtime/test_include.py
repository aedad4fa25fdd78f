"""What a bus includes, and what it refuses to include."""

import functools
import sys
import textwrap

import pytest

from pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler, event_schema

from .events import OrderPlaced, Ping, Pong


@event_schema(name="orders.placed", version="1.0.0")
class OldOrderPlaced(BaseEvent):
    order_id: str


class Counter:
    def __init__(self):
        self.calls = []

    @event_handler(Ping)
    def on_ping(self, event: Ping) -> None:
        self.calls.append("method")

    @staticmethod
    @event_handler(Ping)
    def on_ping_static(event: Ping) -> None:
        CALLS.append("static")

    @classmethod
    @event_handler(Ping)
    def on_ping_class(cls, event: Ping) -> None:
        CALLS.append(cls.__name__)


class Quiet(Counter):
    def on_ping(self, event):
        raise AssertionError("an override that is not declared is no handler")


class Demanding(Counter):
    def __init__(self, needed):
        super().__init__()


CALLS: list[str] = []


@pytest.fixture(autouse=True)
def _no_calls():
    CALLS.clear()


def test_the_decorator_returns_the_same_function():
    def handler(event): ...

    assert event_handler(Ping)(handler) is handler


def test_instances_classes_and_subclasses():
    counter, bus = Counter(), EventBus()
    bus.include(counter)
    assert len(bus.publish(Ping()).handlers) == 3
    assert (counter.calls, CALLS) == (["method"], ["static", "Counter"])

    bus = EventBus()
    bus.include(Quiet)
    assert len(bus.publish(Ping()).handlers) == 2


def test_a_class_that_needs_arguments_is_included_as_an_instance():
    with pytest.raises(TypeError, match="Demanding needs arguments: include an instance"):
        EventBus().include(Demanding)
    EventBus().include(Demanding(1))


def test_callables_bound_methods_and_lambdas():
    class Callable:
        @event_handler(Ping)
        def __call__(self, event):
            CALLS.append("call")

    counter, bus = Counter(), EventBus()
    bus.include(Callable(), counter.on_ping)
    bus.publish(Ping())
    assert (CALLS, counter.calls) == (["call"], ["method"])


def test_including_twice_changes_nothing_but_another_instance_does():
    bus, counter = EventBus(), Counter()
    bus.include(counter, counter.on_ping)
    bus.include(counter)
    assert len(bus.publish(Ping()).handlers) == 3
    bus.include(Counter())
    # The static and the class method belong to the class: they are the same handlers.
    assert len(bus.publish(Ping()).handlers) == 4


def test_a_handler_included_after_a_publish_is_heard():
    bus, counter = EventBus(), Counter()
    bus.publish(Ping())
    bus.include(counter)
    bus.publish(Ping())
    assert counter.calls == ["method"]


@pytest.fixture
def package(tmp_path, monkeypatch):
    files = {
        "__init__.py": "",
        "own.py": """
            from pubsub_devtools import event_handler
            from .deep.leaf import on_leaf

            @event_handler("Ping")
            def on_ping(event): ...

            class Group:
                @event_handler("Ping")
                def on_ping(self, event): ...
            """,
        "deep/__init__.py": "",
        "deep/leaf.py": """
            from pubsub_devtools import event_handler

            @event_handler("Ping")
            async def on_leaf(event): ...
            """,
        "__main__.py": "raise SystemExit('importing a program runs it')",
    }
    for name, text in files.items():
        path = tmp_path / "handlers_of_test" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield __import__("handlers_of_test.own")
    for name in [name for name in sys.modules if name.startswith("handlers_of_test")]:
        del sys.modules[name]


def included(*targets):
    bus = EventBus()
    bus.include(*targets)
    names = bus.publish(Ping()).handlers
    bus.close()
    return sorted(names)


def test_a_package_gives_all_its_modules_and_a_module_what_it_defines(package):
    leaf = "handlers_of_test.deep.leaf.on_leaf"
    own = ["handlers_of_test.own.Group.on_ping", "handlers_of_test.own.on_ping"]
    assert included(package) == [leaf, *own]
    assert included(package.own) == own
    assert included(package.own, package.own.on_leaf) == [leaf, *own]


@pytest.mark.parametrize("target", [object(), len, "handlers", Ping, sys, functools])
def test_what_holds_no_handler_is_refused(target):
    with pytest.raises(TypeError, match="holds no @event_handler"):
        EventBus().include(target)


def test_if_one_target_is_wrong_none_is_included():
    bus, counter = EventBus(), Counter()
    with pytest.raises(TypeError):
        bus.include(counter, object())
    assert bus.publish(Ping()).handlers == ()


@pytest.mark.parametrize("events", [(), (BaseEvent,), (int,), (None,), (Ping("1"),)])
def test_a_handler_names_events(events):
    with pytest.raises(TypeError, match="@event_handler"):
        event_handler(*events)


@pytest.mark.parametrize("target", [Counter, Counter(), staticmethod(len), classmethod(len)])
def test_a_declaration_belongs_on_a_function(target):
    with pytest.raises(TypeError, match="directly on a function"):
        event_handler(Ping)(target)


def takes_nothing(): ...
def takes_only_names(*, event): ...
def takes_more(event, other): ...
def takes_the_envelope_first(envelope: Envelope): ...
def takes_it_by_position(event, envelope: Envelope, /): ...


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (takes_nothing, "must take the event as its first parameter"),
        (takes_only_names, "must take the event as its first parameter"),
        (takes_more, "nothing fills the parameter 'other'"),
        (takes_the_envelope_first, "must take the event first"),
        (takes_it_by_position, "nothing fills the parameter 'envelope'"),
    ],
)
def test_a_handler_that_cannot_be_called_is_refused(handler, says):
    with pytest.raises(TypeError, match=says):
        EventBus().include(event_handler("Ping")(handler))


def fits_exactly(event: Ping): ...
def fits_as_base(event: BaseEvent): ...
def fits_in_union(event: Ping | Pong): ...
def fits_by_optional(event: "Ping | None"): ...
def fits_unknown(event: "Missing"): ...  # noqa: F821
def fits_any(*events, **more): ...


@pytest.mark.parametrize(
    "handler", [fits_exactly, fits_as_base, fits_in_union, fits_by_optional, fits_unknown, fits_any]
)
@pytest.mark.parametrize("event", [Ping, "Ping"])
def test_an_annotation_that_may_take_the_event_is_accepted(handler, event):
    handler.__dict__.clear()
    bus = EventBus()
    bus.include(event_handler(event)(handler))
    assert len(bus.publish(Ping()).handlers) == 1


@pytest.mark.parametrize("event", [Ping, "Ping"])
def test_an_annotation_that_contradicts_the_event_is_refused(event):
    def wrong(event: Pong): ...

    with pytest.raises(TypeError, match=r"wrong .*Pong \(.*events\.Pong\)"):
        EventBus().include(event_handler(event)(wrong))


def test_a_name_hears_all_versions_and_an_unannotated_handler_gets_them_as_published():
    bus, seen = EventBus(), []
    bus.include(event_handler("orders.placed")(lambda event: seen.append(event.version)))
    bus.publish(OldOrderPlaced("o"))
    bus.publish(OrderPlaced("o"))
    assert seen == ["1.0.0", "2.4.0"]


def test_handlers_of_two_versions_are_refused_at_include():
    def on_new(event: OrderPlaced): ...
    def on_old(event): ...

    bus = EventBus()
    bus.include(event_handler("orders.placed")(on_new))
    with pytest.raises(
        TypeError,
        match=r"on_old takes orders\.placed 1\.0\.0 .* hear orders\.placed 2\.4\.0 .* nothing turns .* BaseEvent",
    ):
        bus.include(event_handler(OldOrderPlaced)(on_old))


def test_a_version_that_a_handler_cannot_take_is_an_error_not_silence():
    bus, seen = EventBus(), []

    def on_new(event: OrderPlaced):
        seen.append(event)

    bus.include(
        event_handler("orders.placed")(on_new), event_handler("orders.*")(lambda event: seen.append("any"))
    )
    with pytest.raises(ExceptionGroup) as caught:
        bus.publish(OldOrderPlaced("o"))
    assert "on_new takes orders.placed 2.4.0" in str(caught.value.exceptions[0])
    assert seen == ["any"]
