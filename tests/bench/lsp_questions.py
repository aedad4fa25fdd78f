"""What language servers are asked: positions in real trees, in the harness's form, each with its exact answer."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlparse

from tests.bench import positions, seeded_sites
from tests.bench.positions import Asked, Place

PER_REPOSITORY = 30
OF_HOME_ASSISTANT = 90
NOTHING = 9
"""One position that is no event place for so many that are."""
CORPUS = Path(__file__).parent / "corpus"


class Project(NamedTuple):
    """A tree that servers open, what they are asked there, and the files whose places count; none means all of no tests."""

    name: str
    root: Path
    spots: list[dict[str, Any]]
    judged: frozenset[str]


def of_corpus(folders: Iterable[Path], seed: int) -> Iterator[Project]:
    """The checkouts that are there, by the truth that was checked by hand."""
    done: set[str] = set()
    for folder in folders:
        drawn = positions.drawn(CORPUS, folder)
        for repo in dict.fromkeys(each.repo for each in drawn):
            root = folder / repo.replace("/", "+")
            asked = some([each for each in drawn if each.repo == repo], PER_REPOSITORY, seed)
            if repo not in done:
                done.add(repo)
                judged = positions.judged_paths(CORPUS, repo, root)
                yield Project(repo, root, spots(root, asked), judged)


def of_tree(name: str, root: Path, seed: int) -> Project:
    """Home Assistant or wagtail, by what a plain reading of them tells."""
    asked = expected(name, root)
    return Project(name, root, spots(root, some(asked, OF_HOME_ASSISTANT, seed)), frozenset())


def expected(name: str, root: Path) -> list[Asked]:
    """All that can be asked about such a tree, with what is right there."""
    is_text = name == "homeassistant"
    sites = (seeded_sites.dispatched if is_text else seeded_sites.signalled)(root)
    asked = list(seeded_sites.seeded(name, root, sites, is_text=is_text))
    texts = {path: (root / path).read_text("utf-8").split("\n") for path in {each.path for each in asked}}
    near = {(each.path, line): {("", "")} for each in asked for line in range(each.line - 9, each.line + 9)}
    return [*asked, *positions.elsewhere(name, texts, near)]


def some(asked: Sequence[Asked], count: int, seed: int) -> list[Asked]:
    """So many event places by seed, and what belongs to them of others."""
    rng = random.Random(seed)
    events = [each for each in asked if each.question != "nothing"]
    nothing = [each for each in asked if each.question == "nothing"]
    events = rng.sample(events, min(count, len(events)))
    return events + rng.sample(nothing, min(-(-len(events) // NOTHING), len(nothing)))


def spots(root: Path, asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """Questions as the harness takes them: lines from 0, columns in UTF-16 units."""
    return [_spot(root, each) for each in asked]


def _spot(root: Path, asked: Asked) -> dict[str, Any]:
    line = (root / asked.path).read_text("utf-8").split("\n")[asked.line - 1]
    is_nothing = asked.question == "nothing"
    return {
        "file": asked.path,
        "line": asked.line - 1,
        "character": len(line[: asked.column].encode("utf-16-le")) // 2,
        "op": ("definition", "references")[asked.line % 2] if is_nothing else asked.question,
        "word": asked.text,
        "is_event": not is_nothing,
        "must": sorted(asked.must),
        "may": sorted(asked.may),
    }


def is_right(project: Project, spot: dict[str, Any], result: Any) -> bool:
    """Whether an answer has all places that it must have, and no other than it may have."""
    must, may = (frozenset((path, line) for path, line in spot[key]) for key in ("must", "may"))
    if not spot["is_event"]:
        return not result
    found = frozenset(place for place in places(project.root, result) if _counts(project, place[0]))
    return must <= found <= may


def _counts(project: Project, path: str) -> bool:
    return path in project.judged if project.judged else seeded_sites.is_judged(path)


def places(root: Path, result: Any) -> frozenset[Place]:
    """The files and lines of locations or links to them, as far as they lie in the tree."""
    entries = result if isinstance(result, list) else [result] if result else []
    return frozenset(place for entry in entries if (place := _place(root, entry)))


def _place(root: Path, entry: dict[str, Any]) -> Place | None:
    uri = entry.get("targetUri") or entry["uri"]
    start = (entry.get("targetSelectionRange") or entry["range"])["start"]
    path = Path(unquote(urlparse(uri).path))
    return (path.relative_to(root).as_posix(), start["line"] + 1) if path.is_relative_to(root) else None


def written(projects: Iterable[Project], folder: Path) -> None:
    """Each project's positions in a file that the harness takes as ``--positions``."""
    folder.mkdir(parents=True, exist_ok=True)
    for project in projects:
        file = folder / f"{project.name.replace('/', '+')}.json"
        file.write_text(json.dumps(project.spots, indent=1) + "\n", "utf-8")
