"""Which two states are compared: ranges, the work tree, subfolders, submodules, shallow clones, what git cannot tell."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from pubsub_devtools_analysis.analysis import analyze
from pubsub_devtools_analysis.comparison import WORK_TREE, diff_of_graphs, diff_of_revisions
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import decode, encode
from pubsub_devtools_analysis.revisions import RevisionError, revision
from tests.diffing.conftest import Repository, only, reasons
from tests.diffing.test_fields import DICT
from tests.diffing.test_tasks import signal

ONE, TWO = signal(", amount=1", "amount, **kwargs"), signal(", amount=1, tax=2", "amount, **kwargs")


def test_three_dots_leave_out_what_the_other_branch_did(repository: Repository) -> None:
    repository.commit(ONE)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit(DICT)
    repository.git("checkout", "--quiet", "main")
    repository.commit(TWO)
    names = {"...": {"orders"}, "..": {"orders", "signals.paid"}}
    for dots, expected in names.items():
        assert {event.name for event in repository.diff(f"main{dots}topic").events} == expected


def test_the_work_tree_is_compared_with_its_new_changed_and_deleted_files(repository: Repository) -> None:
    repository.commit({**ONE, "app.py": DICT["app.py"]})
    repository.write({"worker.py": DICT["worker.py"], "till.py": TWO["till.py"], "app.py": ""})
    diff = repository.diff()
    assert (diff.base, diff.head) == ("HEAD", WORK_TREE)
    assert {event.name for event in diff.events} == {"orders", "signals.paid"}


def test_neither_the_work_tree_nor_the_index_is_touched(repository: Repository) -> None:
    repository.commit(ONE)
    repository.commit(TWO)
    repository.write({"till.py": ONE["till.py"], "new.py": "x = 1\n"})
    before = repository.git("status", "--porcelain"), (repository.root / ".git/index").read_bytes()
    assert repository.diff("HEAD~1..HEAD").verdict == "compatible"
    assert (repository.git("status", "--porcelain"), (repository.root / ".git/index").read_bytes()) == before


def test_a_revision_is_what_a_checkout_of_it_would_be(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({**ONE, **DICT})
    repository.commit({**TWO, "app.py": "", "pkg/__init__.py": "x = 1\n"})
    repository.git("clone", "--quiet", ".", str(tmp_path / "other"))
    (tmp_path / "other").rename(tmp_path / "twin")
    twin = Repository.__new__(Repository)
    twin.root = tmp_path / "twin"
    twin.git("checkout", "--quiet", first)
    files = {
        path: data for path, data in revision(repository.root, first).overlay.items() if data is not None
    }
    assert files
    assert all((twin.root / path).read_bytes() == data for path, data in files.items())
    assert repository.diff(f"{first}..HEAD").events == tuple(
        diff_of_graphs(
            analyze(twin.root, fields=True, use_cache=False),
            analyze(repository.root, fields=True, use_cache=False),
            ("", ""),
        ).events
    )


def test_a_subfolder_is_compared_by_itself(repository: Repository) -> None:
    repository.commit({f"{part}/{path}": text for part in "ab" for path, text in ONE.items()})
    repository.write({f"a/{path}": text for path, text in TWO.items()})
    assert diff_of_revisions(repository.root / "b", "HEAD").verdict == "none"
    assert diff_of_revisions(repository.root / "a", "HEAD").verdict == "compatible"


def test_both_ends_of_a_second_run_come_from_the_cache_and_are_the_same(repository: Repository) -> None:
    repository.commit(ONE)
    repository.commit(TWO)
    first = repository.diff("HEAD~1..HEAD")
    assert repository.diff("HEAD~1..HEAD") == first
    assert repository.diff("HEAD..HEAD").verdict == "none"
    assert first.verdict == "compatible"


def test_a_submodule_at_another_commit_is_noted(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit(ONE)
    allow = ("-c", "protocol.file.allow=always")
    repository.git(*allow, "submodule", "--quiet", "add", str(inner.root), "lib")
    repository.commit({"app.py": "x = 1\n"})
    inner.commit(TWO)
    repository.git(*allow, "submodule", "--quiet", "update", "--remote")
    diff = repository.diff()
    assert diff.verdict == "none"
    assert "submodule lib" in diff.notes[0]


def test_settings_that_differ_are_those_of_the_work_tree_and_noted(repository: Repository) -> None:
    section = '[tool.pubsub-devtools]\nexclude = ["worker.py"]\n'
    repository.commit({**DICT, "pyproject.toml": '[project]\nname = "shop"\n'})
    repository.commit({"pyproject.toml": section})
    assert repository.diff("HEAD~1..HEAD").verdict == "none"
    assert "settings in pyproject.toml differ" in repository.diff("HEAD~1..HEAD").notes[0]
    repository.commit({"pyproject.toml": '[project]\nname = "store"\n\n' + section})
    assert repository.diff("HEAD~1..HEAD").notes == ()
    assert "settings in pyproject.toml differ" in repository.diff("HEAD~2..HEAD").notes[0]


def test_the_schema_files_that_the_settings_name_are_those_of_each_revision(repository: Repository) -> None:
    settings = '[tool.pubsub-devtools]\nschemas = [{ file = "schemas/*.json" }]\n'
    schema = '{"title": "orders", "type": "object", "properties": {"%s": {"type": "integer"}}}'
    repository.commit({**DICT, "pyproject.toml": settings, "schemas/orders.json": schema % "total"})
    repository.commit({"schemas/orders.json": schema % "sum"})
    assert {(each.name, each.change) for each in only(repository.diff("HEAD~1..HEAD")).fields} == {
        ("total", "lost"),
        ("sum", "gained"),
    }
    repository.commit({"schemas/orders.json": "no schema"})
    repository.commit({"schemas/orders.json": "", "schemas/other.json": schema % "sum"})
    assert repository.diff("HEAD~1..HEAD").verdict == "compatible"


def test_a_revision_has_all_that_its_own_graph_has_but_the_flows(repository: Repository) -> None:
    chain = {"worker.py": DICT["worker.py"], "app.py": DICT["app.py"]}
    repository.commit({**TWO, **chain})
    expected = analyze(repository.root, fields=True, use_cache=False)
    repository.commit({**ONE, "app.py": "", "worker.py": ""})
    overlay = revision(repository.root, "HEAD~1").overlay
    for use_cache in (False, True, True):
        with AnalysisHost.open(repository.root, overlay=overlay, use_cache=use_cache) as host:
            assert host.contracts() == msgspec.structs.replace(expected, flows=())


def test_an_unknown_revision_is_named(repository: Repository) -> None:
    repository.commit(ONE)
    with pytest.raises(RevisionError, match="no revision 'nosuch' here"):
        repository.diff("nosuch")
    with pytest.raises(RevisionError, match="no revision '--all' here"):
        repository.diff("--all")


def test_a_shallow_clone_says_how_to_get_the_rest(repository: Repository, tmp_path: Path) -> None:
    repository.commit(ONE)
    repository.git("branch", "other")
    repository.commit(TWO)
    repository.git(
        "clone", "--quiet", "--depth=1", "--no-single-branch", repository.root.as_uri(), str(tmp_path / "c")
    )
    with pytest.raises(RevisionError, match="fetch-depth: 0"):
        diff_of_revisions(tmp_path / "c", "HEAD~1")
    assert diff_of_revisions(tmp_path / "c", "HEAD").verdict == "none"


def test_histories_without_a_common_ancestor_can_be_compared_by_two_dots(repository: Repository) -> None:
    repository.commit(ONE)
    repository.git("checkout", "--quiet", "--orphan", "apart")
    repository.commit(TWO)
    with pytest.raises(RevisionError, match="compare the two as they are"):
        repository.diff("main...apart")
    assert repository.diff("main..apart").verdict == "compatible"


def test_outside_a_repository_and_without_a_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.commit(ONE)
    (tmp_path / "plain").mkdir()
    with pytest.raises(RevisionError, match="no git repository"):
        diff_of_revisions(tmp_path / "plain", "HEAD")
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    with pytest.raises(RevisionError, match="no work tree"):
        diff_of_revisions(tmp_path / "bare.git", "HEAD")


def linked(repository: Repository, tmp_path: Path, *, fields: bool) -> None:
    """A repository of its own handles what this one publishes, and its graph is linked."""
    billing = Repository(tmp_path / "billing")
    billing.commit({"worker.py": DICT["worker.py"]})
    graph = analyze(billing.root, fields=fields)
    (tmp_path / "billing.json").write_text(encode(graph))
    settings = '[tool.pubsub-devtools]\nlinked = ["../billing.json"]\n'
    repository.commit({"pyproject.toml": settings, "app.py": DICT["app.py"]})
    repository.write({"app.py": DICT["app.py"].replace(', "total": 3', "")})


def test_a_field_that_a_linked_repository_reads_breaks_that_by_name(
    repository: Repository, tmp_path: Path
) -> None:
    linked(repository, tmp_path, fields=True)
    (broken,) = reasons(repository.diff(), "breaking")
    assert (broken.origin, broken.symbol, broken.field) == ("billing", "work", "total")


def test_a_linked_graph_without_fields_is_not_taken_to_read_nothing(
    repository: Repository, tmp_path: Path
) -> None:
    linked(repository, tmp_path, fields=False)
    diff = repository.diff()
    assert diff.verdict == "risky"
    assert "written without fields" in reasons(diff, "risky")[0].message


def test_a_name_that_a_linked_repository_hears_breaks_that_when_it_changes(
    repository: Repository, tmp_path: Path
) -> None:
    linked(repository, tmp_path, fields=True)
    repository.write({"app.py": DICT["app.py"].replace("orders", "sales")})
    broken = [each for each in reasons(repository.diff(), "breaking") if each.origin]
    assert [(each.origin, each.symbol) for each in broken] == [("billing", "work")]


def test_graphs_survive_their_files(repository: Repository) -> None:
    repository.commit(ONE)
    base = analyze(repository.root, fields=True)
    repository.write(TWO)
    head = analyze(repository.root, fields=True)
    read = [decode(encode(graph)) for graph in (base, head)]
    assert msgspec.structs.replace(
        diff_of_graphs(read[0], read[1], ("a", "b")), base="HEAD", head=WORK_TREE
    ) == (repository.diff())
    assert only(diff_of_graphs(read[0], read[1], ("a", "b"))).verdict == "compatible"
