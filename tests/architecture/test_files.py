"""What holds for all files of the repository."""

import doctest
import pkgutil
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

import pubsub_devtools
import pubsub_devtools_analysis
import pubsub_devtools_cli
from tools.generate import TARGETS, stale, write

ROOT = Path(__file__).parents[2]
PACKAGES = (pubsub_devtools, pubsub_devtools_analysis, pubsub_devtools_cli)

# Written apart, so that this file does not name what it forbids.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in [
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("proxy", "golang", "org"),
            ("repo1", "maven", "org"),
        ]
    )
)


def tracked():
    """Return the text files that a clone would hold, those not yet committed included."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in path.read_bytes()[:8000]:
            yield name, path.read_text("utf-8", errors="replace")


def test_generated_files_are_fresh():
    assert sorted(stale(ROOT)) == [], "run `make generate`"


def test_a_stale_file_is_noticed_and_written(tmp_path):
    assert stale(tmp_path).keys() == TARGETS.keys()
    write(tmp_path, stale(tmp_path))
    assert stale(tmp_path) == {}
    (tmp_path / next(iter(TARGETS))).write_text("{}")
    assert list(stale(tmp_path)) == [next(iter(TARGETS))]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_package_says_that_it_is_typed(package):
    assert (Path(package.__path__[0]) / "py.typed").is_file()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked archive has no list of its files")
def test_no_file_names_the_host_of_a_package_registry():
    found = [name for name, text in tracked() if REGISTRY_HOSTS.search(text)]
    assert found == []


def modules():
    for package in PACKAGES:
        yield package.__name__
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not info.name.endswith("__main__"):
                yield info.name


@pytest.mark.parametrize("name", [*modules(), "tools.json_schema"])
@pytest.mark.usefixtures("isolated_event_bus")
def test_the_examples_in_docstrings_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    failed, _ = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0


def test_public_functions_and_classes_of_the_runtime_show_an_example():
    for name in set(pubsub_devtools.__all__) - {"Failure", "event_bus", "schema_registry", "step", "tracer"}:
        public = getattr(pubsub_devtools, name)
        # What is raised is shown where it is raised.
        if not (isinstance(public, type) and issubclass(public, Exception)):
            assert ">>>" in (public.__doc__ or ""), name
