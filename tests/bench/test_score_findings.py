"""The scorer of findings: which judgement is whose, what is not judged, and when the bounds are missed."""

from __future__ import annotations

from pathlib import Path

from tests.bench.score_findings import HERE, Line, Score, look, report, score
from tests.bench.score_findings import _lines as lines


def finding(line: int, code: str = "PSD015", **more: object) -> Line:
    return {
        "repo": "o/r",
        "path": "a.py",
        "line": line,
        "code": code,
        "event": "paid",
        "message": "sent",
    } | more


def judged(line: int, verdict: str = "true", **more: object) -> Line:
    return finding(line, **{"verdict": verdict, "why": "read"}) | more


def scored(found: list[Line], truth: list[Line]) -> Score:
    return score(found, truth, {"o/r"}, 500)


def test_judgements_are_found_by_place_and_used_once() -> None:
    result = scored([finding(7), finding(8)], [judged(8)])
    assert [verdict is not None for _, verdict in result.told] == [True, False]
    assert result.unjudged == [finding(8)]
    assert not result.is_kept()


def test_another_event_or_code_is_another_finding() -> None:
    assert scored([finding(7, event="lost")], [judged(7)]).unjudged
    assert scored([finding(7, code="PSD014")], [judged(7)]).unjudged


def test_what_is_told_no_more_is_listed_of_repositories_that_were_looked_at() -> None:
    assert scored([], [judged(7), judged(7, repo="o/other")]).gone == [judged(7)]


def test_the_bounds() -> None:
    many = [finding(line) for line in range(0, 40, 2)]
    right = [judged(line) for line in range(2, 40, 2)]
    assert scored(many, [judged(0, "wrong"), *right]).is_kept()
    worse = scored(many, [judged(0, "wrong"), judged(2, "wrong"), *right[1:]])
    assert worse.by_code() == {"PSD015": [False, False, *[True] * 18]}
    assert not worse.is_kept()


def test_the_report_says_how_many_come_a_thousand_files() -> None:
    text = "\n".join(report(scored([finding(7), finding(20)], [judged(7), judged(30)])))
    assert "2 findings in 500 files, 4.00 a thousand files" in text
    assert "not judged: PSD015 o/r a.py:20" in text
    assert "told no more: PSD015 o/r a.py:30 (true)" in text


def test_a_repository_is_looked_at_as_check_does(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef pay(self):\n    print(self)\n",
        encoding="utf-8",
    )
    rows, files = look("acme/shop", tmp_path)
    assert [(row["code"], row["line"], row["event"]) for row in rows] == [("PSD013", 5, "shop.pay")]
    assert files == 1


def test_every_judgement_is_whole() -> None:
    for file in sorted(HERE.glob("*.jsonl")):
        for row in lines(file):
            assert row.keys() == {"repo", "path", "line", "code", "event", "verdict", "why"}
            assert row["verdict"] in ("true", "wrong")
            assert row["why"]
