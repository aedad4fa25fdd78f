"""Who imports whom, and what an import costs."""

import subprocess
import sys
from pathlib import Path

import pytest

import pubsub_devtools

ROOT = Path(__file__).parents[2]
HEAVY = {"pydantic", "opentelemetry", "libcst", "networkx", "asyncio", "pytest"}


def loaded_by(code):
    """Return the top-level modules that a fresh interpreter has loaded after the code."""
    program = f"import sys\n{code}\nprint(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import pubsub_devtools",
        "import pubsub_devtools.model",
        "from pubsub_devtools import Envelope",
        "from pubsub_devtools import saga, step",
        "import pubsub_devtools_analysis",
        "import pubsub_devtools.schema",
        "import pubsub_devtools.schema.compatibility",
        "import pubsub_devtools.schema.from_annotations",
    ],
)
def test_values_and_the_package_itself_cost_no_heavy_import(code):
    assert loaded_by(code) & HEAVY == set()


def test_the_pytest_plugin_costs_a_project_nothing_but_pytest():
    assert loaded_by("import pubsub_devtools.testing.pytest_plugin") & HEAVY - {"asyncio"} == {"pytest"}


def test_what_is_lazy_loads_when_it_is_used():
    assert "pydantic" in loaded_by("import pubsub_devtools; pubsub_devtools.BaseEvent")


def test_a_lazy_room_shows_its_names_and_no_others():
    from pubsub_devtools import schema

    assert set(schema.__all__) <= set(dir(schema))
    assert all(getattr(schema, name).__name__ == name for name in schema.__all__)
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = schema.missing


def test_every_public_name_is_there_and_nothing_else():
    assert sorted(pubsub_devtools.__all__) == pubsub_devtools.__all__
    assert set(pubsub_devtools.__all__) <= set(dir(pubsub_devtools))
    for name in pubsub_devtools.__all__:
        assert getattr(pubsub_devtools, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = pubsub_devtools.missing


def test_public_names_are_never_hidden_by_a_package_of_the_same_name():
    """`import pubsub_devtools.saga` would replace the decorator `saga`; so no module here is called like a public name."""
    home = ROOT / "runtime/pubsub_devtools"
    assert {path.stem for path in home.iterdir()} & set(pubsub_devtools.__all__) == set()


def test_the_import_contracts_hold():
    """`make lint` runs them too; here they also fail where only the tests are run."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
