"""What an open host no longer needs goes, however often all is linked anew: an editor's session lasts for days."""

from __future__ import annotations

import gc
from pathlib import Path

from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.checks.file import File
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.memo import Memo

PLAIN = b"def ask() -> None:\n    pass\n"
SIGNAL = b"""from django.dispatch import Signal

begun = Signal()
begun.connect(print)
begun.send(1)
"""


def test_what_was_linked_before_is_freed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(SIGNAL)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        counts: list[int] = []
        for _ in range(6):
            for text in (PLAIN, SIGNAL):
                host.update("app.py", text)
                host.with_fields()
            counts.append(_memos())
        assert counts[-1] <= counts[1]


def test_checks_forget_events_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(SIGNAL)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        checking = Checking(host, ("PSD",))
        checking.update()
        owners = [_owners()]
        for number in range(5):
            host.update("app.py", SIGNAL.replace(b"begun", b"begun%d" % number))
            checking.update()
            owners.append(_owners())
        assert [each for each in owners[-1] if "begun0" in each] == []
        assert len(owners[-1]) == len(owners[2])


def test_what_edits_leave_behind_is_not_kept_from_the_collector(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(SIGNAL)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        host.snapshot()
        frozen = gc.get_freeze_count()
        for number in range(5):
            host.update("app.py", SIGNAL + b"begun.send(%d)\n" % number)
            host.snapshot()
        assert gc.get_freeze_count() <= frozen


def test_what_is_noted_of_a_name_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(SIGNAL)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        checking = Checking(host, ("PSD",))

        def edited(text: bytes) -> int:
            host.update("app.py", text)
            checking.update()
            return sum(len(getattr(memo, "_users", ())) for memo in _all_memos())

        edited(SIGNAL.replace(b"begun", b"ended"))
        base = edited(SIGNAL)
        for number in range(8):
            edited(
                SIGNAL.replace(b"begun", b"begun%d" % number)
                + b"import some%d\nsome%d.f()\n" % ((number,) * 2)
            )
        assert edited(SIGNAL) <= base


def test_checks_hold_no_file_once_they_have_run(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(SIGNAL)
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        checking = Checking(host, ("PSD",))
        checking.update()
        gc.unfreeze()
        assert [each for each in gc.get_objects() if isinstance(each, File)] == []


def _all_memos() -> list[Memo]:
    """Those that are alive; what is frozen is not shown otherwise."""
    gc.collect()
    gc.unfreeze()
    found = [each for each in gc.get_objects() if isinstance(each, Memo)]
    gc.freeze()
    return found


def _memos() -> int:
    return len(_all_memos())


def _owners() -> list[str]:
    """What the checks' answers belong to; a memo whose linker was let go is empty."""
    owners = (owner for memo in _all_memos() for owner in getattr(memo, "_given", ()))
    return [owner for owner in owners if owner.startswith(("PSD", "event "))]
