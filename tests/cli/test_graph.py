from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import msgspec
import pytest

from pubsub_devtools.model import EventGraph
from pubsub_devtools_analysis.render.json import decode
from tests.analysis.render.golden import check
from tests.analysis.shop_graph import shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result
    from tests.cli.fake_engine import Engine

    Cli = Callable[..., Result]


def test_the_tree_names_who_publishes_who_handles_and_what_follows(cli: Cli) -> None:
    result = cli("graph")
    assert result.code == 0
    check("graph.txt", result.out)


def test_the_table(cli: Cli) -> None:
    check("table.txt", cli("graph", "-f", "table").out)


def test_tests_are_counted_and_shown_only_when_asked_for(cli: Cli) -> None:
    assert "2 publishers · 3 handlers · 2 in tests" in cli("graph").out
    assert "test_reserves" not in cli("graph").out
    assert "test_reserves  tests/test_stock.py:9  in tests" in cli("graph", "--tests").out


def test_json_is_the_graph_and_the_coverage_goes_to_stderr(cli: Cli) -> None:
    result = cli("graph", "--json", "--certainty", "guess", "--tests")
    assert decode(result.out) == shop()
    assert "64 files found, 21 read for events: 27 sites seen, 26 named, 1 not named." in result.err
    assert result.out == cli("graph", "-f", "json", "--certainty", "guess", "--tests").out


@pytest.mark.parametrize(
    ("args", "present", "absent"),
    [
        (("--event", "PaymentTaken"), "shipping.ParcelSent", "orders.OrderCancelled"),
        (("--event", "PaymentTaken", "--event", "audit"), "orders.OrderCancelled", "post_save"),
        (("--event", "PaymentTaken", "--direction", "up"), "orders.OrderPlaced", "shipping.ParcelSent"),
        (("--event", "PaymentTaken", "--depth", "0"), "billing.PaymentTaken", "orders.OrderPlaced"),
        (("--service", "audit"), "audit", "orders.OrderPlaced"),
        (("--dialect", "django_signal"), "post_save", "audit"),
        (("--no-builtins",), "audit", "post_save"),
        (("--certainty", "sure"), "audit", "mail.MailSent"),
        (("--certainty", "guess"), "kafka:stock", "nothing"),
    ],
)
def test_filters(cli: Cli, args: tuple[str, ...], present: str, absent: str) -> None:
    events = decode(cli("graph", "--json", *args).out).events
    names = {event.name for event in events} | {event.id for event in events}
    assert present in names
    assert absent not in names


def test_the_engine_is_asked_as_the_options_say(cli: Cli, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    assert (
        cli("graph", "code", "--config", "c.toml", "--exclude", "a", "--exclude", "b", "--no-cache").code == 0
    )
    assert engine.calls == [
        {
            "root": Path("code"),
            "config": Path("c.toml"),
            "exclude": ("a", "b"),
            "use_cache": False,
            "fields": False,
            "progress": None,
        }
    ]


def test_data_tells_fields(cli: Cli, engine: Engine) -> None:
    assert cli("graph", "--json").code == 0
    assert engine.calls[-1]["fields"]


def test_pictures(cli: Cli, tmp_path: Path) -> None:
    assert cli("graph", "-f", "dot").out.startswith("digraph events {")
    assert cli("graph", "-f", "mermaid").out.startswith("flowchart LR")
    assert cli("graph", "-f", "sequence", "--event", "OrderPlaced").out.startswith("sequenceDiagram")
    result = cli("graph", "-f", "svg", "-o", "shop.svg")
    assert result.out == ""
    assert "Wrote shop.svg" in result.err
    assert ElementTree.parse(tmp_path / "shop.svg").getroot().tag.endswith("svg")


def test_html_opens_on_what_was_asked_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from pubsub_devtools_analysis.render import html

    page = '<script id="pubsub-graph">null</script><script id="pubsub-view">null</script>'
    monkeypatch.setattr(html, "_shipped_page", lambda: page)
    out = cli("graph", "-f", "html", "--event", "PaymentTaken", "--depth", "1").out
    assert (
        '<script id="pubsub-view">{"event":"bus:billing.PaymentTaken","depth":1,"direction":"both"}</script>'
        in out
    )
    assert "test_reserves" in out, "the page tells tests apart by itself"
    assert "post_save" in out, "the page can move on to any event"


def test_a_file_gets_plain_uncut_text(cli: Cli, tmp_path: Path) -> None:
    assert cli("graph", "-o", "graph.txt").code == 0
    assert (tmp_path / "graph.txt").read_text("utf-8") == cli("graph").out


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ((), "Not shown: 1 guess (--certainty guess), 3 in tests (--tests)."),
        (
            ("--certainty", "sure"),
            "Not shown: 3 likely (--certainty likely), 1 guess (--certainty guess), 3 in tests (--tests).",
        ),
        (("--tests", "--no-builtins", "--certainty", "guess"), "Not shown: 1 built-in event (--builtins)."),
        (("--event", "PaymentTaken", "--depth", "0"), "Not shown: 1 in tests (--tests)."),
    ],
)
def test_what_options_would_add_is_said(cli: Cli, args: tuple[str, ...], line: str) -> None:
    assert cli("graph", *args).out.splitlines()[-1] == line


def test_nothing_is_left_out_in_silence_nor_invented(cli: Cli) -> None:
    assert "Not shown" not in cli("graph", "--tests", "--certainty", "guess").out
    assert (
        "Nothing is left after this selection."
        in cli("graph", "--service", "mail", "--dialect", "django_signal").out
    )


def test_nothing_found_is_said(cli: Cli, engine: Engine) -> None:
    engine.graph = EventGraph(root="empty")
    result = cli("graph")
    assert result.code == 0
    assert result.out.startswith("No events found.")
    assert "Frameworks: none of those known was found." in result.out


def test_the_commonest_reasons_come_first(cli: Cli, engine: Engine) -> None:
    (one,) = engine.graph.unnamed
    reasons = [("r1", 1), ("r2", 3), ("r3", 2), ("r4", 1)]
    many = tuple(
        msgspec.structs.replace(one, reason=reason) for reason, number in reasons for _ in range(number)
    )
    engine.graph = msgspec.structs.replace(engine.graph, unnamed=many)
    lines = [line for line in cli("graph").out.splitlines() if line.startswith("Not named")]
    assert [line.split("as at")[0].strip() for line in lines] == [
        "Not named: 3 (r2),",
        "Not named: 2 (r3),",
        "Not named: 1 (r1),",
        "Not named: 1 for 1 other reason; --json lists them all.",
    ]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("nowhere",), 3, "no such file or folder: nowhere"),
        (("cod",), 3, "no such file or folder: cod; did you mean code?"),
        (("--event", "OrderPlacd"), 2, "no event 'OrderPlacd' in shop: did you mean orders.OrderPlaced"),
        (("--event", "kafka:stock"), 2, "what is known of it is not certain enough (--certainty guess)"),
        (("--service", "mial"), 2, "no service 'mial' here: did you mean mail?"),
        (
            ("--dialect", "zzz"),
            2,
            "no framework 'zzz' here: there is aiokafka, django_signal, pubsub_devtools",
        ),
        (("--depth", "1"), 2, "--depth needs a start: add --event or --service"),
        (("--direction", "up"), 2, "--direction needs a start: add --event or --service"),
        (("--depth", "-1", "--event", "audit"), 2, "--depth"),
        (("--format", "pdf"), 2, "'pdf' is not one of 'tree', 'table'"),
        (("--json", "--format", "dot"), 2, "--json and --format dot exclude each other"),
        (("--engine", "dot"), 2, "--engine lays out pictures: add --format svg"),
        (("--format", "sequence"), 2, "--format sequence shows the flow of one event: add one --event"),
        (("--evnt", "x"), 2, "No such option: --evnt"),
        (("--output", "no/such/place", "--json"), 2, "cannot write no/such/place: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    cli: Cli, tmp_path: Path, args: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "code").mkdir()
    result = cli("graph", *args)
    assert result.code == code
    assert message in result.err
    assert result.err.count("\n") == 1
    assert result.out == ""


def test_a_page_that_is_not_there_is_said(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pubsub_devtools_analysis.render import html

    monkeypatch.setattr(html, "files", lambda _: tmp_path)
    result = cli("graph", "--format", "html")
    assert (result.code, result.out) == (2, "")
    assert "lacks the interactive page" in result.err


def test_errors_of_the_engine_are_told_with_their_codes(cli: Cli, engine: Engine) -> None:
    from tests.cli.fake_engine import ConfigError, ProjectError

    engine.error = ConfigError(
        "pyproject.toml:3: tool.pubsub-devtools.rootz: unknown key; did you mean roots?"
    )
    assert cli("graph") == (2, "", f"pubsub-tools: {engine.error}\n")
    engine.error = ProjectError("cannot read /closed: permission denied")
    assert cli("graph") == (3, "", f"pubsub-tools: {engine.error}\n")


def test_an_ambiguous_event_lists_the_candidates(cli: Cli, engine: Engine) -> None:
    twin = msgspec.structs.replace(engine.graph.events[0], id="nats:audit", name="audit", transport="nats")
    engine.graph = msgspec.structs.replace(engine.graph, events=(*engine.graph.events, twin))
    result = cli("explain", "audit")
    assert result.code == 2
    assert result.err == "pubsub-tools: 'audit' is ambiguous, say which:\n  kafka:audit\n  nats:audit\n"
    assert json.loads(cli("explain", "kafka:audit", "--json").out)["event"]["id"] == "kafka:audit"
