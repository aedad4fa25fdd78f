"""The scorer of fields on made-up lines, and the truth that it reads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.bench import draw_fields, score_fields

BENCH = Path(__file__).parent
SITE = {"repo": "o/r", "path": "a.py", "line": 9, "symbol": "f", "event": "orders", "dialect": "nats"}


def handle(*reads: str, passed: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {**SITE, "kind": "handle", "reads": list(reads), "passed_whole_to": list(passed), **more}


def publish(*keys: str, more_keys: bool = False, **more: Any) -> dict[str, Any]:
    return {**SITE, "kind": "publish", "keys": list(keys), "open": more_keys, **more}


def counts(truth: list[dict[str, Any]], found: list[dict[str, Any]], kind: str = "handle") -> tuple[int, ...]:
    total = score_fields.score(kind, truth, found).total
    return total.right, total.wrong, total.missed, total.exact, total.found


def test_fields_are_counted_by_site() -> None:
    truth = [handle("total", "customer.email"), handle("sku", path="b.py", dialect="redis", repo="p/q")]
    found = [handle("total", "customer"), handle("sku", path="b.py", repo="p/q")]
    result = score_fields.score("handle", truth, found)
    assert (result.total.precision, result.total.recall) == (2 / 3, 2 / 3)
    assert (result.by_dialect["nats"].exact, result.by_dialect["redis"].exact) == (0, 1)
    assert (result.by_repo["o/r"].recall, result.by_repo["p/q"].recall) == (0.5, 1.0)


def test_keys_are_scored_as_reads_are() -> None:
    assert counts([publish("total")], [publish("total", "sku")], "publish") == (1, 1, 0, 0, 1)
    assert counts([publish("total")], [handle("total")], "publish") == (0, 0, 1, 0, 0)


def test_a_site_that_is_not_found_loses_its_fields_and_is_not_exact() -> None:
    assert counts([handle("total")], []) == (0, 0, 1, 0, 0)
    assert counts([handle()], []) == (0, 0, 0, 0, 0)
    assert score_fields.score("handle", [handle()], []).total.precision is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"line": 10}, 1),
        ({"line": 11}, 0),
        ({"line": 40}, 1),
        ({"path": "b.py"}, 0),
        ({"event": "order"}, 1),
        ({"event": "paid"}, 0),
        ({"event": "app.orders", "aliases": ["orders"]}, 1),
        ({"repo": "o/s"}, 0),
    ],
)
def test_where_a_site_is_found(change: dict[str, Any], found: int) -> None:
    truth = handle("total", aliases=["order"], alt=[["a.py", 41]])
    assert counts([truth], [handle("total", **change)])[-1] == found


def test_sites_match_one_to_one_and_the_nearest_first() -> None:
    truth = [handle("a"), handle("b", line=10), handle("c", event="paid")]
    found = [handle("b", line=10), handle("c", event="paid"), handle("a")]
    assert counts(truth, found) == (3, 0, 0, 3, 3)
    assert counts(truth[:2], found[:1]) == (1, 0, 1, 1, 1)
    assert counts([handle("a"), handle("a")], [handle("a")]) == (1, 0, 1, 1, 1)


def test_open_is_judged_apart_and_differences_are_listed() -> None:
    truth = [handle("total", passed=("print",)), publish("total", more_keys=True)]
    same = handle("total", passed=("logger.info",))
    result = score_fields.score("handle", truth[:1], [same])
    assert (result.total.exact, result.total.more_agrees) == (1, 1)
    assert "    passed_whole_to: ['logger.info'], truth: ['print']" in score_fields.report(result, True)
    assert len(list(score_fields.report(result, False))) == 3
    result = score_fields.score("publish", truth[1:], [publish("total")])
    assert (result.total.exact, result.total.more_agrees) == (1, 0)
    assert "    open: False, truth: True" in score_fields.report(result, True)


def test_false_fields_are_listed() -> None:
    result = score_fields.score("handle", [handle("a"), handle("z", line=90)], [handle("b")])
    assert list(score_fields.report(result, True))[:5] == [
        "handle o/r a.py:9 f [orders]",
        "    wrong: b",
        "    missed: a",
        "handle o/r a.py:90 f [orders]",
        "    not found",
    ]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCH / "score_fields.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("")
    done = run("--pred", str(file), "--list")
    assert done.returncode == 0
    assert "found 0 of 150" in done.stdout
    truth = tmp_path / "truth"
    truth.mkdir()
    (truth / "keys.jsonl").write_text(json.dumps(publish("total")))
    file.write_text(json.dumps(publish("total")))
    done = run("--pred", str(file), "--truth", str(truth))
    assert "handle: not judged, there is no reads.jsonl" in done.stdout
    assert "publish: keys: precision 1.000, recall 1.000 (1 right" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "an object is needed"),
        ("{", "out.jsonl:1"),
        (json.dumps({**SITE, "kind": "handle"}), "no `reads`"),
    ],
)
def test_lines_that_cannot_be_used_are_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "reads.jsonl").write_text(json.dumps(handle("total")))
    (tmp_path / "out.jsonl").write_text(text)
    done = run("--pred", str(tmp_path / "out.jsonl"), "--truth", str(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_truth_is_what_was_drawn() -> None:
    lines = score_fields.load(score_fields.HERE / "reads.jsonl")
    skipped = {draw_fields.key(line) for line in draw_fields.read(draw_fields.SKIPPED)}
    drawn = draw_fields.draw(draw_fields.facts(draw_fields.TRUTH, "handle"), 150, skipped)
    assert [draw_fields.key(line) for line in lines] == [draw_fields.key(fact) for fact in drawn]
    assert max(Counter(line["repo"] for line in lines).values()) <= draw_fields.CAP
    ignoring = [line for line in lines if not line["reads"] and not line["passed_whole_to"]]
    assert len(ignoring) * 4 <= len(lines)
    for line in lines:
        assert line["reads"] == sorted(set(line["reads"]))
        assert line["passed_whole_to"] == sorted(set(line["passed_whole_to"]))


def test_each_dialect_gets_its_share() -> None:
    pool = draw_fields.facts(draw_fields.TRUTH, "handle")
    there = Counter(fact["dialect"] for fact in pool)
    drawn = Counter(fact["dialect"] for fact in draw_fields.draw(pool, 150, set()))
    assert all(drawn[dialect] >= min(count, draw_fields.SHARE) for dialect, count in there.items())
    assert draw_fields.draw(pool, 150, set()) != draw_fields.draw(pool, 150, {draw_fields.key(pool[0])})
