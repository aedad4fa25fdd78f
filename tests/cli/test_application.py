"""`--app`: a bus is found as the option or the settings name it, and every mistake says the way out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pubsub_devtools.bus.bus import EventBus
from pubsub_devtools_cli.application import load_bus, named_app
from pubsub_devtools_cli.failure import UNREADABLE, USAGE, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = """
from types import SimpleNamespace

from pubsub_devtools import EventBus

bus = EventBus(source="from a test")
again = bus
shop = SimpleNamespace(bus=bus, name="shop")


def make():
    return EventBus(source="made")


def fails():
    raise RuntimeError("no database")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "an_app_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "main.py").write_text(CODE)
    before = {*sys.modules}
    yield tmp_path
    for name in {*sys.modules} - before:
        if name.partition(".")[0] in ("an_app_of_a_test", "in_src_of_a_test"):
            del sys.modules[name]


def source_of(bus: EventBus) -> str:
    return bus._source()


@pytest.mark.parametrize("path", ["bus", "shop.bus", "shop", "again"])
def test_a_bus_is_found_by_name_and_in_an_object(project: Path, path: str) -> None:
    assert source_of(load_bus(f"an_app_of_a_test.main:{path}")) == "from a test"


@pytest.mark.parametrize("path", ["make", "make()"])
def test_a_function_that_makes_the_bus_is_called(project: Path, path: str) -> None:
    assert source_of(load_bus(f"an_app_of_a_test.main:{path}")) == "made"


def test_a_module_alone_means_its_one_bus(project: Path) -> None:
    assert source_of(load_bus("an_app_of_a_test.main")) == "from a test"


def test_the_settings_name_it_where_the_option_does_not(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "pyproject.toml").write_text('[tool.pubsub-devtools]\napp = "in_src_of_a_test:make"\n')
    (project / "src").mkdir()
    (project / "src/in_src_of_a_test.py").write_text(CODE)
    (deeper := project / "deeper").mkdir()
    monkeypatch.chdir(deeper)
    assert named_app(None) == ("in_src_of_a_test:make", project)
    assert source_of(load_bus(None)) == "made"
    assert named_app("other:bus") == ("other:bus", deeper)


@pytest.mark.parametrize(
    ("app", "code", "told"),
    [
        (None, USAGE, "which application is meant?"),
        ("an app", USAGE, "is not of the form module:bus"),
        ("an_app_of_a_test.main:", USAGE, "is not of the form module:bus"),
        ("no_such_app_of_a_test:bus", USAGE, "there is no module no_such_app_of_a_test"),
        ("an_app_of_a_test.mian:bus", USAGE, r"there is no module an_app_of_a_test\.mian"),
        ("an_app_of_a_test.main:buss", USAGE, "has no buss"),
        ("an_app_of_a_test.main:shop.name", USAGE, "is a str, neither an EventBus nor"),
        ("an_app_of_a_test", USAGE, "holds no bus: say which one"),
        ("an_app_of_a_test.main:fails", UNREADABLE, "RuntimeError: no database"),
    ],
)
def test_mistakes_are_told_with_the_way_out(project: Path, app: str | None, code: int, told: str) -> None:
    with pytest.raises(Failure, match=told) as failure:
        load_bus(app)
    assert failure.value.code == code


def test_a_near_name_is_offered(project: Path) -> None:
    with pytest.raises(Failure) as failure:
        load_bus("an_app_of_a_test.main:buss")
    assert "did you mean bus?" in failure.value.details


def test_several_buses_are_listed(project: Path) -> None:
    (project / "an_app_of_a_test/two.py").write_text(
        "from pubsub_devtools import EventBus\nfirst, second = EventBus(), EventBus()\n"
    )
    with pytest.raises(Failure, match="holds several buses") as failure:
        load_bus("an_app_of_a_test.two")
    assert failure.value.details == ("--app an_app_of_a_test.two:first", "--app an_app_of_a_test.two:second")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_library_of_a_test", "ModuleNotFoundError: No module named 'no_library_of_a_test'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_an_application_that_fails_on_import_is_told_with_its_place(
    project: Path, line: str, told: str
) -> None:
    file = project / "an_app_of_a_test/broken.py"
    file.write_text(f"# a comment\n{line}\n")
    with pytest.raises(Failure, match=rf"an_app_of_a_test\.broken cannot be imported: {told}") as failure:
        load_bus("an_app_of_a_test.broken:bus")
    assert failure.value.code == UNREADABLE
    if "Syntax" not in told:
        assert failure.value.details == (f"{file}:2",)


def test_settings_that_cannot_be_read_are_a_failure(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.pubsub-devtools]\napp = 3\n")
    with pytest.raises(Failure, match="app"):
        load_bus(None)
