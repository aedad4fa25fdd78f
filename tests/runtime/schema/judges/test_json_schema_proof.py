"""What the judge of JSON Schemas lets pass is true: every value that the writer's schema takes is taken by the reader's."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing.exceptions import Unresolvable

from pubsub_devtools.schema.judges.json_schema import json_findings

from .json_schemas import SCHEMAS, VALUES, changed


def _document(schema, shared):
    return {**schema, "$defs": {"a": shared}} if isinstance(schema, dict) else schema


def _valid(schema, value):
    try:
        return Draft202012Validator(schema).is_valid(value)
    except (RecursionError, Unresolvable):
        return None  # a schema that refers to itself at once says nothing


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_what_passes_is_read(data):
    writer = data.draw(SCHEMAS)
    reader = data.draw(changed(writer))
    shared = data.draw(SCHEMAS)
    old, new = _document(writer, shared), _document(reader, data.draw(st.just(shared) | changed(shared)))
    found = json_findings(json.dumps(old), json.dumps(new))
    if found:
        return
    for value in data.draw(st.lists(VALUES, min_size=5, max_size=15)):
        if _valid(old, value):
            assert _valid(new, value) is not False, f"{value!r} is written by {old} and refused by {new}"


@settings(deadline=None, max_examples=150)
@given(SCHEMAS, SCHEMAS)
def test_a_schema_reads_what_it_writes(schema, shared):
    text = json.dumps(_document(schema, shared))
    assert json_findings(text, text) == ()


@pytest.mark.parametrize("text", ["", "nonsense", "NaN", "[" * 5000 + "]" * 5000, "1" * 5000])
def test_what_is_no_schema_is_refused(text):
    found = json_findings(text, "{}")
    assert [each.kind for each in found] == ["NOT_JUDGED"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "properties",
                    "items",
                    "$ref",
                    "allOf",
                    "anyOf",
                    "not",
                    "enum",
                    "required",
                    "pattern",
                    "$id",
                    "minimum",
                    "maxLength",
                    "if",
                    "dependencies",
                    "contains",
                    "$dynamicRef",
                    "unevaluatedItems",
                    "a",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=400)
@given(ANY_JSON, ANY_JSON)
def test_any_json_is_judged_or_refused(writer, reader):
    for found in json_findings(json.dumps(writer), json.dumps(reader)):
        assert found.text and found.kind
