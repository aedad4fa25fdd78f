"""The examples against their hand-read truth: every site found, none invented, one flow across two libraries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pubsub_devtools.model import EventGraph
from pubsub_devtools_analysis.analysis import analyze

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "shop": ROOT / "examples" / "shop",
    "celery_shop": ROOT / "examples" / "miniatures" / "celery_shop",
    "django_shop": ROOT / "examples" / "miniatures" / "django_shop",
    "faststream_shop": ROOT / "examples" / "miniatures" / "faststream_shop",
    "mixed_broker": ROOT / "examples" / "miniatures" / "mixed_broker",
}


def sites(graph: EventGraph) -> set[tuple[str, str, str, int]]:
    """Kind, event, path and line of every site."""
    names = {event.id: event.name for event in graph.events}
    return {(s.kind, names[s.event], s.place.path, s.place.line) for s in graph.sites}


def places(fact: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """Where a fact may be said to stand."""
    lines = [(fact["path"], fact["line"]), *fact.get("alt", [])]
    return [(fact["kind"], fact["event"], path, line) for path, line in lines]


def near(one: tuple[str, str, str, int], many: set[tuple[str, str, str, int]]) -> bool:
    """Whether a fact stands among others, a line up or down."""
    kind, event, path, line = one
    return any((kind, event, path, line + offset) in many for offset in (0, -1, 1))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_site_is_found_and_none_invented(name: str) -> None:
    lines = (ROOT / "tests" / "projects" / f"{name}_truth.jsonl").read_text("utf-8").splitlines()
    facts = [json.loads(line) for line in lines]
    found = sites(analyze(EXAMPLES[name], use_cache=False))
    missed = [f for f in facts if not f.get("optional") and not any(near(p, found) for p in places(f))]
    true = {place for fact in facts for place in places(fact)}
    invented = [f for f in sorted(found) if f[0] != "declare" and not near(f, true)]
    assert (missed, invented) == ([], [])


def test_the_shop_is_clean() -> None:
    graph = analyze(EXAMPLES["shop"], use_cache=False)
    kinds: dict[str, set[str]] = {event.id: set() for event in graph.events}
    for site in graph.sites:
        kinds[site.event].add(site.kind)
    assert [event for event, has in kinds.items() if not {"publish", "handle"} <= has] == []
    assert graph.unnamed == ()
    assert [saga.name for saga in graph.sagas] != []


def test_halves_on_two_clients_of_one_broker_are_one_flow() -> None:
    graph = analyze(EXAMPLES["mixed_broker"], use_cache=False)
    both = [event for event in graph.events if len(event.dialects) > 1]
    assert both
    for event in both:
        assert {s.kind for s in graph.sites if s.event == event.id} >= {"publish", "handle"}


def test_the_same_tree_gives_the_same_bytes() -> None:
    from pubsub_devtools_analysis.render.json import encode

    first, second = (encode(analyze(EXAMPLES["shop"], use_cache=False)) for _ in range(2))
    assert first == second
