"""Wildcards: ``*`` is one dotted segment, ``**`` any number of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools.bus.pattern import matcher

segments = st.lists(st.sampled_from("abc"), min_size=1, max_size=6)
patterns = st.lists(st.sampled_from(["a", "b", "c", "*", "**"]), min_size=1, max_size=6)


def by_definition(pattern, name):
    """The definition, in the plainest form there is: slow, and obviously right."""
    if not pattern:
        return not name
    head, rest = pattern[0], pattern[1:]
    if head == "**":
        return any(by_definition(rest, name[skipped:]) for skipped in range(len(name) + 1))
    return bool(name) and head in ("*", name[0]) and by_definition(rest, name[1:])


@given(patterns, segments)
def test_it_agrees_with_the_definition(pattern, name):
    assert matcher(".".join(pattern))(".".join(name)) is by_definition(pattern, name)


@pytest.mark.parametrize("pattern", ["Order*", "a.**b", "", "a..b", ".", "***"])
def test_a_wildcard_is_a_whole_segment(pattern):
    with pytest.raises(ValueError, match="segment"):
        matcher(pattern)


def test_many_wildcards_take_no_exponential_time():
    assert not matcher(".".join(["**", "a"] * 20))(".".join(["a"] * 200 + ["b"]))
