"""Whatever happened to a tree, an open host's graph is the one that a cold analysis of the same files gives."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pubsub_devtools_analysis import contents
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode
from tests.prove import changes, updates

from .conftest import graph_of, written_of

COUNT = int(os.environ.get("PUBSUB_TEST_UPDATES", "400"))


@pytest.mark.parametrize("seed", [21, 22])
def test_any_sequence_of_changes_gives_the_graph_of_a_cold_analysis(seed: int) -> None:
    assert updates.prove(COUNT // 2, seed).misses == []


def test_the_proof_sees_a_change_that_was_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that cannot fail proves nothing."""
    run = updates.Run(tmp_path, updates.examples()[0], random.Random(1))
    monkeypatch.setattr(run.host, "update", lambda *_: None)
    for _ in range(40):
        if not run.miss:
            run.step()
    assert run.miss


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_files_are_told_makes_no_difference(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = updates.workspace(chance)
    paths = [*files]
    chance.shuffle(paths)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        host.snapshot()
        changes.apply(tmp_path, {}, {**files})
        for path in paths:
            host.update(path, files[path])
        assert encode(host.snapshot()) == graph_of(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
@pytest.mark.usefixtures("with_workers")
def test_the_order_in_which_workers_answer_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.apply(tmp_path, {}, {**updates.workspace(random.Random(5))})
    found = {graph_of(tmp_path) for _ in range(2)}
    monkeypatch.setattr(contents, "WORTH_WORKERS", 1 << 60)
    assert found == {graph_of(tmp_path)}


def test_the_order_of_sets_makes_no_difference(tmp_path: Path) -> None:
    changes.apply(tmp_path, {}, {**updates.workspace(random.Random(6))})
    program = "import sys; from pubsub_devtools_cli.main import main; main()"
    command = [sys.executable, "-c", program, "graph", str(tmp_path), "--json", "--no-cache"]
    found = [
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert found == [written_of(tmp_path)] * 2


def test_a_graph_that_was_kept_is_not_taken_for_texts_that_are_not_on_the_disk(tmp_path: Path) -> None:
    """A change that leaves no framework at all has everything linked anew: what was kept must not come back."""
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n@shared_task\ndef send():\n    pass\n"
    )
    with AnalysisHost.open(tmp_path) as host:
        assert host.with_fields().sites
        host.update("tasks.py", b"pass\n")
        assert not host.snapshot().sites
        assert not host.with_fields().sites
