"""Small JSON Schemas, changes of them, and values that lie near their borders."""

from hypothesis import strategies as st

NAMES = ("a", "b", "ab")
NUMBERS = st.sampled_from([0, 1, 2, 3, 0.5, -1])
SIZES = st.sampled_from([0, 1, 2, 3])
PATTERNS = st.sampled_from(["^a", "b", "^b$"])

LEAVES = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 2, 3, 0.5, -1, 1.5, "", "a", "b", "ab", "abc", [], {}]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)


def _some(**keywords):
    """Return a strategy of schemas with some of these keywords."""
    return st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({word: keywords[word] for word in chosen})
    )


def _typed(type_, keywords):
    return keywords.map(lambda given: {"type": type_, **given})


def _inner(schema):
    """Return schemas that hold others."""
    named = st.dictionaries(st.sampled_from(NAMES), schema, max_size=2)
    lists = st.lists(schema, min_size=1, max_size=2)
    objects = _some(
        properties=named,
        required=st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
        additionalProperties=schema,
        patternProperties=st.dictionaries(PATTERNS, schema, max_size=1),
        propertyNames=_some(maxLength=SIZES, pattern=PATTERNS),
        minProperties=SIZES,
        maxProperties=SIZES,
        dependentRequired=st.dictionaries(
            st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=1), max_size=1
        ),
        dependentSchemas=st.dictionaries(st.sampled_from(NAMES), schema, max_size=1),
        unevaluatedProperties=schema,
    )
    arrays = _some(
        prefixItems=lists,
        items=schema,
        minItems=SIZES,
        maxItems=SIZES,
        uniqueItems=st.booleans(),
        contains=schema,
        minContains=SIZES,
        maxContains=SIZES,
        unevaluatedItems=schema,
    )
    combined = _some(
        allOf=lists, anyOf=lists, oneOf=lists, **{"not": schema, "if": schema, "then": schema, "else": schema}
    )
    return st.one_of(
        _typed("object", objects),
        objects,
        _typed("array", arrays),
        arrays,
        combined,
        st.tuples(_typed("object", objects), combined).map(lambda both: {**both[0], **both[1]}),
    )


NUMERIC = _some(
    minimum=NUMBERS,
    maximum=NUMBERS,
    exclusiveMinimum=NUMBERS,
    exclusiveMaximum=NUMBERS,
    multipleOf=st.sampled_from([1, 2, 0.5]),
)
TEXTS = _some(minLength=SIZES, maxLength=SIZES, pattern=PATTERNS)
PLAIN = st.one_of(
    st.booleans(),
    st.sampled_from([{}, {"type": "null"}, {"type": "boolean"}, {"type": ["string", "null"]}]),
    _typed("number", NUMERIC),
    _typed("integer", NUMERIC),
    NUMERIC,
    _typed("string", TEXTS),
    st.builds(lambda values: {"enum": values}, st.lists(LEAVES, min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, LEAVES),
    st.sampled_from([{"$ref": "#"}, {"$ref": "#/$defs/a"}]),
)
SCHEMAS = st.recursive(PLAIN, _inner, max_leaves=6)


@st.composite
def changed(draw, schema):
    """Return a schema with one of its parts changed."""
    if not isinstance(schema, dict) or not schema or draw(st.integers(0, 3)) == 0:
        return draw(SCHEMAS)
    word = draw(st.sampled_from(sorted(schema)))
    rest = {name: given for name, given in schema.items() if name != word}
    given = schema[word]
    if draw(st.integers(0, 3)) == 0:
        return rest
    if isinstance(given, dict) and word in ("properties", "patternProperties", "dependentSchemas") and given:
        name = draw(st.sampled_from(sorted(given)))
        return {**rest, word: {**given, name: draw(changed(given[name]))}}
    if isinstance(given, list) and word in ("allOf", "anyOf", "oneOf", "prefixItems"):
        index = draw(st.integers(0, len(given) - 1))
        return {**rest, word: [*given[:index], draw(changed(given[index])), *given[index + 1 :]]}
    if isinstance(given, dict) and word not in (
        "properties",
        "patternProperties",
        "dependentSchemas",
        "dependentRequired",
    ):
        return {**rest, word: draw(changed(given))}
    if isinstance(given, int) and not isinstance(given, bool):
        return {**rest, word: abs(given + draw(st.sampled_from([-1, 1]))) or 1}
    return {**rest, "minLength": 1}
