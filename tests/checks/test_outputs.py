"""Each output is valid in its own language and harmless, whatever stands in a name."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from rich.console import Console

from pubsub_devtools.model import Finding, Findings, Place
from pubsub_devtools_analysis.checks.registry import CHECKS
from pubsub_devtools_analysis.render.github import workflow_commands
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_analysis.render.junit import junit
from pubsub_devtools_analysis.render.sarif import sarif
from pubsub_devtools_cli.show.findings import findings as as_text

from .hostile import NASTY, findings

ROOT = Path(__file__).parents[2]
SARIF = json.loads(Path(__file__).with_name("data").joinpath("sarif-2.1.0-rtm.5.json").read_text("utf-8"))
PLAIN = Finding(
    "PSD002", "warning", "100% of `a`: nobody", Place("a b/c,d:e.py", 7, 2, 7, 5), "f", "bus:a", (), "1234"
)


@pytest.mark.parametrize("found", [(), (PLAIN,), findings()], ids=["none", "one", "hostile"])
def test_sarif_is_valid(found):
    log = json.loads(sarif(found, CHECKS, "1.2.3"))
    jsonschema.Draft4Validator(SARIF).validate(log)
    results = log["runs"][0]["results"]
    assert len(results) == len(found)
    for result in results:
        rule = log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]


def test_sarif_says_where_and_links_nothing():
    log = json.loads(sarif([PLAIN, *findings()], CHECKS, "1.2.3", "services/shop"))
    first, second = log["runs"][0]["results"][:2]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "services/shop/a%20b/c%2Cd%3Ae.py"
    assert place["region"] == {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 6}
    assert first["partialFingerprints"] == {"pubsubFinding/v1": "1234"}
    assert r"\[a\](1)" in second["message"]["text"]


def test_annotations_are_one_command_each():
    assert workflow_commands([PLAIN], "src") == (
        "::warning title=PSD002,file=src/a b/c%2Cd%3Ae.py,line=7,endLine=7,col=3,endColumn=6::100%25 of `a`: nobody\n"
    )
    text = workflow_commands(findings())
    assert [line.partition(" ")[0] for line in text.splitlines()] == [
        "::error",
        "::warning",
        "::notice",
        "::notice",
    ]
    assert all(c.isprintable() for c in text.replace("\n", ""))


@pytest.mark.parametrize("found", [(), (PLAIN,), findings()], ids=["none", "one", "hostile"])
def test_junit_is_xml_that_counts(found):
    root = ET.fromstring(junit(found))
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.attrib["tests"]) == max(1, len(found))
    assert len(root.findall("testsuite/testcase/failure")) == int(root.attrib["failures"]) == len(found)
    assert sum(int(suite.attrib["tests"]) for suite in root.findall("testsuite")) == len(cases)


@pytest.mark.parametrize("code", [NASTY, "", "\t\tx = '\x1b[2J'", "x" * 500, "事件.発行('注文')"])
def test_text_is_visible_characters_only(code):
    out = io.StringIO()
    console = Console(file=out, width=10_000, force_terminal=False, highlight=False)
    for line in as_text(findings(), lambda path, number: code, "src/"):
        console.print(line)
    text = out.getvalue()
    assert all(c.isprintable() or c == "\n" for c in text)
    assert "[bold]x[/bold]" in text
    assert len(max(text.splitlines(), key=len)) < 400


def test_the_caret_stands_below_the_place():
    place = Place("a.py", 12, 12, 12, 14)
    found = Finding("PSD001", "error", "no", place)
    lines = [line.plain for line in as_text([found], lambda *_: "\tab = '事件', cd()", "")]
    code, caret = lines[3], lines[4]
    assert lines[1] == "  --> a.py:12:13"
    before = code.index("cd")
    assert caret.index("^") == before + 2  # the two wide characters before it take a column more each
    assert caret.count("^") == 2


def test_a_long_line_is_cut_around_the_caret():
    code = "x = [" + "1, " * 200 + "publish('a')" + ", 1" * 200 + "]"
    start = code.index("publish")
    found = Finding("PSD001", "error", "no", Place("a.py", 1, start, 1, start + 12))
    lines = [line.plain for line in as_text([found], lambda *_: code, "")]
    assert len(lines[3]) < 200
    assert lines[3].index("publish") == lines[4].index("^")


def test_the_document_keeps_to_its_schema():
    schema = json.loads((ROOT / "docs/reference/findings.schema.json").read_text("utf-8"))
    document = Findings("shop", findings=(PLAIN, *findings()), baselined=2, gone=("1",))
    jsonschema.Draft202012Validator(schema).validate(json.loads(encode(document)))
