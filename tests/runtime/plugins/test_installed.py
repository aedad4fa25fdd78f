"""Plugins of other distributions, by entry points: these tests install a distribution for themselves."""

import sys

import pytest

from pubsub_devtools.plugins import Hooks, installed_plugin, installed_plugins

CODE = """
from pubsub_devtools.plugins import Plugin

class Metrics(Plugin):
    def on_event_published(self, event): ...

ready = Metrics()
nonsense = 7
"""

POINTS = """[pubsub_devtools.plugins]
metrics = some_plugins_of_a_test:Metrics
ready = some_plugins_of_a_test:ready
nonsense = some_plugins_of_a_test:nonsense
missing = no_such_module_of_a_test:Nothing
"""


@pytest.fixture(autouse=True)
def _distribution(tmp_path, monkeypatch):
    (tmp_path / "some_plugins_of_a_test.py").write_text(CODE)
    info = tmp_path / "some_plugins-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-plugins\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("some_plugins_of_a_test", None)


def test_a_class_is_made_and_an_instance_taken_as_it_is():
    made = installed_plugin("metrics")
    assert type(made).__name__ == "Metrics"
    assert installed_plugin("ready") is sys.modules["some_plugins_of_a_test"].ready


def test_a_plugin_is_registered_by_its_name():
    hooks = Hooks(["metrics"])
    assert hooks.on_event_published is not None


def test_all_installed_plugins_and_those_that_are_broken_are_told(caplog):
    made = installed_plugins()
    assert [type(plugin).__name__ for plugin in made] == ["Metrics", "Metrics"]
    assert "plugin missing (no_such_module_of_a_test:Nothing) cannot be loaded" in caplog.text
    assert "plugin nonsense" in caplog.text


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(LookupError, match=r"'mertics'; installed are: metrics, missing, nonsense, ready"):
        installed_plugin("mertics")


def test_what_is_no_plugin_is_refused():
    with pytest.raises(TypeError, match="the installed plugin nonsense is some_plugins_of_a_test:nonsense"):
        installed_plugin("nonsense")
