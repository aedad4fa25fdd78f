"""Small repositories with real git, changed and compared."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from pubsub_devtools.model.diff import Diff, EventChange, Reason
from pubsub_devtools_analysis.comparison import diff_of_revisions


class Repository:
    """One work tree: write files, commit them, ask what changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git, whoever the user is."""
        identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ("git", *identity, *arguments), cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files into the work tree; empty ones are removed."""
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text:
                file.write_text(dedent(text))
            else:
                file.unlink()

    def commit(self, files: dict[str, str]) -> str:
        """Write files and commit all."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def diff(self, spec: str = "HEAD") -> Diff:
        """What changed."""
        return diff_of_revisions(self.root, spec)

    def changed(self, before: dict[str, str], after: dict[str, str]) -> Diff:
        """What changes between two states of some files."""
        self.commit(before)
        self.write(after)
        return self.diff()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, and a cache of its own."""
    monkeypatch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(tmp_path / "cache"))
    return Repository(tmp_path / "shop")


def only(diff: Diff) -> EventChange:
    """The one event that changed."""
    (event,) = diff.events
    return event


def reasons(diff: Diff, verdict: str) -> list[Reason]:
    """The reasons of a verdict, over all events."""
    return [reason for event in diff.events for reason in event.reasons if reason.verdict == verdict]
