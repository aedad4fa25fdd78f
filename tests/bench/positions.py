"""Positions in real repositories, each with the exact answer that the hand-checked truth gives, and how many come out right.

    python tests/bench/positions.py CHECKOUTS [--truth DIR] [--show]

``CHECKOUTS`` holds repositories as OWNER+NAME. Positions and expected answers are drawn from the truth's lines and the
text alone: this half of the file shares no code with the analysis. One place missing or one too many makes an answer wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

SEED = 5
METHODS = frozenset(
    [
        "delay",
        "apply_async",
        "s",
        "si",
        "signature",
        "subtask",
        "send",
        "send_robust",
        "send_with_options",
        "send_task",
        "message",
        "publish",
        "emit",
        "fire",
        "dispatch",
        "async_dispatch",
        "async_fire",
        "handle",
        "cast",
        "ask",
        "request",
        "produce",
        "xadd",
        "trigger_event",
        "dispatcher_send",
        "async_dispatcher_send",
        "append",
        "enqueue_job",
        "basic_publish",
    ]
)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
Place = tuple[str, int]


class Asked(NamedTuple):
    """A question, where it is asked, and the places (file, line) that must come, and those that may."""

    repo: str
    question: str
    path: str
    line: int
    column: int
    text: str
    must: frozenset[Place]
    may: frozenset[Place]


class Group(NamedTuple):
    """All facts of one event of one transport."""

    facts: list[dict[str, Any]]

    def places(self, *kinds: str, optional: bool = False) -> frozenset[Place]:
        """Where these kinds of facts stand."""
        found: set[Place] = {
            (str(fact["path"]), int(fact["line"]))
            for fact in self.facts
            if fact["kind"] in kinds and (optional or not fact.get("optional"))
        }
        return frozenset(found | (self._alternatives(kinds) if optional else set()))

    def is_function(self, place: Place, name: str) -> bool:
        """Whether the handler at a place has this name."""
        return any(
            place == (fact["path"], fact["line"]) and fact["symbol"].rpartition(".")[2] == name
            for fact in self.facts
        )

    def _alternatives(self, kinds: tuple[str, ...]) -> set[Place]:
        """Places that are as right."""
        return {
            (str(path), int(line))
            for fact in self.facts
            if fact["kind"] in kinds
            for path, line in fact.get("alt", ())
        }


def drawn(truth: Path, checkouts: Path) -> list[Asked]:
    """All positions of all repositories that are there."""
    found: list[Asked] = []
    for entry in json.loads((truth / "repos.json").read_text())["repos"]:
        root = checkouts / entry["name"].replace("/", "+")
        for each in entry["truth"] if root.is_dir() else ():
            facts = [json.loads(line) for line in (truth / each["file"]).read_text().splitlines() if line]
            found.extend(_of_repo(entry["name"], root, facts))
    return found


def _of_repo(repo: str, root: Path, facts: list[dict[str, Any]]) -> Iterator[Asked]:
    groups: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    at: defaultdict[Place, set[tuple[str, str]]] = defaultdict(set)
    paths = {fact["path"] for fact in facts}
    texts = {path: (root / path).read_text("utf-8").split("\n") for path in paths if (root / path).is_file()}
    for fact in facts:
        if fact.get("event") and "<dynamic>" not in fact["event"]:
            key = (_transport(fact, texts.get(fact["path"], [])), fact["event"])
            groups[key].append(fact)
            at[fact["path"], fact["line"]].add(key)
    for key, its in groups.items():
        if key[1].startswith("exchange:") or "*" in key[1]:
            continue  # it reaches the handlers of other events, of which these lines do not tell
        group = Group(its)
        for path, line in sorted(group.places("publish", "declare")):
            if len(at[path, line]) == 1 and path in texts:
                yield from _on_line(repo, group, path, line, texts[path][line - 1], key[1])
        for path, line in sorted(group.places("handle")):
            if len(at[path, line]) == 1 and path in texts:
                yield from _on_definition(repo, group, path, line, texts[path][line - 1])
    yield from elsewhere(repo, texts, at)


def _transport(fact: dict[str, Any], lines: list[str]) -> str:
    """What an event is told apart by besides its name: FastStream speaks on several transports."""
    found = re.search(r"faststream\.(kafka|confluent|redis|rabbit|nats)", "\n".join(lines))
    return found[1] if fact["dialect"] == "faststream" and found else fact["dialect"]


def _on_line(repo: str, group: Group, path: str, line: int, text: str, event: str) -> Iterator[Asked]:
    handlers = group.places("handle"), group.places("handle", optional=True)
    called = [
        each for each in _IDENTIFIER.finditer(text) if each[0] in METHODS and text[each.end() :][:1] == "("
    ]
    if (path, line) in group.places("publish") and len(called) == 1:
        yield Asked(repo, "definition", path, line, called[0].start(), called[0][0], *handlers)
    name = _named(text, event, group)
    if name is None:
        return
    yield Asked(repo, "implementation", path, line, name.start(), name[0], *handlers)
    everything = ("publish", "handle", "declare")
    whole = group.places(*everything), group.places(*everything, optional=True)
    yield Asked(repo, "references", path, line, name.start(), name[0], *whole)
    functions = frozenset(place for place in handlers[0] if group.is_function(place, name[0]))
    declared = _own(functions or group.places("declare") or handlers[0], path)
    if (path, line) not in group.places("declare"):
        yield Asked(
            repo,
            "definition",
            path,
            line,
            name.start(),
            name[0],
            declared,
            declared | group.places("declare") | handlers[1],
        )


def _on_definition(repo: str, group: Group, path: str, line: int, text: str) -> Iterator[Asked]:
    """A handler's name in its definition leads to all of its event."""
    found = re.match(r"\s*(?:async\s+)?def\s+(\w+)", text)
    if found is None:
        return
    whole = (
        group.places("publish", "handle", "declare"),
        group.places("publish", "handle", "declare", optional=True),
    )
    yield Asked(repo, "references", path, line, found.start(1), found[1], *whole)


def _own(handlers: frozenset[Place], path: str) -> frozenset[Place]:
    """Of several definitions of one event the one that the file itself holds."""
    return frozenset(place for place in handlers if place[0] == path) or handlers


def _named(text: str, event: str, group: Group) -> re.Match[str] | None:
    """The only place in a line where the event is named: in quotes, or by the last part of a path."""
    paths = [each for fact in group.facts for each in (event, *fact.get("aliases", ())) if "." in each]
    words = "|".join(re.escape(each.rpartition(".")[2]) for each in dict.fromkeys(paths))
    quoted = list(re.finditer(rf"(?<=[\"']){re.escape(event)}(?=[\"'])", text))
    named = list(re.finditer(rf"(?<![\w\"'])(?:{words})(?![\w\"'])", text)) if words else []
    found = quoted or [each for each in named if each[0]]
    return found[0] if len(found) == 1 else None


def elsewhere(
    repo: str, texts: dict[str, list[str]], at: dict[Place, set[tuple[str, str]]]
) -> Iterator[Asked]:
    """Places that say nothing of events: names of keywords and of Python's own functions."""
    words = re.compile(r"\b(return|len|isinstance|None|True|False|print|str|else)\b")
    for path, lines in sorted(texts.items()):
        places = [
            (number, match)
            for number, line in enumerate(lines, 1)
            if not any((path, near) in at for near in range(number - 2, number + 3))
            for match in words.finditer(line)
        ]
        for number, match in random.Random(f"{SEED} {path}").sample(places, min(2, len(places))):
            yield Asked(repo, "nothing", path, number, match.start(), match[0], frozenset(), frozenset())


# -- what comes


def answered(
    root: Path, asked: list[Asked], judged: frozenset[str]
) -> Iterator[tuple[Asked, frozenset[Place]]]:
    """The answers of the analysis."""
    from pubsub_devtools_analysis.host import AnalysisHost
    from pubsub_devtools_analysis.occurrences import Occurrences
    from pubsub_devtools_analysis.queries import navigation, references
    from pubsub_devtools_analysis.queries.snapshot import Snapshot

    questions = {
        "definition": navigation.definition,
        "implementation": navigation.implementation,
        "references": references.references,
        "nothing": references.references,
    }
    with AnalysisHost.open(root, use_cache=False) as host:
        graph = host.with_fields()
        snapshot = Snapshot(graph, dict(Occurrences(host, graph).all()), {})
        for each in asked:
            occurrence = snapshot.at(each.path, each.line, each.column)
            spots = () if occurrence is None else questions[each.question](snapshot, occurrence)
            places = frozenset((spot.place.path, spot.place.line) for spot in spots)
            yield each, frozenset(place for place in places if place[0] in judged or not judged)


def judged_paths(truth: Path, repo: str, root: Path) -> frozenset[str]:
    """The files that the truth speaks of."""
    (entry,) = (
        each for each in json.loads((truth / "repos.json").read_text())["repos"] if each["name"] == repo
    )
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*.py")]
    return frozenset(
        path
        for path in paths
        for each in entry["truth"]
        if path.startswith(tuple(each["scope"]))
        and not any(part in "/" + path for part in each.get("exclude", ()))
    )


def main() -> int:
    """Ask, and print what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--truth", type=Path, default=Path(__file__).parent / "corpus")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    by_repo: defaultdict[str, list[Asked]] = defaultdict(list)
    for each in drawn(given.truth, given.checkouts):
        if given.only in each.repo:
            by_repo[each.repo].append(each)
    wrong = count = 0
    for repo, asked in sorted(by_repo.items()):
        root = given.checkouts / repo.replace("/", "+")
        mistakes = 0
        for each, found in answered(root, asked, judged_paths(given.truth, repo, root)):
            if each.must <= found <= each.may:
                continue
            mistakes += 1
            if given.show:
                print(f"{each.question} {each.path}:{each.line}:{each.column} {each.text}")
                print(f"    missing {sorted(each.must - found)[:5]} too many {sorted(found - each.may)[:5]}")
        print(f"{repo}: {len(asked)} positions, {mistakes} wrong")
        wrong, count = wrong + mistakes, count + len(asked)
    print(f"{count} positions, {wrong} wrong ({wrong / max(count, 1):.1%})")
    return int(wrong > 0.02 * count)


if __name__ == "__main__":
    sys.exit(main())
