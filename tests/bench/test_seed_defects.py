"""The seeder: edits keep places, seeds are found where they are, and what is not found is seen."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import seed_defects
from tests.bench.seeding.ground import Seed
from tests.bench.seeding.planting import Outcome, candidates, draw, plant
from tests.bench.seeding.text import Edit, before_line, edited, misspelt, moved, without_lines

SHOP = {
    "shop/__init__.py": "",
    "shop/models.py": "class Line:\n    sku: str\n    amount: int\n\n\nprint(Line)\n",
    "shop/tasks.py": """\
from celery import shared_task
from django.db import models


@shared_task
def send_receipt(order_id: int, note: str = ""):
    print("receipt", order_id, note)


@shared_task
def charge(order_id: int):
    send_receipt.delay(order_id)


def pay(order):
    charge.delay(order_id=order.pk)
    send_receipt.delay(order.pk, note="paid")


def refund(order):
    print(models, order)
""",
    "shop/signals.py": """\
from django.dispatch import Signal, receiver

order_paid = Signal()


@receiver(order_paid)
def on_paid(sender, order, **kwargs):
    print(order)


def tell(order):
    order_paid.send(sender=None, order=order)
""",
    "shop/wire.py": """\
import json

import nats


async def on_created(msg):
    order = json.loads(msg.data)
    print(order["total"])


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders.created", cb=on_created)
    await nc.publish("orders.created", json.dumps({"total": 5}).encode())
""",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "acme+shop"
    for path, text in SHOP.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_edits_are_told_by_the_places_before_them() -> None:
    text = "a\nbé(c)\nd\n"
    edits = [Edit((2, 3, 2, 4), "x, y"), before_line(2, "new\n"), without_lines(3, 3)]
    assert edited(text, edits) == "a\nnew\nbé(x, y)\n"
    assert [moved(line, edits) for line in (1, 2, 4)] == [1, 3, 4]


def test_a_slip_swaps_two_letters_inside_the_longest_word() -> None:
    assert misspelt("shop.tasks.receipt") == "shop.tasks.rceeipt"
    assert misspelt("a.b") == ""


CODES = [
    "PSD001",
    "PSD003",
    "PSD004",
    "PSD005",
    "PSD006",
    "PSD007",
    "PSD008",
    "PSD009",
    "PSD010",
    "PSD011",
    "PSD012",
    "PSD013",
]
CODES += ["PSD014", "PSD015", "PSD017", "PSD018", "PSD100"]


def test_every_seed_of_a_small_shop_is_found_and_nothing_else(shop: Path) -> None:
    seeds = candidates(shop, random.Random(1), CODES, 2)
    assert {seed.code for seed in seeds} == set(CODES)
    for outcome in plant(shop, seeds):
        assert outcome.found, outcome.seed
        assert not outcome.elsewhere, outcome


def test_the_checkout_stays_as_it_is(shop: Path) -> None:
    list(plant(shop, candidates(shop, random.Random(1), ["PSD014"], 1)))
    assert {path: (shop / path).read_text(encoding="utf-8") for path in SHOP} == SHOP


def test_a_seed_that_is_no_defect_is_missed_and_what_else_is_told_counts(shop: Path) -> None:
    (seed,) = candidates(shop, random.Random(1), ["PSD014"], 1)
    sound = replace(seed, content=SHOP[seed.path].encode())
    elsewhere = replace(seed, line=1)
    first, second = plant(shop, [sound, elsewhere])
    assert (first.found, first.elsewhere) == (False, ())
    assert not second.found
    assert [each.code for each in second.elsewhere] == ["PSD014"]


def test_soil_that_tells_something_counts_against_a_seed(shop: Path) -> None:
    (seed,) = candidates(shop, random.Random(1), ["PSD010"], 1)
    (outcome,) = plant(shop, [replace(seed, soil=seed.content)])
    assert [each.code for each in outcome.elsewhere] == ["PSD010"]


def test_seeds_are_drawn_by_turns_of_repositories() -> None:
    seeds = [Seed("PSD014", repo, "a.py", n, "", b"") for repo in ("a", "b") for n in range(3)]
    chosen = draw(seeds, random.Random(0), 4)
    assert sorted(seed.repo for seed in chosen) == ["a", "a", "b", "b"]


def test_figures_are_recorded(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = Seed("PSD014", "acme/shop", "a.py", 7, "it sleeps", b"")
    monkeypatch.setattr(seed_defects, "RESULTS", tmp_path)
    earlier = [{"code": code, "repo": "o/r", "found": True, "elsewhere": []} for code in ("PSD014", "PSD015")]
    text = "".join(json.dumps(row) + "\n" for row in earlier)
    (tmp_path / "seeds.jsonl").write_text(text, encoding="utf-8")
    outcomes = [Outcome(seed, found=found, elsewhere=()) for found in (True, False)]
    seed_defects.record([seed_defects.line(each) for each in outcomes], ["PSD014"], 1)
    rows = [json.loads(line) for line in (tmp_path / "seeds.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["code"], row["found"]) for row in rows] == [
        ("PSD014", True),
        ("PSD014", False),
        ("PSD015", True),
    ]
    assert "| PSD014 | 2 | 1 | 1 (50.0%) | 0 |" in (tmp_path / "seeds.md").read_text(encoding="utf-8")


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["seed_defects", "--repos", str(tmp_path / "none")])
    assert seed_defects.main() == 2
    assert "OWNER+NAME" in capsys.readouterr().err
