"""`pubsub-tools schema serve` as a process of its own: it keeps what it is told, and ends when it is told to."""

import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Client

SERVE = [sys.executable, "-c", "from pubsub_devtools_cli.main import main; main()", "schema", "serve"]
LONG = {"schema": '"long"'}


@pytest.fixture
def serve(tmp_path):
    running = []

    def start(*options):
        command = [
            *SERVE,
            "--port",
            "0",
            *options,
        ]
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process, int(re.search(r":(\d+)\. Ctrl-C", process.stdout.readline()).group(1))

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_and_keeps_what_was_registered(serve, tmp_path, number):
    for versions in ([1], [1, 2]):
        process, port = serve("--registry", "kept")
        client = Client(port)
        client("PUT", "/config", {"compatibility": "NONE"})
        client("POST", "/subjects/a/versions", LONG if versions == [1] else {"schema": '"string"'})
        assert client("GET", "/subjects/a/versions") == (200, versions)
        client.connection.close()
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert (tmp_path / "kept" / "a" / "versions.json").is_file()


def test_of_two_servers_of_one_file_both_give_one_id(serve):
    clients = [Client(serve("--registry", "sqlite:shared.db")[1]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client("POST", "/subjects/a/versions", LONG), clients))
    assert answers == [(200, {"id": 1})] * 2
    for client in clients:
        assert client("GET", "/subjects/a/versions") == (200, [1])
        client.connection.close()


def test_a_server_is_not_served(serve):
    command = [*SERVE, "--registry", "http://127.0.0.1:1"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert found.returncode == 2
    assert "is a server already" in found.stderr


def test_it_is_reached_by_its_own_names_alone(serve):
    _, port = serve("--registry", "memory:", "--allowed-host", "schemas.test")
    client = Client(port)
    assert client("GET", "/subjects", Host="schemas.test") == (200, [])
    assert client("GET", "/subjects", Host=f"localhost:{port}") == (200, [])
    assert client("GET", "/subjects", Host="other.test")[0] == 403
    client.connection.close()


def test_a_port_that_is_taken_is_said_so(serve):
    _, port = serve("--registry", "memory:")
    command = [*SERVE, "--registry", "memory:", "--port", str(port)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert found.returncode == 2
    assert found.stderr == f"pubsub-tools: cannot listen at 127.0.0.1:{port}: Address already in use\n"
