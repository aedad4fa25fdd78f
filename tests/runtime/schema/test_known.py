"""The class of an event is found by name and version, and where it is not, the answer helps."""

import gc
from types import ModuleType

import pytest

from pubsub_devtools import BaseEvent, event_schema
from pubsub_devtools.schema.known import UnknownEventError, event_class, event_classes, forget
from tests.runtime.events import OrderPlaced


class OnlyHere(BaseEvent):
    pass


def test_the_class_of_a_name_and_version():
    assert event_class("orders.placed", "2.4.0") is OrderPlaced
    assert event_class("OnlyHere") is OnlyHere


def test_a_class_is_found_under_its_newest_name_alone():
    class Early(BaseEvent):
        pass

    assert event_class("Early") is Early
    event_schema(name="late.of.a.test", version="1.0.0")(Early)
    assert event_class("late.of.a.test", "1.0.0") is Early
    with pytest.raises(UnknownEventError, match="no class is Early"):
        event_class("Early")


def test_an_unknown_version_lists_the_known_ones():
    with pytest.raises(UnknownEventError, match=r"orders.placed 9\.0\.0; known versions are: .*2\.4\.0"):
        event_class("orders.placed", "9.0.0")


def test_an_unknown_name_offers_similar_ones():
    with pytest.raises(
        UnknownEventError, match=r"import the module that declares it; similar are:.* orders.placed"
    ):
        event_class("orders.plcaed", "2.0.0")


def test_of_classes_that_functions_made_the_newest_is_taken():
    def make():
        class Redefined(BaseEvent):
            pass

        return Redefined

    first = make()
    assert event_class("Redefined") is first
    second = make()
    assert event_class("Redefined") is second
    assert event_classes("Redefined") == [second]


def test_a_class_of_a_module_goes_before_one_of_a_function():
    class OfAFunction(BaseEvent):
        pass

    event_schema(name="known.of.a.test", version="1.0.0")(OfAFunction)
    assert event_class("known.of.a.test", "1.0.0") is OfAFunction
    OfAFunction.__event_schema__ = OnlyHere.__event_schema__
    forget()
    assert event_class("OnlyHere") is OnlyHere


def test_two_modules_that_declare_one_event_are_both_named():
    made = []
    for name in ("first_of_a_test", "second_of_a_test"):
        module = ModuleType(name)
        exec("from pubsub_devtools import BaseEvent\nclass Twice(BaseEvent): ...", vars(module))
        made.append(module)
    for find in (event_class, event_classes):
        with pytest.raises(
            UnknownEventError,
            match=r"by first_of_a_test\.Twice and by second_of_a_test\.Twice.*@event_schema",
        ):
            find("Twice")


def test_a_reloaded_module_replaces_its_classes():
    module = ModuleType("reloaded_of_a_test")
    code = "from pubsub_devtools import BaseEvent\nclass Reloaded(BaseEvent): ..."
    exec(code, vars(module))
    exec(code, vars(module))
    assert event_class("Reloaded") is module.Reloaded


def test_a_class_that_is_gone_is_not_kept():
    def look_up():
        class Short(BaseEvent):
            pass

        assert event_class("Short") is Short

    look_up()
    gc.collect()
    with pytest.raises(UnknownEventError):
        event_class("Short")
