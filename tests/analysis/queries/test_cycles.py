from __future__ import annotations

import subprocess
import sys

import msgspec

from pubsub_devtools.model import EventGraph, Flow
from pubsub_devtools_analysis.queries.cycles import Cycle, cycles
from tests.analysis.shop_graph import CHANGED, MISSING, SAVED, shop, site


def test_a_cycle_is_told_once_as_its_shortest_loop() -> None:
    assert cycles(shop()) == (Cycle((CHANGED, MISSING), 2),)


def test_an_event_that_leads_to_itself_is_a_cycle() -> None:
    handler, publisher = site("handle", SAVED, "again", "a.py:1"), site("publish", SAVED, "again", "a.py:2")
    graph = msgspec.structs.replace(
        shop(), sites=(handler, publisher), flows=(Flow(handler.id, publisher.id),)
    )
    assert cycles(graph) == (Cycle((SAVED,), 1),)


def test_no_flow_no_cycle() -> None:
    assert cycles(EventGraph(root="empty")) == ()


def test_networkx_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, pubsub_devtools_analysis.queries.cycles; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
