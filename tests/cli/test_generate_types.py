"""`pubsub-tools generate types`: the module it writes makes right handlers pass and wrong ones fail, in mypy and pyright."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EVENTS = """
from pubsub_devtools import BaseEvent, event_bus, event_schema

@event_schema(name="orders.placed", version="1.0.0")
class PlacedV1(BaseEvent):
    order_id: str

@event_schema(name="orders.placed", version="2.0.0")
class Placed(BaseEvent):
    order_id: str
    total: int

@event_schema(name="orders.paid", version="1.0.0")
class Paid(BaseEvent):
    order_id: str

bus = event_bus
"""

RIGHT = """
from shop_events import Paid, Placed
from shop_types import EventName, event_handler

@event_handler("orders.placed", priority=3)
def on_placed(event: Placed) -> None:
    print(event.total)

@event_handler(Paid)
async def on_paid(event: Paid) -> None:
    print(event.order_id)

name: EventName = "orders.paid"
"""

WRONG = {
    "another event": '@event_handler("orders.placed")\ndef on(event: Paid) -> None: ...',
    "an unknown name": '@event_handler("orders.plcaed")\ndef on(event: Placed) -> None: ...',
    "an older version": '@event_handler("orders.placed")\ndef on(event: PlacedV1) -> None: ...',
    "a wrong option": '@event_handler("orders.placed", priority="high")\ndef on(event: Placed) -> None: ...',
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typed")
    (folder / "shop_events.py").write_text(EVENTS)
    (folder / "right.py").write_text(RIGHT)
    for number, (title, code) in enumerate(WRONG.items()):
        text = f"# {title}\nfrom shop_events import Paid, Placed, PlacedV1\nfrom shop_types import event_handler\n\n{code}\n"
        (folder / f"wrong{number}.py").write_text(text)
    assert run(folder, "--output", "shop_types.py").returncode == 0
    return folder


def run(folder, *args):
    program = "import sys; from pubsub_devtools_cli.main import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "generate", "types", "--app", "shop_events:bus", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_it_is_made_the_same_each_time_and_stale_files_are_told(project):
    text = (project / "shop_types.py").read_text()
    assert run(project).stdout == text
    assert run(project, "--check", "--output", "shop_types.py").returncode == 0
    stale = run(project, "--check", "--output", "other.py")
    assert (stale.returncode, "other.py is stale: run pubsub-tools generate types" in stale.stderr) == (
        1,
        True,
    )
    assert run(project, "--check").returncode == 2


def test_the_module_runs(project):
    done = subprocess.run(
        [sys.executable, "-c", "import right"], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_mypy_passes_what_is_right_and_fails_what_is_wrong(project):
    paths = os.pathsep.join([str(ROOT / "runtime"), str(project)])
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        str(project / ".mypy_cache"),
        ".",
    ]
    done = subprocess.run(
        command,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "MYPYPATH": paths},
    )
    check(done.stdout)


def test_pyright_does_so_too(project):
    (project / "pyrightconfig.json").write_text(
        f'{{"extraPaths": ["{ROOT / "runtime"}"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}}'
    )
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    check(
        "\n".join(line for line in done.stdout.splitlines() if " error: " in line).replace(f"{project}/", "")
    )


def check(output):
    errors = [line.strip() for line in output.splitlines() if "error:" in line]
    assert [line for line in errors if not line.startswith("wrong")] == []
    for number, title in enumerate(WRONG):
        assert any(line.startswith(f"wrong{number}.py") for line in errors), (title, output)
