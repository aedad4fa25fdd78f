"""`BaseEvent`: an immutable fact with a payload of the user's fields and an identity of its own.

The identity lies beside the fields, not among them: it takes part neither in equality nor in ``model_dump``, costs nothing
until it is read, and leaves the names ``id``, ``type`` and ``version`` free for the user's own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from pubsub_devtools.schema.declare import EventSchema, schema_of
from pubsub_devtools.schema.identity import new_id
from pubsub_devtools.schema.known import forget
from pubsub_devtools.schema.unknown_fields import refuse_unknown

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

_ID = "__event_id__"

UNCHECKED = "__event_unchecked__"
"""Marks, beside the fields, an event that came by a way that checks nothing: its publisher has it checked."""


def event_id(event: BaseEvent) -> str:
    """Return the event's id, and make it on the first call.

    It lies in the instance's ``__dict__``, where pydantic copies and pickles it but does not take it for a field.
    ``setdefault`` lets two threads that ask at once agree on one.
    """
    state: dict[str, Any] = event.__dict__  # pyright: ignore[reportAssignmentType]
    known: str | None = state.get(_ID)
    return known if known is not None else state.setdefault(_ID, new_id())


class _Metadatum:
    """An attribute that a field of the same name hides.

    It is no data descriptor, so an instance's own value wins; and it hides from the class, so pydantic takes it neither
    for a default nor for a clash.
    """

    def __init__(self, read: Callable[[BaseEvent], str]) -> None:
        self._read = read

    def __get__(self, event: BaseEvent | None, owner: type) -> str:
        if event is None:
            raise AttributeError("read it on an event, not on its class")
        return self._read(event)


@dataclass_transform(kw_only_default=False, frozen_default=True, field_specifiers=(Field, PrivateAttr))
class _EventClass(ModelMetaclass):
    """pydantic's metaclass, but type checkers learn that events take their fields by position too.

    Of ``BaseEvent`` itself, of which nobody makes instances, pydantic builds no validator: that, and what it loads for it,
    waits for the first event class, which takes a quarter of the time that importing us takes.
    """

    if not TYPE_CHECKING:

        def __new__(mcs, name, bases, namespace, **kwargs):
            if any(base.__name__ == "BaseEvent" for base in bases):
                kwargs = {"defer_build": False, **namespace.get("model_config", {}), **kwargs}
            return super().__new__(mcs, name, bases, namespace, **kwargs)


class BaseEvent(BaseModel, metaclass=_EventClass):
    """Base of every event: frozen, validated by pydantic, built by position (in field order) or by name.

    ``event.id`` is made when it is first read and then stays: copies, pickles and ``serialization.encode`` keep it. ``event.type``
    and ``event.version`` come from ``@event_schema``; without it they are the class's name and ``""``. A class may have
    fields of these names; ``metadata(event)`` reaches ours even then.

    Two events are equal when their class and fields are, whatever their ids.

    Raises:
        pydantic.ValidationError: A field is missing or has a wrong value.
        TypeError: A field that the class does not have, more positional arguments than fields, or a field given twice.
            (``model_validate`` and decoding pass over fields that they do not know, so that newer payloads can be read.)

    Example:
        >>> class OrderPlaced(BaseEvent):
        ...     order_id: str
        ...     total: int = 0
        >>> event = OrderPlaced("o-1", 300)
        >>> event.total, event.type, event.id == event.id
        (300, 'OrderPlaced', True)
        >>> event == OrderPlaced(order_id="o-1", total=300)
        True
    """

    # In JSON, NaN and the infinities are strings, as protobuf's JSON has them: null could not be read again.
    model_config = ConfigDict(
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        ser_json_inf_nan="strings",
        ignored_types=(_Metadatum,),
        defer_build=True,
    )

    __event_schema__: ClassVar[EventSchema]

    if TYPE_CHECKING:
        # To a checker these are fields outside the constructor, since only a field may be redefined with any type.
        id: str | Any = Field(init=False)
        type: str | Any = Field(init=False)
        version: str | Any = Field(init=False)
    else:
        id = _Metadatum(event_id)
        type = _Metadatum(lambda event: schema_of(event.__class__).name)
        version = _Metadatum(lambda event: schema_of(event.__class__).version)

    def __init__(self, /, *args: Any, **fields: Any) -> None:
        if args:
            fields = _by_name(self.__class__, args, fields)
        super().__init__(**fields)
        if len(self.__pydantic_fields_set__) != len(fields):
            refuse_unknown(self.__class__, fields)

    # Tells pydantic that validating need not come through here: model_validate keeps its fast path.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Build an event without checking anything; `Validation` makes up for it when the event is published."""
        made = super().model_construct(_fields_set, **values)
        vars(made)[UNCHECKED] = True
        return made

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy an event, its id included. What is updated is not checked; `Validation` makes up for it when it is published."""
        made = super().model_copy(update=update, deep=deep)
        if update:
            vars(made)[UNCHECKED] = True
        return made

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Give each class a schema of its own, so that a subclass never passes as its parent."""
        super().__pydantic_init_subclass__(**kwargs)
        cls.__event_schema__ = EventSchema(cls.__name__)
        forget()


def adopt_id(event: BaseEvent, identity: str) -> None:
    """Give a decoded event the id that it was published with."""
    vars(event)[_ID] = identity


def _by_name(cls: type[BaseEvent], args: tuple[Any, ...], fields: dict[str, Any]) -> dict[str, Any]:
    names = list(cls.model_fields)
    if len(args) > len(names):
        raise TypeError(
            f"{cls.__name__} has {len(names)} fields but {len(args)} positional arguments were given"
        )
    positional = dict(zip(names, args, strict=False))
    if twice := sorted(positional.keys() & fields.keys()):
        raise TypeError(f"{cls.__name__} got {', '.join(twice)} both by position and by name")
    return positional | fields
