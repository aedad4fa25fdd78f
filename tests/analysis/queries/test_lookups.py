"""Look-ups that go from snapshot to snapshot tell the same as those that are made anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools_analysis.queries.lookups import Lookups
from pubsub_devtools_analysis.queries.occurrence import Occurrence

EVENTS = ("a", "b", "c")
OCCURRENCES = st.builds(
    Occurrence,
    line=st.integers(1, 4),
    column=st.just(0),
    end_column=st.just(1),
    form=st.sampled_from(["class", "handler", "string"]),
    role=st.sampled_from(["declare", "handle", "mention"]),
    events=st.lists(st.sampled_from(EVENTS), unique=True).map(tuple),
    symbol=st.sampled_from(["", "x.A", "x.B"]),
)
TABLES = st.dictionaries(
    st.sampled_from(["m.py", "n.py", "o.py"]), st.lists(OCCURRENCES, max_size=4, unique=True).map(tuple)
)


@given(st.lists(TABLES, min_size=1, max_size=4))
def test_same_as_anew(tables):
    kept = Lookups()
    for table in tables:
        anew = Lookups()
        for events in (frozenset({"a"}), frozenset(EVENTS)):
            found = list(kept.everywhere(table, events))
            assert found == list(anew.everywhere(table, events))
            assert set(found) == {
                (path, each) for path, its in table.items() for each in its if events & set(each.events)
            }
        assert list(kept.defined(table, "x.A")) == list(anew.defined(table, "x.A"))
