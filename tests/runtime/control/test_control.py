"""The control socket: who may ask, what is answered, and that nothing of it disturbs the bus."""

import json
import os
import socket
import stat
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools import EventBus, event_handler
from pubsub_devtools.bus.control import Check, Control, UnreachableError, processes
from pubsub_devtools.bus.control.address import reached, read_address
from tests.runtime.events import OrderPlaced, Ping


@event_handler(Ping)
def hear(event: Ping) -> None:
    if event.number < 0:
        raise ValueError("negative")


@pytest.fixture
def bus():
    made = EventBus(source="shop")
    made.include(hear)
    return made


@pytest.fixture(params=[False, True], ids=["unix", "tcp"])
def control(bus, tmp_path, request):
    with Control(bus, state=tmp_path, tcp=request.param) as opened:
        yield opened


def ask(control, line):
    with reached(control.address, 5) as asked, asked.makefile("rb") as lines:
        asked.sendall(line + b"\n")
        return json.loads(lines.readline())


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files mean nothing there")
def test_files_and_folder_are_their_owners_alone(bus, tmp_path):
    with Control(bus, state=tmp_path):
        assert stat.S_IMODE((tmp_path / "control").stat().st_mode) == 0o700
        files = list((tmp_path / "control").iterdir())
        assert sorted(file.suffix for file in files) == [".json", ".sock"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_path_that_is_too_long_for_a_socket(bus, tmp_path):
    deep = tmp_path / ("x" * 90) / ("y" * 90)
    with Control(bus, state=deep) as control:
        assert len(control.address.path) < 100
        assert processes(deep)[0].health().is_healthy
    assert not Path(control.address.path).parent.exists()


def test_a_wrong_token_is_told_nothing(control):
    assert ask(control, b'{"ask": "health", "token": "guess"}') == {"error": "the token is wrong"}


def test_an_unknown_question_lists_what_can_be_asked(control):
    question = json.dumps({"ask": "secrets", "token": control.address.token}).encode()
    assert "ask health, metrics or tail" in ask(control, question)["error"]


@given(st.binary(max_size=200).filter(lambda line: b"\n" not in line))
@settings(max_examples=30, deadline=None)
def test_whatever_is_sent_is_answered_with_an_error(line):
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder, Control(EventBus(), state=folder) as control:
        assert set(ask(control, line)) == {"error"}
        assert processes(folder)[0].metrics().published == {}


def test_a_line_without_end_is_broken_off(control):
    with reached(control.address, 5) as asked, asked.makefile("rb") as lines:
        asked.sendall(b"x" * 100_000)
        with pytest.raises((ConnectionError, StopIteration)):
            while True:
                next(lines)


def test_metrics_count_what_happens(bus, control, tmp_path):
    bus.publish(Ping(1))
    with pytest.raises(ExceptionGroup):
        bus.publish(Ping(-1))
    [process] = processes(tmp_path)
    metrics = process.metrics()
    assert metrics.published == {"Ping": 2}
    [(name, counts)] = metrics.handlers.items()
    assert name.endswith("hear")
    assert (counts.executed, counts.failed) == (1, 1)
    assert counts.slowest == counts.seconds > 0


def test_every_slot_of_the_meter_is_counted(bus, control, tmp_path):
    hooks, event, error = bus._hooks, Ping(), ValueError()
    hooks.on_retry("h", event, error, 1, 0.5)
    hooks.on_dead_letter("h", event, error, 3)
    hooks.on_duplicate("h", event)
    hooks.on_rate_limited("h", event, "delay", 0.5)
    hooks.on_timed_out("h", event, 1.0)
    hooks.on_bulkhead_full("h", event)
    hooks.on_event_dropped(event, "queue full")
    hooks.on_breaker_changed("h", "closed", "open")
    [process] = processes(tmp_path)
    metrics = process.metrics()
    counts = metrics.handlers["h"]
    assert [
        counts.retried,
        counts.dead_letters,
        counts.duplicates,
        counts.rate_limited,
        counts.timed_out,
        counts.refused,
    ] == [1] * 6
    assert metrics.dropped == {"Ping": 1}
    assert metrics.breakers == {"h": "open"}
    checks = {check.name: check for check in process.health().checks}
    assert (checks["breakers"].state, checks["breakers"].detail) == ("fail", "not closed: h")


def test_the_tail_tells_of_events_without_their_payload(bus, control, tmp_path):
    [process] = processes(tmp_path)
    tail = process.tail()
    heard = []
    begun = threading.Event()

    def listen():
        for line in tail:
            heard.append(line)
            begun.set()
            if len(heard) == 4:
                return

    thread = threading.Thread(target=listen)
    thread.start()
    while not begun.wait(0.02):
        bus.publish(Ping(1))
    bus.publish(OrderPlaced("secret"))
    with pytest.raises(ExceptionGroup):
        bus.publish(Ping(-1))
    for _ in range(4):
        bus.publish(Ping(2))
    thread.join(10)
    assert len(heard) == 4
    assert heard[0]["event"]["type"] == "Ping"
    assert "secret" not in repr(heard)


def test_one_who_does_not_listen_does_not_hold_the_bus_up(bus, control, tmp_path):
    question = json.dumps({"ask": "tail", "token": control.address.token}).encode()
    with reached(control.address, 5) as asked:
        asked.sendall(question + b"\n")
        asked.recv(10)
        for number in range(30_000):
            bus.publish(Ping(number))
    assert processes(tmp_path)[0].metrics().published == {"Ping": 30_000}


def test_a_bus_without_handlers_is_not_healthy(tmp_path):
    with Control(EventBus(), state=tmp_path):
        health = processes(tmp_path)[0].health()
    assert not health.is_healthy
    assert "bus.include(...)" in health.checks[0].detail


def test_a_folder_that_cannot_be_written_and_a_probe_that_fails(bus, tmp_path, monkeypatch):
    def broken() -> Check:
        raise RuntimeError("no answer")

    def no_room(**_):
        raise OSError(28, "No space left on device")

    with Control(bus, state=tmp_path, probes=(broken,)):
        monkeypatch.setattr("tempfile.TemporaryFile", no_room)
        checks = {check.name: check for check in processes(tmp_path)[0].health().checks}
    assert checks["store"].state == "fail"
    assert "No space left on device" in checks["store"].detail
    assert checks["broken"].detail == "cannot be looked at: RuntimeError: no answer"


def test_many_askers_are_answered_and_no_more_than_enough(control, tmp_path):
    waiting = [reached(control.address, 5) for _ in range(16)]
    try:
        with pytest.raises(UnreachableError):
            while True:
                processes(tmp_path)[0].health()  # one of the first may not be counted yet
    finally:
        for each in waiting:
            each.close()


def test_closing_twice_and_a_process_that_has_closed(bus, tmp_path):
    control = Control(bus, state=tmp_path)
    [process] = processes(tmp_path)
    control.close()
    control.close()
    assert processes(tmp_path) == []
    assert bus._hooks.plugins == ()
    with pytest.raises(UnreachableError, match="does not answer"):
        process.health()


def test_what_is_no_address_is_cleared_away(tmp_path):
    folder = tmp_path / "control"
    folder.mkdir()
    (folder / "1-a.json").write_text("{")
    assert read_address(folder / "1-a.json") is None
    assert processes(tmp_path) == []
    assert list(folder.iterdir()) == []


def test_a_stranger_who_answers_nonsense_is_unreachable(tmp_path):
    server = socket.create_server(("127.0.0.1", 0))
    folder = tmp_path / "control"
    folder.mkdir()
    address = {"pid": os.getpid(), "bus": "x", "token": "t", "port": server.getsockname()[1]}
    (folder / "1-a.json").write_text(json.dumps(address))

    def answer():
        taken, _ = server.accept()
        with taken:
            taken.recv(1000)
            taken.sendall(b"hello\n")

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(UnreachableError):
        processes(tmp_path)[0].health()
    thread.join()
    server.close()


def test_what_waits_in_queues_is_counted(tmp_path):
    go_on = threading.Event()

    @event_handler(Ping, queue_size=100)
    def slow(event: Ping) -> None:
        go_on.wait(10)

    bus = EventBus()
    bus.include(slow)
    with Control(bus, state=tmp_path):
        for number in range(5):
            bus.publish(Ping(number))
        checks = {check.name: check for check in processes(tmp_path)[0].health().checks}
        go_on.set()
        assert checks["queue"].detail in ("4 events wait for handlers", "5 events wait for handlers")
    bus.close()
