"""What is laid down in a spool comes back, whether or not there is a file to lay it in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pubsub_devtools_analysis import spool


class Full:
    """A file on a disk that takes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._data = b""
        self._at = 0

    def seek(self, place: int) -> int:
        self._at = place
        return place

    def read(self, size: int) -> bytes:
        return self._data[self._at : self._at + size]

    def close(self) -> None:
        self._data = b""

    def write(self, data: bytes) -> int:
        taken = data[: self._room - self._at]
        if not taken:
            raise OSError(28, "No space left on device")
        self._data = self._data[: self._at] + taken
        return len(taken)


def no_file(**_: object) -> Iterator[bytes]:
    raise OSError(30, "Read-only file system")


def laid_down(kept: spool.Spool) -> None:
    for number in range(20):
        kept.put(b"%d" % number, b"x" * number)
    kept.put(b"3", b"another")


@pytest.mark.parametrize("room", [None, 0, 50, 10_000])
def test_bytes_come_back(monkeypatch: pytest.MonkeyPatch, room: int | None) -> None:
    if room is not None:
        monkeypatch.setattr(spool, "TemporaryFile", lambda **_: Full(room))
    kept = spool.Spool()
    laid_down(kept)
    assert [kept.get(b"%d" % number) for number in range(20)] == [b"x" * number for number in range(20)]
    assert b"3" in kept
    assert b"20" not in kept
    assert kept.get(b"20") is None


def test_where_no_file_can_be_made_memory_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "TemporaryFile", no_file)
    kept = spool.Spool()
    laid_down(kept)
    assert kept.get(b"7") == b"x" * 7


def test_what_cannot_be_read_again_is_as_good_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Full(100)
    monkeypatch.setattr(spool, "TemporaryFile", lambda **_: disk)
    kept = spool.Spool()
    kept.put(b"a", b"12345")
    monkeypatch.setattr(disk, "read", lambda size: b"1"[:size])
    assert kept.get(b"a") is None
