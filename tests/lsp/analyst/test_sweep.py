"""What changes on the disk is seen without anybody telling."""

from __future__ import annotations

import os
from pathlib import Path

from pubsub_devtools_lsp.analyst.sweep import REST, Sweep


class Clock:
    now = 0.0

    def __call__(self) -> float:
        self.now += 0.0001
        return self.now


def swept(sweep: Sweep, clock: Clock) -> list[str]:
    clock.now += 1000
    found = sweep.step()
    while sweep.rest() == 0:
        found += sweep.step()
    return sorted(found)


def project(root: Path, *paths: str) -> dict[str, tuple[int, int, int]]:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x = 1\n")
    stats = {path: (root / path).stat() for path in paths}
    return {path: (s.st_mtime_ns, s.st_size, s.st_ino) for path, s in stats.items()}


def test_changed_new_and_deleted_files_are_seen_once(tmp_path: Path) -> None:
    clock = Clock()
    sweep = Sweep(tmp_path, project(tmp_path, "a.py", "pkg/b.py", "pkg/c.py"), ["pyproject.toml"], clock)
    assert swept(sweep, clock) == []
    (tmp_path / "a.py").write_text("x = 22\n")
    (tmp_path / "pkg/c.py").unlink()
    (tmp_path / "pkg/new.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    assert swept(sweep, clock) == ["a.py", "pkg/c.py", "pkg/new.py", "pyproject.toml"]
    assert swept(sweep, clock) == []


def test_what_changed_before_the_first_sweep_is_seen(tmp_path: Path) -> None:
    clock = Clock()
    stats = project(tmp_path, "a.py")
    (tmp_path / "a.py").write_text("changed = True\n")
    assert swept(Sweep(tmp_path, stats, [], clock), clock) == ["a.py"]


def test_a_folder_that_comes_is_looked_into(tmp_path: Path) -> None:
    clock = Clock()
    sweep = Sweep(tmp_path, project(tmp_path, "a.py"), [], clock)
    swept(sweep, clock)
    project(tmp_path, "new/deep/x.py", "node_modules/m/y.py", ".hidden/z.py")
    os.utime(tmp_path, ns=(1, 1))
    assert swept(sweep, clock) == ["new/deep/x.py"]


def test_it_rests_between_sweeps(tmp_path: Path) -> None:
    clock = Clock()
    sweep = Sweep(tmp_path, project(tmp_path, "a.py"), [], clock)
    swept(sweep, clock)
    assert REST - 1 < sweep.rest() <= REST
    assert sweep.step() == []
    sweep.soon()
    assert sweep.rest() <= 0.5
