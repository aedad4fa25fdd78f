"""What a command asks about a change: two revisions of a folder, or two graph files -> their difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from pubsub_devtools.model import EventGraph
from pubsub_devtools.model.diff import Diff
from pubsub_devtools_analysis.collecting import no_collecting
from pubsub_devtools_analysis.config import find, section
from pubsub_devtools_analysis.diffing import compare, told
from pubsub_devtools_analysis.host import AnalysisHost, quiet
from pubsub_devtools_analysis.revisions import Revision, commit, merge_base, revision

__all__ = ["WORK_TREE", "diff_of_graphs", "diff_of_revisions"]

WORK_TREE = "the work tree"
_SPEC = re.compile(r"(?P<base>.*?)(?P<dots>\.\.\.?)(?P<head>.*)", re.DOTALL)

Progress = Callable[[str, int, int], None]


class _Range(NamedTuple):
    """The commits to compare: no head is the work tree."""

    base: str
    head: str | None
    names: tuple[str, str]


def diff_of_revisions(
    root: Path,
    spec: str,
    *,
    config: Path | None = None,
    exclude: tuple[str, ...] = (),
    use_cache: bool = True,
    progress: Progress | None = None,
) -> Diff:
    """What changed between two revisions of a folder, both read with the settings of the work tree.

    Args:
        root: the folder.
        spec: `A...B` from where B left A, `A..B` from A to B, `A` from A to the work tree. An empty end is HEAD.
        config: settings to use instead of those that are found.
        exclude: globs of files to leave out besides.
        use_cache: whether facts of earlier runs may be used and kept.
        progress: told what is being done.

    Raises:
        RevisionError: git does not know a revision, or cannot read it.
        ProjectError: the root cannot be read as a whole.
        ConfigError: its settings cannot be used.
    """
    asked = _range(root, spec)
    ends = Revision({}, ()) if asked.head is None else revision(root, asked.head), revision(root, asked.base)

    def graph(end: Revision) -> EventGraph:
        opened = AnalysisHost.open(
            root,
            config_file=config,
            exclude=exclude,
            use_cache=use_cache,
            progress=progress or quiet,
            overlay=end.overlay,
        )
        with opened as host:
            return host.contracts()

    with no_collecting():
        # The head is mostly the work tree: what is read and remembered of it then serves the base.
        head, base = map(graph, ends)
    found = compare(base, head, asked.names)
    notes = [note for end in ends for note in (*end.notes, *_of_settings(root, config, end))]
    return replace(found, notes=tuple(dict.fromkeys(notes)))


def _of_settings(root: Path, explicit: Path | None, end: Revision) -> Iterator[str]:
    """What a reader should know of an end whose settings were not used: one instrument measures both."""
    file = find(root)
    path = "pyproject.toml"
    if explicit is None and path in end.overlay and (file is None or file.parent == root.resolve()):
        data = end.overlay[path]
        if section(data or b"") != section(file.read_bytes() if file else b""):
            yield f"the settings in {path} differ between the revisions; both are read with those of the work tree"


def diff_of_graphs(base: EventGraph, head: EventGraph, names: tuple[str, str]) -> Diff:
    """What changed between two graphs that were read from files."""
    return compare(told(base, own=True), told(head, own=True), names)


def _range(root: Path, spec: str) -> _Range:
    match = _SPEC.fullmatch(spec)
    if match is None:
        return _Range(commit(root, spec), None, (spec, WORK_TREE))
    base, head = match["base"] or "HEAD", match["head"] or "HEAD"
    old, new = commit(root, base), commit(root, head)
    if match["dots"] == "...":
        return _Range(merge_base(root, old, new), new, (f"{base} (where {head} left it)", head))
    return _Range(old, new, (base, head))
