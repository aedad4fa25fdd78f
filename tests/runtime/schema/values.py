"""Values of a `FieldType`, as JSON would hold them."""

import datetime
import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import to_jsonable_python

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Choice,
    Limits,
    Map,
    Record,
    Ref,
    Scalar,
    Tuple,
    Union,
    Unknown,
)

_PLAIN = {
    "null": st.none(),
    "bool": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(timezones=st.sampled_from([None, datetime.UTC])),
    "time": st.times(timezones=st.sampled_from([None, datetime.UTC])),
    "timedelta": st.timedeltas(datetime.timedelta(-10), datetime.timedelta(10)),
    "uuid": st.uuids(),
}


def values_of(type_, around=()):
    """Return a strategy of what a writer of this type can be given."""
    match type_:
        case Scalar(name=name, limits=limits):
            return (_PLAIN[name] if name in _PLAIN else _limited(name, limits)).map(to_jsonable_python)
        case Choice(values=values):
            return st.sampled_from(values)
        case Array(of=of, items=items, limits=limits):
            unique = repr if of == "set" else None
            sizes = {"min_size": limits.min_length or 0, "max_size": min(limits.max_length or 4, 4)}
            return st.lists(values_of(items, around), unique_by=unique, **sizes)
        case Tuple(items=items):
            return st.tuples(*(values_of(item, around) for item in items)).map(list)
        case Map(key=key, value=value, limits=limits):
            sizes = {"min_size": limits.min_length or 0, "max_size": min(limits.max_length or 3, 3)}
            return st.dictionaries(_keys(key), values_of(value, around), **sizes)
        case Union(members=members):
            return st.one_of([values_of(member, around) for member in members])
        case Record(fields=fields, positional=True):
            return st.tuples(*(values_of(field.type, around) for field in fields)).map(list)
        case Record():
            return _record(type_, around)
        case Ref(name=name):
            return next(strategy for record, strategy in reversed(around) if record.name == name)
        case Anything() | Unknown():
            return st.integers() | st.text(max_size=3)


def _keys(key):
    if isinstance(key, Scalar) and key.name == "str" and key.limits != Limits():
        return values_of(key)
    if isinstance(key, Choice) and all(isinstance(value, str) for value in key.values):
        return st.sampled_from(key.values)
    return st.sampled_from(["x", "sku", "depth", "é"])


def _record(record, around):
    made = st.deferred(lambda: st.fixed_dictionaries(required, optional=optional))
    inside = (*around, (record, made))
    required = {f.name: values_of(f.type, inside) for f in record.fields if f.required}
    optional = {f.name: values_of(f.type, inside) for f in record.fields if not f.required}
    return made


def _limited(name, limits):
    if name == "str":
        return _texts(limits)
    if name == "bytes":
        return st.text("ab", min_size=limits.min_length or 0, max_size=limits.max_length or 6)
    low = max((bound for bound in (limits.ge, limits.gt) if bound is not None), default=-20)
    high = min((bound for bound in (limits.le, limits.lt) if bound is not None), default=20)
    if name == "int":
        whole = st.integers(math.ceil(low), math.floor(high))
        return whole.filter(lambda n: _inside(n, limits))
    if name == "float":
        return st.floats(low, high, width=32).filter(lambda n: _inside(n, limits))
    return st.decimals(low, high, places=2).filter(lambda n: _inside(n, limits))


def _inside(number, limits):
    return (
        (limits.gt is None or number > limits.gt)
        and (limits.lt is None or number < limits.lt)
        and (not limits.multiple_of or number % limits.multiple_of == 0)
    )


def _texts(limits):
    low, high = limits.min_length or 0, 6 if limits.max_length is None else limits.max_length
    if limits.pattern is None:
        return st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=low, max_size=high)
    # `$` matches before a last line break in Python, and nowhere else where pydantic reads patterns.
    made = st.from_regex(limits.pattern).filter(lambda text: low <= len(text) <= high)
    return made.filter(lambda text: not text.endswith("\n"))


def sample(type_, count=80):
    """Return some values of a type, the same ones in every run."""
    found = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(values_of(type_))
    def collect(value):
        found.append(value)

    collect()
    return found
