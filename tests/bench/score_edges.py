"""Score the edges of event graphs against ``truth_edges/``: exact handler sets and chains.

    python tests/bench/score_edges.py --graphs DIR [--list]
    python tests/bench/score_edges.py --graph OWNER+NAME=graph.json --graph OWNER+NAME@root-as-dashes=graph.json

A graph is the JSON of ``pubsub_devtools.model.graph.EventGraph`` of the whole repository, or, where a line of the truth
names a ``root``, of that folder: ``OWNER+NAME.json`` and ``OWNER+NAME@docs-docs_src-kafka.json``. Paths of the truth are
relative to the repository; the root is put in front of the graph's paths. Where the graph of the root is missing, the
repository's own graph is taken, its sites outside the root left out.

**Handlers.** A publish is found by path, line (+-1 or an ``alt``) and event name, else by path, symbol and name. Its
handlers are those of its event and of the events that links lead to. They are exact when each required handler is there
and nothing else is (``optional`` ones may be missing). A handler is the same when the line (+-1 or an ``alt``) agrees, or
the symbol does in the same file. Handlers in tests (marked by the graph or listed under ``tests``) never count.
**Chains.** For each handler of the truth, pairs (handler, publishing site) from the graph's flows. Optional pairs and
publishers in tests are neither right nor wrong; a handler that the graph lacks loses all its pairs.

A file of the truth whose graph is missing counts as missed, and is said so. Standard library only. The exit status is 1
where a bound (exact 90 of 100, precision 0.95, recall 0.85) is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "truth_edges"
Record = dict[str, Any]


def load(path: Path) -> list[Record]:
    """The records of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def key_of(repo: str, root: str = "") -> str:
    """The name of a graph's file, without ``.json``."""
    name = repo.replace("/", "+")
    return f"{name}@{root.strip('/').replace('/', '-')}" if root else name


class Graph:
    """The parts of one graph that edges need, with paths relative to the repository."""

    def __init__(self, data: Record, root: str = "", within: str = "") -> None:
        """Read ``data``; ``root`` goes in front of the paths, sites outside ``within`` are left out."""
        prefix = f"{root.strip('/')}/" if root else ""
        inside = f"{within.strip('/')}/" if within else ""
        self.sites: dict[str, Record] = {}
        self.names: dict[str, set[str]] = {}
        for event in data.get("events", ()):
            self.names[event["id"]] = {event["name"], event["id"], *event.get("aliases", ())}
        for site in data.get("sites", ()):
            path = prefix + site["place"]["path"]
            if site.get("origin") or not path.startswith(inside):
                continue
            registered = site.get("registered")
            self.sites[site["id"]] = {
                "id": site["id"],
                "kind": site["kind"],
                "event": site["event"],
                "path": path,
                "line": site["place"]["line"],
                "registered": (prefix + registered["path"], registered["line"]) if registered else None,
                "symbol": site.get("symbol", ""),
                "in_tests": bool(site.get("in_tests")),
            }
        self.handlers: dict[str, list[Record]] = defaultdict(list)
        for site in self.sites.values():
            if site["kind"] == "handle":
                self.handlers[site["event"]].append(site)
        self.links: dict[str, set[str]] = defaultdict(set)
        for link in data.get("links", ()):
            self.links[link["source"]].add(link["target"])
        self.flows: dict[str, set[str]] = defaultdict(set)
        for flow in data.get("flows", ()):
            self.flows[flow["handler"]].add(flow["publisher"])

    def names_of(self, event: str) -> set[str]:
        """The name, id and aliases of an event."""
        return self.names.get(event) or {event, event.partition(":")[2]}

    def find(self, kind: str, truth: Record) -> list[Record]:
        """The sites of the kind at the truth's place with its name; by symbol only where no line agrees."""
        wanted = {truth["event"], *truth.get("aliases", ())}
        same = [
            site
            for site in self.sites.values()
            if site["kind"] == kind
            and site["path"] == truth["path"]
            and self.names_of(site["event"]) & wanted
        ]
        by_line = [site for site in same if at_line(site, truth)]
        return by_line or [site for site in same if site["symbol"] == truth.get("symbol")]

    def reached(self, event: str) -> list[Record]:
        """The handlers of an event and of what its links lead to."""
        seen, todo = {event}, [event]
        while todo:
            for target in self.links[todo.pop()] - seen:
                seen.add(target)
                todo.append(target)
        return [site for name in sorted(seen) for site in self.handlers[name]]


def at_line(site: Record, truth: Record) -> bool:
    """Whether a site stands at the truth's line, give or take one, or at one of its other lines."""
    if site["path"] != truth["path"]:
        return False
    line = site["line"]
    return abs(line - truth["line"]) <= 1 or any(abs(line - other) <= 1 for other in truth.get("alt", ()))


def match(found: list[Record], wanted: list[Record]) -> tuple[list[Record], list[Record]]:
    """What of ``found`` is not in ``wanted``, and what of ``wanted`` is not in ``found``; lines first, then symbols."""
    covered: set[int] = set()
    left = []
    for site in found:
        hits = [i for i, one in enumerate(wanted) if at_line(site, one)]
        if hits:
            covered.add(min(hits, key=lambda i: abs(wanted[i]["line"] - site["line"])))
        else:
            left.append(site)
    extra = []
    for site in left:
        hits = [
            i
            for i, one in enumerate(wanted)
            if one["path"] == site["path"] and one.get("symbol") and one["symbol"] == site["symbol"]
        ]
        fresh = [i for i in hits if i not in covered]
        if fresh:
            covered.add(fresh[0])
        elif not hits:
            extra.append(site)
    return extra, [one for i, one in enumerate(wanted) if i not in covered]


def place(record: Record) -> str:
    """``path:line symbol`` for the lists."""
    return f"{record['path']}:{record['line']} {record.get('symbol') or ''}".rstrip()


def judge_handlers(truth: Record, graph: Graph | None) -> list[str]:
    """Why the handlers of a publish are not exact; empty when they are."""
    if graph is None:
        return ["no graph"]
    sites = graph.find("publish", truth)
    if not sites:
        return ["publish not found"]
    tests = truth.get("tests", [])
    found = {}
    for site in sites:
        for handler in graph.reached(site["event"]):
            if not handler["in_tests"] and not any(at_line(handler, test) for test in tests):
                found[(handler["path"], handler["line"], handler["symbol"])] = handler
    extra, missing = match(list(found.values()), truth["handlers"])
    why = [f"extra {place(site)}" for site in extra]
    return why + [f"missing {place(one)}" for one in missing if not one.get("optional")]


def judge_chain(truth: Record, graph: Graph | None) -> tuple[int, list[Record], list[Record], str]:
    """Pairs found, pairs that are wrong, pairs missed, and a remark, for one handler."""
    required = [one for one in truth["publishes"] if not one.get("optional")]
    if graph is None:
        return 0, [], required, "no graph"
    handlers = graph.find("handle", truth)
    if not handlers:
        return 0, [], required, "handler not found"
    publishers = {
        p: graph.sites[p]
        for handler in handlers
        for p in graph.flows[handler["id"]]
        if p in graph.sites and not graph.sites[p]["in_tests"]
    }
    hit: set[int] = set()
    wrong = []
    for site in publishers.values():
        names = graph.names_of(site["event"])
        hits = [
            i
            for i, one in enumerate(truth["publishes"])
            if at_line(site, one)
            and (one["event"] is None or names & {one["event"], *one.get("aliases", ())})
        ]
        if not hits:
            wrong.append(site)
            continue
        nearest = min(abs(truth["publishes"][i]["line"] - site["line"]) for i in hits)
        hit.update(i for i in hits if abs(truth["publishes"][i]["line"] - site["line"]) == nearest)
    missed = [one for i, one in enumerate(truth["publishes"]) if i not in hit and not one.get("optional")]
    return len(required) - len(missed), wrong, missed, ""


def score(
    edges: list[Record], chains: list[Record], graphs: dict[str, Record], verbose: bool = False
) -> Record:
    """All figures, and the misses in words under ``lines`` when ``verbose``."""
    cache: dict[str, Graph | None] = {}

    def graph_of(truth: Record) -> Graph | None:
        repo, root = truth["repo"], truth.get("root", "")
        key = key_of(repo, root)
        if key not in cache:
            if key in graphs:
                cache[key] = Graph(graphs[key], root=root)
            elif root and key_of(repo) in graphs:
                cache[key] = Graph(graphs[key_of(repo)], within=root)
            else:
                cache[key] = None
        return cache[key]

    lines: list[str] = []
    exact: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for truth in edges:
        total[truth["repo"]] += 1
        why = judge_handlers(truth, graph_of(truth))
        if not why:
            exact[truth["repo"]] += 1
        elif verbose:
            lines.append(f"handlers {truth['repo']} {place(truth)} [{truth['event']}]")
            lines += [f"    {reason}" for reason in why]
    right = wrong = missed = whole = 0
    for truth in chains:
        good, bad, gone, remark = judge_chain(truth, graph_of(truth))
        right, wrong, missed = right + good, wrong + len(bad), missed + len(gone)
        whole += not bad and not gone and not remark
        if verbose and (bad or gone or remark):
            lines.append(f"chain {truth['repo']} {place(truth)} [{truth['event']}] {remark}".rstrip())
            lines += [f"    extra {place(site)} [{site['event']}]" for site in bad]
            lines += [f"    missing {place(one)} [{one['event']}]" for one in gone]
    return {
        "exact": sum(exact.values()),
        "publishes": len(edges),
        "by_repo": {repo: (exact[repo], total[repo]) for repo in sorted(total)},
        "precision": right / (right + wrong) if right + wrong else None,
        "recall": right / (right + missed) if right + missed else None,
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "chains_whole": whole,
        "chains": len(chains),
        "no_graph": sorted(key for key, graph in cache.items() if graph is None),
        "lines": lines,
    }


def main() -> int:
    """Read the graphs, print the figures, say whether the bounds hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--graphs", type=Path, help="folder of OWNER+NAME.json and OWNER+NAME@root-as-dashes.json"
    )
    parser.add_argument(
        "--graph", action="append", default=[], metavar="NAME=FILE", help="one graph; may be repeated"
    )
    parser.add_argument("--truth", type=Path, default=HERE)
    parser.add_argument("--list", action="store_true", help="list the misses")
    opt = parser.parse_args()
    graphs: dict[str, Record] = {}
    for file in sorted(opt.graphs.glob("*.json")) if opt.graphs else ():
        graphs[file.stem] = json.loads(file.read_text(encoding="utf-8"))
    for one in opt.graph:
        name, found, path = one.partition("=")
        file = Path(path if found else name)
        graphs[name if found else file.stem] = json.loads(file.read_text(encoding="utf-8"))
    result = score(load(opt.truth / "edges.jsonl"), load(opt.truth / "chains.jsonl"), graphs, opt.list)
    for line in result["lines"]:
        print(line)
    for key in result["no_graph"]:
        print(f"no graph {key}: counted as missed")
    for repo, (good, of) in result["by_repo"].items():
        print(f"    {repo}: {good} of {of}")

    def show(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    print(f"exact handler sets: {result['exact']} of {result['publishes']} (bound 90 of 100)")
    print(
        f"chains: precision {show(result['precision'])} (bound 0.95), recall {show(result['recall'])} (bound 0.85); "
        f"{result['right']} right, {result['wrong']} wrong, {result['missed']} missed; "
        f"{result['chains_whole']} of {result['chains']} handlers whole"
    )
    fine = (
        result["exact"] * 100 >= 90 * result["publishes"]
        and (result["precision"] or 0) >= 0.95
        and (result["recall"] or 0) >= 0.85
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
