"""What a folder held at a git revision, read from the object store: the work tree is not touched.

A revision is told as what differs from the work tree, so that all that is remembered of the work tree's files serves it too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pubsub_devtools.schema.formats import SUFFIXES
from pubsub_devtools_analysis.git_command import RevisionError, ask
from pubsub_devtools_analysis.listing import is_wanted

__all__ = ["Revision", "RevisionError", "commit", "merge_base", "revision"]

_SUBMODULE, _FILES = "160000", ("100644", "100755", "100664")
_SHALLOW = "this clone is shallow: `git fetch --unshallow`, or in CI a checkout of the whole history (fetch-depth: 0)"


class Revision(NamedTuple):
    """What files held then, nothing for those that were not there; and what could not be told."""

    overlay: dict[str, bytes | None]
    notes: tuple[str, ...]


class _Entry(NamedTuple):
    mode: str
    blob: str
    path: str


def commit(root: Path, name: str) -> str:
    """The commit that a revision names.

    Raises:
        RevisionError: there is none; the message says what to do.
    """
    folder = _folder(root)
    _check_work_tree(folder)
    try:
        answer = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RevisionError:
        words = f"; {_SHALLOW}" if _is_shallow(folder) else ""
        raise RevisionError(f"no revision {name!r} here{words}") from None
    return answer.decode().strip()


def merge_base(root: Path, first: str, second: str) -> str:
    """The commit from which two others went apart.

    Raises:
        RevisionError: they have none in common here; the message says what to do.
    """
    with suppress(RevisionError):
        return ask(_folder(root), "merge-base", first, second).decode().strip()
    way_out = (
        _SHALLOW if _is_shallow(_folder(root)) else "compare the two as they are with `..` in place of `...`"
    )
    raise RevisionError(f"no common ancestor here; {way_out}")


def revision(root: Path, name: str) -> Revision:
    """What the files of a folder held at a commit.

    Raises:
        RevisionError: git cannot tell.
    """
    folder = _folder(root)
    changed = ask(
        folder,
        *(
            "diff",
            "--raw",
            "--no-renames",
            "--no-ext-diff",
            "--ignore-submodules=dirty",
            "--relative",
            "--abbrev=64",
        ),
        *("-z", name, "--", "."),
    )
    new = ask(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    entries = list(_entries(os.fsdecode(changed)))
    overlay: dict[str, bytes | None] = {
        path: None for path in os.fsdecode(new).split("\0") if _is_wanted(path)
    }
    overlay |= {each.path: None for each in entries if _is_wanted(each.path)}
    wanted = [each for each in entries if each.mode in _FILES and _is_wanted(each.path)]
    overlay |= dict(zip((each.path for each in wanted), _blobs(folder, wanted), strict=True))
    if root.is_file():
        overlay = {path: data for path, data in overlay.items() if path == root.name}
    notes = tuple(
        f"the submodule {each.path} is at another commit; what it holds is compared as it lies in the work tree"
        for each in entries
        if each.mode == _SUBMODULE
    )
    return Revision(overlay, notes)


def _is_wanted(path: str) -> bool:
    """Whether a file bears on the graph: as source, as the mark of a project, or as a schema that settings may name."""
    return is_wanted(path) or path.endswith(SUFFIXES)


def _entries(raw: str) -> Iterator[_Entry]:
    """The commit's side of each row: `:100644 100644 <id> <id> M`, a zero byte, the path, a zero byte."""
    fields = iter(raw.split("\0"))
    for about in fields:
        if about:
            mode, _, blob, *_ = about.removeprefix(":").split(" ")
            yield _Entry(mode, blob, next(fields))


def _blobs(folder: Path, wanted: list[_Entry]) -> Iterator[bytes]:
    """The contents, in their order."""
    if not wanted:
        return
    answer = ask(folder, "cat-file", "--batch", given="".join(f"{each.blob}\n" for each in wanted).encode())
    start = 0
    for each in wanted:
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) != 3 or head[1] != b"blob":
            way_out = "this clone is partial or damaged: fetch it whole with `git fetch --refetch --filter=blob:limit=1g`"
            raise RevisionError(f"{each.path} is not in the object store; {way_out}")
        size = int(head[2])
        yield answer[end + 1 : end + 1 + size]
        start = end + 2 + size


def _check_work_tree(folder: Path) -> None:
    try:
        inside = ask(folder, "rev-parse", "--is-inside-work-tree").strip()
    except RevisionError as error:
        raise RevisionError(f"{folder} is in no git repository that can be read: {error}") from None
    if inside != b"true":
        raise RevisionError(f"{folder} has no work tree: clone the repository, and compare there")


def _is_shallow(folder: Path) -> bool:
    with suppress(RevisionError):
        return ask(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
    return False


def _folder(root: Path) -> Path:
    return root.parent if root.is_file() else root
