"""Settings of a project mean the same for a part of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.rebase import rebase
from pubsub_devtools_analysis.settings import Checks, Settings

NAMES = st.sampled_from(["a", "b", "ab"])
PIECES = st.sampled_from(["a", "b", "ab", "*", "**", "a*", "?", "x.py", "*.py"])
GLOBS = st.builds(
    lambda lead, pieces, tail: lead + "/".join(pieces) + tail,
    st.sampled_from(["", "/"]),
    st.lists(PIECES, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)


@given(
    globs=st.lists(GLOBS, min_size=1, max_size=3),
    part=st.lists(NAMES, min_size=1, max_size=2),
    path=st.lists(NAMES, max_size=2).map(lambda names: "/".join([*names, "x.py"])),
)
def test_globs_cover_the_same_files_seen_from_a_part(globs, part, path):
    settings = rebase(Settings(include=tuple(globs), services={"s": tuple(globs)}), part)
    whole = Globs(globs).cover("/".join([*part, path]))
    assert Globs(settings.include).cover(path) == whole
    assert Globs(settings.services["s"]).cover(path) == whole
    assert settings.include


def test_roots_and_linked_files_move_with_the_part():
    settings = Settings(roots=("src", "services/a", "services/a/lib"), linked=("../other/graph.json",))
    rebased = rebase(settings, ["services", "a"])
    assert rebased.roots == (".", "lib")
    assert rebased.linked == ("../../../other/graph.json",)


def test_nothing_changes_for_the_project_itself():
    settings = Settings(include=("src/",))
    assert rebase(settings, []) is settings


def test_what_checks_leave_out_moves_with_the_part():
    ignored = {
        "services/a/": ("PSD001",),
        "services/": ("PSD002",),
        "old/": ("PSD003",),
        "services/b/": ("PSD011",),
    }
    settings = Settings(baseline="old.json", checks=Checks(ignore=("PSD015",), per_file_ignores=ignored))
    rebased = rebase(settings, ["services", "a"])
    assert rebased.baseline == "../../old.json"
    assert rebased.checks.ignore == ("PSD015",)
    assert rebased.checks.per_file_ignores == {"*": ("PSD001", "PSD002"), "old/": ("PSD003",)}
    assert rebase(Settings(), ["services"]).baseline == ""
