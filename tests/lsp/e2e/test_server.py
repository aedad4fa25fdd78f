"""The two processes as an editor meets them: beginning, end, and everything that can go wrong in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lsp.e2e.client import HAS_PROC, SERVER, Client, Server, connect, is_there

pytestmark = pytest.mark.skipif(not HAS_PROC, reason="processes are looked at in /proc")

APP = """from pubsub_devtools import BaseEvent, event_bus, event_handler

class OrderPlaced(BaseEvent):
    total: int

@event_handler(OrderPlaced)
def on_placed(event: OrderPlaced) -> None:
    print(event.total)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    long_ago = time.time() - 60  # of what has just been written no cache can tell whether it is written again
    os.utime(folder / "app.py", (long_ago, long_ago))
    return folder


def soon(is_so: Callable[[], bool]) -> None:
    for _ in range(1500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never was so")


def test_a_session_from_beginning_to_end(root: Path) -> None:
    with Server() as server:
        told = server.greet(root, window={"workDoneProgress": True}, textDocument={"publishDiagnostics": {}})
        assert told["serverInfo"]["name"] == "pubsub-devtools"
        assert told["capabilities"]["textDocumentSync"]["change"] == 2
        server.complete()
        shown = server.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        assert shown["params"]["uri"] == (root / "app.py").as_uri()
        analysts = server.analysts()
        assert len(analysts) == 1
        server.leave()
        assert server.process.wait(20) == 0
        soon(lambda: not is_there(analysts[0]))


def test_the_servers_process_loads_nothing_that_reads_code(root: Path) -> None:
    script = (
        "import sys; import pubsub_devtools_lsp.run as run; from pubsub_devtools_lsp.server import PubSubServer; "
        "PubSubServer(None); heavy = {'libcst', 'pydantic', 'networkx', 'opentelemetry', 'typer', 'apsw'}; "
        "print(sorted(heavy & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("how", ["input ends", "killed", "editor is gone"])
def test_no_process_is_left_when_the_client_is_gone(root: Path, how: str) -> None:
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Server() as server:
        server.greet(root, process=editor.pid)
        server.complete()
        (analyst,) = server.analysts()
        if how == "input ends":
            assert server.process.stdin is not None
            server.process.stdin.close()
            assert server.process.wait(20) == 1
        elif how == "killed":
            os.kill(server.process.pid, signal.SIGKILL)
        soon(lambda: editor.poll() is None)
        editor.communicate(b"\n")
        if how == "editor is gone":
            assert server.process.wait(20) == 1
        soon(lambda: not is_there(analyst))


def test_cancelled_requests_are_dropped(root: Path) -> None:
    with Server() as server:
        server.greet(root)
        server.complete()
        numbers = range(100, 130)
        requests = [
            {"id": number, "method": "workspace/executeCommand", "params": {"command": "none"}}
            for number in numbers
        ]
        server.send(*requests, *({"method": "$/cancelRequest", "params": {"id": each}} for each in numbers))
        codes = [server.answer(number)["error"]["code"] for number in numbers]
        assert codes == [-32800] * len(numbers)


def test_what_is_no_message_ends_nothing(root: Path) -> None:
    with Server() as server:
        server.greet(root)
        server.send({"id": 7, "method": "textDocument/definition", "params": {"oops": 1}})
        assert "error" in server.answer(7)
        server.send({"id": 8, "method": "no/such", "params": None}, {"method": "neither", "params": {}})
        assert server.answer(8)["error"]["code"] == -32601
        server.send(
            {
                "method": "textDocument/didChange",
                "params": {"textDocument": {"uri": "file:///x", "version": 2}, "contentChanges": []},
            }
        )
        server.complete()


def test_a_restart_has_its_answers_at_once(root: Path) -> None:
    with Server() as server:
        server.greet(root)
        server.complete()
        server.leave()
        server.process.wait(20)
    with Server() as server:
        server.greet(root)
        server.complete()
        said = [m["params"]["message"] for m in server.heard if m.get("method") == "$/logTrace"]
        assert [each.partition(": ")[2].partition(",")[0] for each in said] == [
            "graph",
            "findings",
            "complete",
        ]


def test_an_edit_from_outside_is_seen_without_a_watching_client(root: Path) -> None:
    with Server() as server:
        server.greet(root, textDocument={"publishDiagnostics": {}})
        server.until(
            lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"]
        )
        (root / "app.py").write_text("pass\n")
        server.until(
            lambda m: m.get("method") == "textDocument/publishDiagnostics" and not m["params"]["diagnostics"]
        )


def test_over_tcp(root: Path) -> None:
    with Server("--tcp", "0") as server:
        assert server.process.stderr is not None
        said = server.process.stderr.readline().decode()
        assert said.startswith("listening at 127.0.0.1:")
        client = connect(int(said.rpartition(":")[2]))
        client.greet(root)
        client.complete()
        client.leave()
        assert server.process.wait(20) == 0
        close(client)


def close(client: Client) -> None:
    client._sink.close()
    client._source.close()


def test_a_module_of_the_workspace_is_never_run_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise SystemExit(99)\n")
    done = subprocess.run(
        [*SERVER, "--no-such-option"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "--stdio" in done.stderr
