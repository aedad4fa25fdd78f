from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import FieldUse, Place
from tests.analysis.render.golden import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pubsub_devtools.model import Site
    from tests.cli.conftest import Result
    from tests.cli.fake_engine import Engine

    Cli = Callable[..., Result]


def test_everything_about_an_event(cli: Cli) -> None:
    result = cli("explain", "OrderPlaced")
    assert result.code == 0
    check("explain.txt", result.out)


def test_what_led_to_it(cli: Cli) -> None:
    out = cli("explain", "PaymentRefused").out
    assert "Comes from\n└── orders.OrderPlaced → Billing.on_order_placed  billing/handlers.py:14" in out
    assert "calls refuse()  billing/handlers.py:23" in out


def test_what_no_one_publishes_is_said(cli: Cli) -> None:
    assert "nothing here publishes it" in cli("explain", "post_save").out
    assert "nothing here handles it" in cli("explain", "StockReserved").out


def test_json_tells_everything(cli: Cli) -> None:
    found = json.loads(cli("explain", "OrderPlaced", "--json").out)
    assert found["format"] == 1
    assert found["event"]["schemas"][0]["fields"][0] == {"name": "order_id", "type": "str"}
    assert {reach["site"]["symbol"] for reach in found["publishers"]} == {"place_order", "import_orders"}
    assert len(found["tests"]) == 2


def test_fields_by_publishers_and_handlers(cli: Cli, engine: Engine) -> None:
    def told(site: Site) -> Site:
        place = Place(site.place.path, site.place.line + 1, 4, site.place.line + 1, 9)
        if site.event.endswith("OrderPlaced") and site.kind == "handle":
            more = ("requests.post",) if "stock" in site.place.path else ()
            return msgspec.structs.replace(
                site, reads=(FieldUse("customer.email", place),), passed_whole_to=more
            )
        if site.event.endswith("OrderPlaced") and site.symbol == "place_order":
            return msgspec.structs.replace(site, keys=(FieldUse("order_id", place, "str"),), open=True)
        return site

    engine.graph = msgspec.structs.replace(engine.graph, sites=tuple(map(told, engine.graph.sites)))
    result = cli("explain", "OrderPlaced", "--fields")
    assert result.code == 0
    assert engine.calls[-1]["fields"]
    check("explain-fields.txt", result.out[result.out.index("Fields") :])


def test_fields_are_not_looked_for_unasked(cli: Cli, engine: Engine) -> None:
    cli("explain", "OrderPlaced")
    assert not engine.calls[-1]["fields"]


def test_fields_are_no_picture(cli: Cli) -> None:
    assert cli("explain", "OrderPlaced", "--fields", "-f", "mermaid").code == 2


def test_drawings(cli: Cli) -> None:
    assert cli("explain", "OrderPlaced", "-f", "sequence").out.startswith("sequenceDiagram")
    out = cli("explain", "PaymentTaken", "-f", "mermaid").out
    assert out.startswith("flowchart LR")
    assert "post_save" not in out


def test_the_path_is_an_option(cli: Cli, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    assert cli("explain", "audit", "--path", "code").code == 0
    assert str(engine.calls[0]["root"]) == "code"
    assert cli("explain", "audit", "--path", "nowhere").code == 3


def test_a_guess_is_explained_only_when_asked_for(cli: Cli) -> None:
    refused = cli("explain", "kafka:stock")
    assert (refused.code, refused.out) == (2, "")
    assert "--certainty guess" in refused.err
    assert "guess: receiver-name" in cli("explain", "kafka:stock", "--certainty", "guess").out


def test_no_events_at_all_is_said(cli: Cli, engine: Engine) -> None:
    engine.graph = msgspec.structs.replace(engine.graph, events=(), sites=())
    assert "no events were found in shop" in cli("explain", "x").err


def test_the_event_is_needed(cli: Cli) -> None:
    result = cli("explain")
    assert result.code == 2
    assert result.err == "pubsub-tools: Missing argument 'EVENT'.\n"
