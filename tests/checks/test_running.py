"""What silences a finding, and what names it: comments, settings, fingerprints, the baseline."""

from __future__ import annotations

import pytest

from pubsub_devtools_analysis.checks.baseline import BaselineError, encode, parse, parted, written
from pubsub_devtools_analysis.checks.ignores import ignores
from pubsub_devtools_analysis.checks.registry import CHECKS
from pubsub_devtools_analysis.checks.running import Choice
from pubsub_devtools_analysis.render.json import encode as encode_graph

from .workspace import findings, graph

LOST = """\
from pubsub_devtools import BaseEvent, event_bus


class Lost(BaseEvent):
    id: str


event_bus.publish(Lost(id="7"))
"""
LINE = 'event_bus.publish(Lost(id="7"))'


def codes(code, config="", path="app.py", **choice):
    files = {path: code, "pyproject.toml": f"[tool.pubsub-devtools]\n{config}"}
    return [each.code for each in findings(files, Choice(**choice))]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", ["PSD002"]),
        ("  # pubsub: ignore[PSD002]", []),
        ("  # why  # pubsub: ignore[psd002]", []),
        ("  #pubsub:ignore[PSD001, PSD002]", ["PSD100"]),
        ("  # pubsub: ignore", []),
        ("  # pubsub: ignored", ["PSD002"]),
        ("  # pubsub: ignore[]", ["PSD002"]),
        ("  # pubsub: ignore[PSD003]", ["PSD002", "PSD100"]),
    ],
)
def test_comments_silence_their_line(comment, expected):
    assert sorted(codes(LOST.replace(LINE, LINE + comment))) == expected


def test_an_unused_comment_is_judged_only_by_checks_that_run():
    code = LOST.replace(LINE, LINE + "  # pubsub: ignore[PSD002,PSD003]")
    assert codes(code) == ["PSD100"]
    assert codes(code, select=("PSD002", "PSD100")) == []
    assert codes(code, ignore=("PSD100",)) == []
    assert codes("x = 1  # pubsub: ignore[PSD002]\n") == ["PSD100"]


def test_only_comments_count_and_in_broken_files_every_match_does():
    text = 'x = "# pubsub: ignore[PSD001]"\ny = 1  # pubsub: ignore[PSD002, PSD003]\n'
    (found,) = ignores("a.py", text.splitlines())
    assert (found.place.line, found.codes) == (2, ("PSD002", "PSD003"))
    assert len(ignores("a.py", [*text.splitlines(), "def f(:", '"""'])) == 2


def test_settings_judge():
    assert codes(LOST, 'checks.ignore = ["PSD002"]', ignore=("PSD002",)) == []
    assert codes(LOST, 'checks.severity.PSD002 = "off"') == []
    assert codes(LOST, 'checks.severity.PSD002 = "hint"') == []
    assert codes(LOST, 'checks.severity.PSD002 = "hint"', select=("PSD002",)) == ["PSD002"]
    assert codes(LOST, 'checks.per-file-ignores."old/" = ["PSD0"]', path="old/app.py") == []
    assert codes(LOST, 'checks.per-file-ignores."old/" = ["PSD0"]', path="new/app.py") == ["PSD002"]


def test_examples_and_copies_give_hints():
    assert codes(LOST, path="examples/app.py") == []
    assert codes(LOST, path="examples/app.py", select=("PSD",)) == ["PSD002"]


def test_tests_and_external_events_do_not_count():
    assert codes(LOST, path="tests/test_app.py") == []
    assert codes(LOST, 'external = ["Lo*"]') == []


TWICE = LOST.replace(LINE, f"{LINE}\n\n\ndef again() -> None:\n    {LINE}\n    {LINE}\n")


def prints(code, config=""):
    files = {"app.py": code, "pyproject.toml": config}
    return [each.fingerprint for each in findings(files, Choice(select=("PSD00",)))]


def test_fingerprints_stay_when_lines_move_or_are_formatted():
    old = prints(LOST)
    assert len(set(old)) == len(old) == 1
    assert prints("# one\n# more\n\n" + LOST) == old
    assert prints(LOST.replace(LINE, LINE.replace("(id", "(id"))) == old
    assert prints(LOST.replace(LINE, LINE + "   # why not  ").replace("   # why not  ", "")) == old
    assert prints(LOST.replace('"7"', '"8"')) != old


def test_a_baseline_tells_new_from_old_and_shrinks_only():
    def found(code):
        return findings({"app.py": code, "pyproject.toml": ""})

    other = LOST.replace("Lost", "Gone")
    both = found(LOST + other)
    first = written(both, None)
    assert len(first.findings) == 2
    assert parse(encode(first).encode()) == first
    assert parted(both, first) == ((), ())

    fewer = found(LOST)
    new, gone = parted(fewer, first)
    assert (new, len(gone)) == ((), 1)
    second = written(fewer, first)
    assert [entry.fingerprint for entry in second.findings] == [fewer[0].fingerprint]

    third = written(both, second)
    assert third == second
    assert [each.event for each in parted(both, second)[0]] == ["pubsub_devtools:Gone"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}x", b'{"format": 2}', b'{"findings": [{}]}', b"\xff"])
def test_what_is_no_baseline_is_refused(data):
    with pytest.raises(BaselineError):
        parse(data)


def test_an_empty_baseline_is_one():
    assert parse(encode(written((), None)).encode()).findings == ()


def test_a_handler_in_a_linked_graph_is_one():
    handler = LOST.replace("event_bus\n", "event_handler\n").replace(
        LINE, "@event_handler(Lost)\ndef on_lost(event: Lost) -> None:\n    print(event)"
    )
    other = encode_graph(graph({"other.py": handler}))
    assert codes(LOST) == ["PSD002"]
    files = {
        "app.py": LOST,
        "graph.json": other,
        "pyproject.toml": '[tool.pubsub-devtools]\nlinked = ["graph.json"]\n',
    }
    assert findings(files) == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_broken_code_is_normal_input(check):
    """Files cut off anywhere: what is found then may differ, but something always comes back."""
    for sample in check.samples:
        texts = sample.files()
        for share in (0.35, 0.7, 0.9):
            cut = {
                path: text[: int(len(text) * share)] if path.endswith(".py") else text
                for path, text in texts.items()
            }
            assert all(each.fingerprint for each in findings(cut))
