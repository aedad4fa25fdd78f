"""Which answers are remembered, which are let go, and that a change still finds all that stands on it."""

from __future__ import annotations

from collections import Counter

import pytest

from pubsub_devtools_analysis import memo
from pubsub_devtools_analysis.memo import Memo


class Sums:
    """`total` of b asks a, `half` of a is asked by its own file alone."""

    def __init__(self) -> None:
        self.memo = Memo()
        self.asked: Counter[str] = Counter()
        self.facts = {"a": 4, "b": 1}

    def total(self) -> int:
        return self.memo.get(("total", "b", ""), self._total, 0)

    def _total(self) -> int:
        self.asked["total"] += 1
        return self.facts["b"] + self.whole()

    def whole(self) -> int:
        return self.memo.get(("whole", "a", ""), self._whole, 0)

    def _whole(self) -> int:
        self.asked["whole"] += 1
        return 2 * self.half()

    def half(self) -> int:
        return self.memo.get(("half", "a", ""), self._half, 0)

    def _half(self) -> int:
        self.asked["half"] += 1
        self.memo.uses("a")
        return self.facts["a"] // 2


def test_an_answer_that_others_asked_for_stays_where_others_are_let_go() -> None:
    sums = Sums()
    assert sums.total() == 5
    sums.memo.rest()
    assert sums.total() == 5
    assert sums.whole() == 4
    assert sums.asked == Counter(total=1, whole=1, half=1)
    assert sums.half() == 2
    assert sums.asked["half"] == 2


@pytest.mark.parametrize("most", [0, 1_000])
def test_a_change_finds_what_stands_on_answers_that_were_let_go(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(memo, "MOST_INNER", most)
    sums = Sums()
    assert sums.total() == 5
    sums.facts["a"] = 5  # whose half is the same
    assert sums.memo.forget(["a"], ()) == {"a"}
    assert sums.total() == 5
    assert sums.asked["total"] == 1
    sums.facts["a"] = 8
    assert sums.memo.forget(["a"], ()) == {"a", "b"}
    assert sums.total() == 9
    sums.facts["a"] = 4
    assert sums.memo.forget(["a"], ()) == {"a", "b"}
    assert sums.total() == 5


def test_when_there_are_many_they_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MOST_INNER", 0)
    sums = Sums()
    assert sums.total() == 5
    sums.facts["a"] = 10
    assert sums.half() == 5
