"""Events are frozen values; their identity lies beside their fields."""

import copy
import pickle
import threading
import uuid
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from pubsub_devtools import BaseEvent, event_schema, metadata
from pubsub_devtools.schema import schema_of
from pubsub_devtools.serialization import decode, encode

from .events import OrderPlaced

orders = st.builds(OrderPlaced, order_id=st.text(), total=st.integers())


@given(orders)
def test_the_id_is_made_once_and_survives_copies_and_serialization(event):
    first = event.id
    assert uuid.UUID(first).version == 7
    for same in (
        event,
        copy.copy(event),
        copy.deepcopy(event),
        event.model_copy(),
        event.model_copy(update={"total": 1}),
        pickle.loads(pickle.dumps(event)),
        decode(encode(event).body, "application/json", encode(event).headers)[0],
    ):
        assert same.id == metadata(same).id == first


@given(orders)
def test_the_payload_holds_fields_alone_also_after_the_id_was_read(event):
    fields = {"order_id": event.order_id, "total": event.total}
    assert event.id
    assert event.model_dump() == fields
    assert dict(event) == fields
    assert event == OrderPlaced(**fields)
    assert hash(event) == hash(OrderPlaced(**fields))
    assert event.id not in repr(event)


def test_two_events_have_two_ids_that_sort_by_time():
    ids = [OrderPlaced("o").id for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert [i[:13] for i in ids] == sorted(i[:13] for i in ids)


def test_threads_that_ask_at_once_get_one_id():
    for _ in range(200):
        event, start, seen = OrderPlaced("o"), threading.Barrier(4), []

        def ask(event=event, start=start, seen=seen):
            start.wait()
            seen.append(event.id)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(seen)) == 1


def test_type_and_version_come_from_the_schema_else_from_the_class():
    class Plain(BaseEvent): ...

    class Special(OrderPlaced): ...

    assert (OrderPlaced("o").type, OrderPlaced("o").version) == ("orders.placed", "2.4.0")
    assert (Plain().type, Plain().version) == ("Plain", "")
    assert schema_of(Special).name == "Special"  # a subclass never passes as its parent


def test_an_event_cannot_be_changed():
    event = OrderPlaced("o")
    for name in ("order_id", "id", "type", "version"):
        with pytest.raises((ValidationError, AttributeError)):
            setattr(event, name, "other")


def test_fields_named_as_our_metadata_belong_to_the_user():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        @event_schema(name="parcel", version="1.0.0")
        class Parcel(BaseEvent):
            id: int
            type: str
            version: list[int] = Field(default_factory=list)

    parcel = Parcel(7, "large")
    assert (parcel.id, parcel.type, parcel.version) == (7, "large", [])
    about = metadata(parcel)
    assert (about.type, about.version) == ("parcel", "1.0.0")
    assert about.id == metadata(copy.copy(parcel)).id != 7
    with pytest.raises(ValidationError):
        Parcel(type="large")  # the field is required: our attribute is no default


def test_positional_arguments_follow_the_field_order_through_inheritance():
    class Base(BaseEvent):
        first: int

    class Derived(Base):
        second: str
        third: float = Field(default=0.5, alias="Third")

    assert Derived(1, "b", 2.5) == Derived(first=1, second="b", Third=2.5)
    assert Derived(1, second="b").third == 0.5


@pytest.mark.parametrize(
    ("args", "fields", "says"),
    [
        (("o", 1, 2), {}, "2 fields but 3"),
        (("o",), {"order_id": "p"}, "order_id both by position and by name"),
    ],
)
def test_wrong_positional_arguments_are_refused_like_a_functions(args, fields, says):
    with pytest.raises(TypeError, match=says):
        OrderPlaced(*args, **fields)


def test_values_are_validated():
    with pytest.raises(ValidationError):
        OrderPlaced(order_id=None)
    assert OrderPlaced.model_validate_json('{"order_id": "o", "total": 3}').total == 3


@pytest.mark.parametrize("name", ["", "a..b", "orders.*", "with space", ".a", "a."])
def test_a_name_that_no_handler_could_listen_to_is_refused(name):
    with pytest.raises(ValueError, match="event name"):
        event_schema(name=name, version="1.0.0")


@pytest.mark.parametrize("version", ["", "1", "1.0", "v1.0.0", "1.0.0."])
def test_a_version_is_major_minor_patch(version):
    with pytest.raises(ValueError, match=r"MAJOR\.MINOR\.PATCH"):
        event_schema(name="a", version=version)


def test_a_schema_belongs_on_an_event():
    with pytest.raises(TypeError, match="subclass of BaseEvent"):
        event_schema(name="a", version="1.0.0")(dict)
