"""The scorer of edges on a tiny made-up graph."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent
sys.path.insert(0, str(BENCH))

import score_edges  # noqa: E402


def site(id_: str, kind: str, event: str, path: str, line: int, symbol: str, **more: Any) -> dict[str, Any]:
    spot = {"path": path, "line": line, "column": 0, "end_line": line, "end_column": 1}
    return {"id": id_, "kind": kind, "event": event, "dialect": "nats", "symbol": symbol, "place": spot,
            "certainty": "sure", "reason": "r", **more}  # fmt: skip


def event(name: str) -> dict[str, Any]:
    return {"id": f"nats:{name}", "name": name, "transport": "nats", "dialects": ["nats"]}


GRAPH = {
    "root": "x",
    "format": 1,
    "events": [event("orders"), event("orders.*"), event("paid")],
    "sites": [
        site("p1", "publish", "nats:orders", "a.py", 5, "send"),
        site("h1", "handle", "nats:orders", "b.py", 10, "on_order"),
        site("h2", "handle", "nats:orders.*", "c.py", 20, "on_any"),
        site("h3", "handle", "nats:orders", "tests/t.py", 3, "t", in_tests=True),
        site("p2", "publish", "nats:paid", "b.py", 12, "on_order"),
        site("p3", "publish", "nats:paid", "d.py", 7, "other"),
    ],
    "links": [{"source": "nats:orders", "target": "nats:orders.*", "kind": "wildcard"}],
    "flows": [{"handler": "h1", "publisher": "p2"}, {"handler": "h1", "publisher": "p3"}],
}
PUBLISH = {"repo": "o/r", "event": "orders", "path": "a.py", "line": 5, "symbol": "send", "dialect": "nats"}
HANDLE = {
    "repo": "o/r",
    "event": "orders",
    "path": "b.py",
    "line": 10,
    "symbol": "on_order",
    "dialect": "nats",
}
BOTH = [{"path": "b.py", "line": 11, "symbol": "on_order"}, {"path": "c.py", "line": 90, "symbol": "on_any"}]


def run(handlers: list[dict[str, Any]], publishes: list[dict[str, Any]], **graphs: Any) -> dict[str, Any]:
    edges = [{**PUBLISH, "handlers": handlers, "tests": []}]
    chains = [{**HANDLE, "publishes": publishes}]
    return score_edges.score(edges, chains, graphs or {"o+r": GRAPH}, True)


def test_exact_by_line_and_by_symbol_through_a_link() -> None:
    assert run(BOTH, [])["exact"] == 1


def test_extra_and_missing_handlers_are_not_exact() -> None:
    assert run(BOTH[:1], [])["exact"] == 0
    assert run([*BOTH, {"path": "z.py", "line": 1, "symbol": "z"}], [])["exact"] == 0
    assert run([*BOTH, {"path": "z.py", "line": 1, "symbol": "z", "optional": True}], [])["exact"] == 1


def test_handlers_of_one_symbol_are_not_one_handler() -> None:
    two = [{"path": "b.py", "line": 10, "symbol": "main"}, {"path": "b.py", "line": 30, "symbol": "main"}]
    found = [{"path": "b.py", "line": 10, "symbol": "main"}]
    assert score_edges.match(found, two)[1] == two[1:]


def test_chains() -> None:
    good = {"event": "paid", "path": "b.py", "line": 12}
    other = {"event": "paid", "path": "d.py", "line": 7, "optional": True}
    gone = {"event": "paid", "path": "e.py", "line": 1}
    result = run(BOTH, [good, other, gone])
    assert (result["right"], result["wrong"], result["missed"]) == (1, 0, 1)
    result = run(BOTH, [good])
    assert (result["right"], result["wrong"], result["missed"]) == (1, 1, 0)
    result = run(
        BOTH, [{"event": "paid", "path": "b.py", "line": 12, "aliases": ["x"]}, {**other, "event": None}]
    )
    assert (result["precision"], result["recall"]) == (1.0, 1.0)
    assert run(BOTH, [{**good, "event": "shipped"}])["right"] == 0


def test_roots_and_missing_graphs() -> None:
    truth = {**PUBLISH, "root": "docs/src", "path": "docs/src/a.py", "tests": []}
    truth["handlers"] = [{**one, "path": f"docs/src/{one['path']}"} for one in BOTH]
    assert score_edges.key_of("o/r", "docs/src") == "o+r@docs-src"
    assert score_edges.score([truth], [], {"o+r@docs-src": GRAPH})["exact"] == 1
    missing = score_edges.score([truth], [], {})
    assert (missing["exact"], missing["no_graph"]) == (0, ["o+r@docs-src"])


def test_truth_is_whole_and_the_command_says_so(tmp_path: Path) -> None:
    edges = score_edges.load(score_edges.HERE / "edges.jsonl")
    chains = score_edges.load(score_edges.HERE / "chains.jsonl")
    assert (len(edges), len(chains)) == (100, 60)
    (tmp_path / "o+r.json").write_text(json.dumps(GRAPH))
    done = subprocess.run(
        [sys.executable, str(BENCH / "score_edges.py"), "--graphs", str(tmp_path), "--list"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "exact handler sets: 0 of 100" in done.stdout
