"""The harness itself: that figures are measured, missed, kept and recorded. No test looks at how long anything took."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import __main__ as bench_main
from tests.bench import accuracy, diffs, edits, growth, history, memory, speed, synthetic
from tests.bench import corpus as bench_corpus
from tests.bench.bench import PROJECT, Bench
from tests.bench.figure import Figure
from tests.bench.stopwatch import LAYERS, Stopwatch
from tests.bench.tree import Distribution, NoTreeError, Tree

SLOW = Figure("slow", 9.0, "s", 2.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    scratch = tmp_path_factory.mktemp("bench")
    tree = Tree("made", synthetic.make(scratch / "made", 200), 1.0, 0.1)
    return Bench(
        small=True, rounds=1, edits=10, sizes=(20, 40, 80), scratch=scratch / "scratch", given_trees=[tree]
    )


def test_a_tree_of_200_files_is_measured(small: Bench) -> None:
    groups = [
        speed.cold,
        speed.layers,
        speed.warm,
        speed.edits,
        speed.checks,
        diffs.diff,
        growth.growth,
    ]
    figures = {figure.name: figure for figure in bench_main.measured(small, groups)}
    assert all(figure.value is not None for figure in figures.values())
    for name in (
        "made: ast.parse over all files",
        "made: cold index, no cache / ast.parse",
        "made: cold index, empty cache / ast.parse",
        *(f"made: layer {layer}" for layer in LAYERS),
        "made: warm start",
        "made: warm start / cold index",
        "made: edit relinked (update) p95",
        "made, 50 edits: diff / cold index",
        "synthetic, 80 files: cold index",
        "synthetic: exponent of growth",
    ):
        assert name in figures
    assert figures["made: edits made"].value == 10


@pytest.mark.skipif(not memory.is_measurable(), reason="this system does not tell the figure")
def test_memory_of_a_process_and_of_what_it_starts_is_seen() -> None:
    inner = "import time; kept = b'x' * 50_000_000; print('up', flush=True); time.sleep(60)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(memory._tree(process.pid)) == 2
        child = max(memory._tree(process.pid) - {process.pid})
        assert memory._pss(child) > 50_000_000
        subprocess.run(["kill", str(child)], check=True)


@pytest.mark.skipif(not memory.is_measurable(), reason="this system does not tell the figure")
def test_what_is_held_once_indexed_is_told_beside_the_peak(small: Bench) -> None:
    peak, held = (figure.value for figure in speed.peak(small))
    assert peak is not None
    assert held is not None
    assert 10 < held < peak * 1.1


def test_a_slow_figure_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    def slow(_: Bench) -> Iterator[Figure]:
        yield SLOW

    assert bench_main.main(["--no-record"], {"slow": slow}) == 1
    assert "MISSED  slow" in capsys.readouterr().out
    assert bench_main.main(["--small", "--no-record"], {"slow": slow}) == 0


@pytest.mark.parametrize(
    ("figure", "small", "missed"),
    [
        (Figure("ratio", 2.4, "x", 2.0, peer=True), False, True),
        (Figure("ratio", 2.4, "x", 2.0, peer=True), True, False),
        (Figure("ratio", 2.6, "x", 2.0, peer=True), True, True),
        (Figure("recall", 0.9, "", 0.95, at_least=True), False, True),
        (Figure("recall", 0.95, "", 0.95, at_least=True), False, False),
        (Figure("told", 9.0, "s"), False, False),
        (Figure("absent", None, "s", 1.0), False, False),
    ],
)
def test_what_is_missed(figure: Figure, small: bool, missed: bool) -> None:
    assert figure.is_missed(small) is missed


def test_what_cannot_be_had_is_said() -> None:
    def downloads(_: Bench) -> Iterator[Figure]:
        raise NoTreeError("no network")
        yield SLOW

    figures = [*bench_main.measured(Bench(), [downloads, accuracy.facts, accuracy.edges])]
    assert figures
    assert all(figure.value is None and figure.note for figure in figures)


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x-1.whl").write_bytes(b"other")
    with pytest.raises(NoTreeError, match="pinned"):
        Distribution("x", "1", "x-1.whl", "0" * 64, "wheel").unpacked(tmp_path)


def test_each_figure_is_one_line_of_history(tmp_path: Path) -> None:
    history.append([SLOW, Figure("absent", None, "s")], False, tmp_path / "new" / "bench.jsonl")
    (row,) = map(json.loads, (tmp_path / "new" / "bench.jsonl").read_text().splitlines())
    assert row.keys() == {"date", "python", "small", "figure", "value", "bound", "unit"}
    assert (row["figure"], row["value"], row["bound"], row["unit"]) == ("slow", 9.0, 2.0, "s")


def test_synthetic_projects_are_python_and_the_same_by_seed() -> None:
    once = list(synthetic.sources(60, 1))
    assert once == list(synthetic.sources(60, 1))
    assert once == list(synthetic.sources(200, 1))[:60]
    for _, text in once:
        ast.parse(text)


@pytest.mark.parametrize("kind", edits.KINDS)
def test_each_edit_gives_other_python(kind: str) -> None:
    before = Path(__file__).read_bytes()
    after = edits.KINDS[kind](before, 7, random.Random(1))
    assert after is not None and after != before
    ast.parse(after)


def test_edits_are_the_same_by_seed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    return 'x'\n")
    assert edits.draw(tmp_path, ["a.py"], 1, 20) == edits.draw(tmp_path, ["a.py"], 1, 20)
    assert len(edits.draw(tmp_path, ["a.py"], 1, 20)) == 20
    assert edits.draw(tmp_path, [], 1, 20) == []


def test_a_layer_rests_while_another_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 3.0, 6.0, 10.0])
    monkeypatch.setattr("tests.bench.stopwatch.time.perf_counter", lambda: next(now))
    watch = Stopwatch()
    with watch.layer("outer"), watch.layer("inner"):
        pass
    assert watch.seconds == {"outer": 2.0 + 4.0, "inner": 3.0}


def test_the_exponent_is_that_of_the_power() -> None:
    sizes = [10.0, 100.0, 1000.0]
    assert growth.exponent(sizes, [3 * size**1.5 for size in sizes]) == pytest.approx(1.5)


def test_corpus_prints_the_sites_of_the_shop() -> None:
    command = [sys.executable, "tests/bench/corpus.py", "examples/shop", "--repo", "examples/shop"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    every = {"repo", "kind", "event", "path", "line", "symbol", "dialect", "certainty"}
    own = {"handle": {"reads", "passed_whole_to"}, "publish": {"keys", "open"}, "declare": set[str]()}
    assert all(row.keys() == every | own[row["kind"]] for row in rows)
    assert ["order_id"] in [row["reads"] for row in rows if row["kind"] == "handle"]
    assert any(row.get("keys") for row in rows)
    assert {row["certainty"] for row in rows} <= {"sure", "likely"}
    assert {row["repo"] for row in rows} == {"examples/shop"}
    found = {(row["kind"], row["event"]) for row in rows}
    assert {("publish", "OrderPlaced"), ("handle", "OrderPlaced"), ("declare", "OrderPlaced")} <= found


def test_corpus_says_in_one_line_what_is_wrong() -> None:
    command = [sys.executable, "tests/bench/corpus.py", "no/such/folder", "--repo", "o/r"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_checkout_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = {"repo": "o/r", "kind": "handle", "event": "a.f", "path": "a.py", "line": 4, "symbol": "f"}
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "r.jsonl").write_text(json.dumps({**fact, "dialect": "celery", "form": "plain"}))
    repos = [
        {"name": "o/r", "truth": [{"file": "r.jsonl", "split": "open", "scope": [""], "covers": ["celery"]}]}
    ]
    (tmp_path / "truth" / "repos.json").write_text(json.dumps({"repos": [*repos, {"name": "o/gone"}]}))
    (tmp_path / "o+r").mkdir()
    (tmp_path / "o+r" / "a.py").write_text(
        "from celery import shared_task\n\n@shared_task\ndef f():\n    pass\n"
    )
    monkeypatch.setattr(accuracy, "HERE", tmp_path)
    monkeypatch.setattr(accuracy, "_predicted", _predicted)
    monkeypatch.setattr(accuracy, "TRUTHS", {"truth": accuracy.DIALECT})
    figures = {f.name: f.value for f in accuracy.facts(Bench(scratch=tmp_path / "s", checkouts=(tmp_path,)))}
    assert figures["truth: all facts, precision"] == figures["truth: all facts, recall"] == 1.0
    assert figures["truth: o/gone"] is None


def _predicted(checkout: Path, repo: str) -> str:
    return "\n".join(bench_corpus.lines(checkout, repo)) + "\n"
