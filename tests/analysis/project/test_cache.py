"""The cache is absent or right: under two writers, a kill, damage of any kind, and no room left."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from pubsub_devtools_analysis import cache_database, cache_folder
from pubsub_devtools_analysis.cache import Cache, Entry, digest

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PUBSUB_TOOLS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cache_database, "_PATIENCE", 0.3)
    return tmp_path / "cache"


def contents(count: int, salt: str = "") -> tuple[dict[str, Entry], dict[bytes, bytes]]:
    """Files whose facts say which content they belong to, so that a wrong one shows."""
    names = {f"p/{number}.py": digest(f"{salt}{number}".encode()) for number in range(count)}
    return (
        {path: Entry(number, 10, name) for number, (path, name) in enumerate(names.items())},
        {name: name * 20 for name in names.values()},
    )


def test_what_was_saved_is_known_to_the_next(tmp_path):
    files, facts = contents(1200)
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == {}
        cache.save(files, facts)
        cache.put_blob("graph", b"bytes")
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == files
        assert cache.facts([*facts, digest(b"other")]) == facts
        assert cache.blob("graph") == b"bytes"
        assert cache.blob("other") is None
        assert cache.problem is None


def test_another_version_or_root_knows_no_facts(tmp_path):
    files, facts = contents(3)
    (tmp_path / "other").mkdir()
    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
        cache.put_blob("graph", b"bytes")
    with Cache.open(tmp_path, "2") as cache:
        assert cache.files() == files
        assert cache.facts(facts) == {}
        assert cache.blob("graph") is None
    with Cache.open(tmp_path / "other", "1") as cache:
        assert cache.files() == {}


def test_saved_files_replace_those_before_and_the_oldest_facts_beyond_twice_the_files_are_pruned(tmp_path):
    old_files, old_facts = contents(3, "old")
    files, facts = contents(2, "new")
    with Cache.open(tmp_path, "0") as cache:
        cache.save({}, {digest(b""): b"of another version"})
    with Cache.open(tmp_path, "1") as cache:
        cache.save(old_files, old_facts)
        cache.save(files, facts)
        assert cache.files() == files
        cache.prune(spare=2)
        assert cache.facts([*old_facts, *facts]) == old_facts | facts
        cache.prune(spare=0)
        assert cache.facts(facts) == facts
        assert len(cache.facts(old_facts)) == 2
    with Cache.open(tmp_path, "0") as cache:
        assert cache.facts([digest(b"")]) == {}


def test_a_cache_stays_in_bounds_however_often_its_files_change(tmp_path):
    with Cache.open(tmp_path, "1") as cache:
        seen = []
        for number in range(50):
            files, facts = contents(4, str(number))
            cache.save(files, facts)
            cache.prune(spare=10)
            seen += facts
            assert cache.facts(facts) == facts
        assert len(cache.facts(seen)) == 2 * 4 + 10


def test_of_other_versions_the_last_one_keeps_its_graph(tmp_path):
    for version in ("1", "2", "3"):
        with Cache.open(tmp_path, version) as cache:
            cache.put_blob("graph", version.encode())
            cache.prune()
    kept = {}
    for version in ("1", "2", "3"):
        with Cache.open(tmp_path, version) as cache:
            kept[version] = cache.blob("graph")
    assert kept == {"1": None, "2": b"2", "3": b"3"}


def test_clear_forgets_one_root(tmp_path):
    with Cache.open(tmp_path, "1") as cache:
        cache.save(*contents(2))
    assert Cache.clear(tmp_path)
    assert not Cache.clear(tmp_path)
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == {}


def test_a_closed_cache_and_one_that_is_off_know_nothing(tmp_path):
    for cache in (Cache(), Cache.open(tmp_path, "1")):
        cache.close()
        cache.save(*contents(2))
        cache.put_blob("a", b"b")
        cache.prune()
        assert (cache.files(), cache.facts([b"a"]), cache.blob("a")) == ({}, {}, None)
        assert cache.problem is None


def test_another_format_is_made_anew(tmp_path, folder):
    with Cache.open(tmp_path, "1") as cache:
        cache.save(*contents(2))
    with sqlite3.connect(_database(folder)) as connection:
        connection.execute("DROP TABLE fact")
        connection.execute("CREATE TABLE fact (other)")
        connection.execute("PRAGMA user_version = 99")
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == {}
        files, facts = contents(2)
        cache.save(files, facts)
        assert cache.facts(facts) == facts


def test_an_interrupted_write_leaves_what_was_before(tmp_path):
    files, facts = contents(3)

    class Interrupting(dict):
        def items(self):
            yield from [("q.py", Entry(0, 0, b""))]
            raise KeyboardInterrupt

    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
        with pytest.raises(KeyboardInterrupt):
            cache.save(Interrupting(), {})
        assert cache.files() == files
        cache.save({}, {})
        assert cache.files() == {}


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_noticed(tmp_path, folder, seed):
    chance = random.Random(seed)
    files, facts = contents(400)
    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
    _damage(_database(folder), chance)
    for _ in range(3):
        with Cache.open(tmp_path, "1") as cache:
            assert cache.files().items() <= files.items()
            assert cache.facts(facts).items() <= facts.items()
            cache.save(files, facts)
            cache.prune(spare=0)


def test_after_damage_the_next_run_starts_anew(tmp_path, folder):
    files, facts = contents(400)
    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
    path = _database(folder)
    path.write_bytes(path.read_bytes()[:9000] + b"\xaa" * 50_000)
    for _ in range(2):
        with Cache.open(tmp_path, "1") as cache:
            cache.files()
            cache.save(files, facts)
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == files
        assert cache.problem is None


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_replaced(tmp_path, folder, content):
    with Cache.open(tmp_path, "1"):
        pass
    _database(folder).write_bytes(content)
    files, facts = contents(2)
    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
        assert cache.files() == files


def test_a_folder_that_cannot_be_made_turns_the_cache_off(tmp_path, folder):
    folder.write_text("a file stands here")
    cache = Cache.open(tmp_path, "1")
    assert cache.problem is not None
    assert cache.problem.code == "cache-off"
    cache.save(*contents(2))
    assert cache.files() == {}


def test_a_database_that_is_a_folder_turns_the_cache_off(tmp_path):
    cache_database.location(tmp_path).mkdir(parents=True)
    cache = Cache.open(tmp_path, "1")
    assert cache.problem is not None
    assert not Cache.clear(tmp_path)


def test_a_lock_that_is_never_released_turns_the_cache_off(tmp_path, folder):
    files, facts = contents(2)
    with Cache.open(tmp_path, "1") as cache:
        cache.save(files, facts)
        other = sqlite3.connect(_database(folder), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert cache.files() == files
        cache.save({}, {})
        assert cache.problem is not None
        assert "locked" in cache.problem.message
        assert cache.files() == {}
        other.close()
    with Cache.open(tmp_path, "1") as cache:
        assert cache.files() == files


def test_a_read_only_database_turns_the_cache_off(tmp_path):
    with Cache.open(tmp_path, "1") as cache:
        assert cache._connection is not None
        cache._connection.execute("PRAGMA query_only = 1")
        cache.save(*contents(2))
        assert cache.problem is not None


WRITER = """
import sys
from pathlib import Path
from pubsub_devtools_analysis.cache import Cache
from tests_contents import contents
root, name, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Cache.open(root, "1") as cache:
    print("ready", flush=True)
    for number in range(rounds):
        cache.save(*contents(300, f"{name}{number}"))
        cache.put_blob("last", name.encode() * 5000)
        cache.prune(spare=0)
    print(cache.problem)
"""


@pytest.fixture
def start(tmp_path):
    """Starts a process that writes on and on."""
    here = textwrap.dedent(_source_of_contents())
    (tmp_path / "tests_contents.py").write_text(here)

    def start(name: str, rounds: int) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        command = [sys.executable, "-c", WRITER, str(tmp_path), name, str(rounds)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    return start


def _source_of_contents() -> str:
    import inspect

    return f"from pubsub_devtools_analysis.cache import Entry, digest\n{inspect.getsource(contents)}"


def test_two_processes_write_at_once(tmp_path, start):
    writers = [start(name, 30) for name in "ab"]
    for writer in writers:
        output, _ = writer.communicate(timeout=60)
        assert output.split() == ["ready", "None"]
    _assert_right(tmp_path, [f"{name}29" for name in "ab"])


@posix_only
def test_a_killed_writer_leaves_all_or_nothing(tmp_path, start):
    chance = random.Random(7)
    for _ in range(20):
        writer = start("a", 10_000)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.06))  # where in its writing it dies is meant to vary
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        _assert_right(tmp_path, [f"a{number}" for number in range(1000)])


def _assert_right(root, salts):
    with Cache.open(root, "1") as cache:
        files = cache.files()
        facts = cache.facts(entry.digest for entry in files.values())
        assert cache.problem is None
        assert all(data == name * 20 for name, data in facts.items())
        if files:
            assert set(facts) == {entry.digest for entry in files.values()}
            assert any(files == contents(300, salt)[0] for salt in salts)
        blob = cache.blob("last")
        assert blob is None or blob[:1] * 5000 == blob


@posix_only
def test_a_full_disk_turns_the_cache_off(tmp_path):
    """A limit on the size of files stands for a disk that is full: writing fails in the same place."""
    program = """
        import resource, signal, sys
        from pathlib import Path
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        from pubsub_devtools_analysis.cache import Cache
        from tests_contents import contents
        root = Path(sys.argv[1])
        with Cache.open(root, "1") as cache:
            cache.save(*contents(300, "a0"))
            assert cache.problem is None
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
            cache.save(*contents(20_000, "a1"))
            assert cache.problem.code == "cache-off", cache.problem
            assert cache.files() == {}
        cache = Cache.open(root, "1")
        cache.save(*contents(20_000, "a1"))
        print(cache.problem is not None)
    """
    (tmp_path / "tests_contents.py").write_text(_source_of_contents())
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr
    _assert_right(tmp_path, ["a0"])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG")
def test_the_folder_follows_the_platform(monkeypatch, tmp_path):
    monkeypatch.delenv("PUBSUB_TOOLS_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert cache_folder.cache_folder() == tmp_path / ".cache" / "pubsub-tools"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder.cache_folder() == tmp_path / "xdg" / "pubsub-tools"


def _database(folder):
    (path,) = folder.glob("*.sqlite")
    return path


def _damage(path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    kind = chance.choice(["truncate", "page", "bytes", "log"])
    at = chance.randrange(len(content))
    if kind == "truncate":
        del content[at:]
    elif kind == "page":
        start = at // 4096 * 4096
        content[start : start + 4096] = chance.randbytes(4096)
    elif kind == "bytes":
        for _ in range(200):
            content[chance.randrange(100, len(content))] = chance.randrange(256)
    else:
        path.with_name(path.name + "-wal").write_bytes(chance.randbytes(9000))
    path.write_bytes(content)
