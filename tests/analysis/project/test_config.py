"""Settings are found, read and judged; whatever stands in the file, only `ConfigError` says so."""

from __future__ import annotations

import os
import sys

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pubsub_devtools_analysis.config import ConfigError, Settings, find, load, settings_schema
from pubsub_devtools_analysis.settings import Checks

FULL = """
[project]
name = "x"

[tool.pubsub-devtools]
roots = ["src"]
include = ["src/"]
exclude = ["old/"]
service = "shop"
linked = ["../b/graph.json"]
external = ["orders.*"]
baseline = "old.json"

[tool.pubsub-devtools.checks]
ignore = ["PSD015"]
severity = { PSD003 = "off" }
per-file-ignores = { "old/" = ["PSD01"] }

[tool.pubsub-devtools.services]
billing = ["src/billing/"]

[[tool.pubsub-devtools.dialects]]
name = "our_bus"
"""


def test_all_settings_are_read(tmp_path):
    (tmp_path / "pyproject.toml").write_text(FULL)
    assert load(tmp_path) == Settings(
        roots=("src",),
        include=("src/",),
        exclude=("old/",),
        services={"billing": ("src/billing/",)},
        service="shop",
        dialects=({"name": "our_bus"},),
        linked=("../b/graph.json",),
        external=("orders.*",),
        baseline="old.json",
        checks=Checks(ignore=("PSD015",), severity={"PSD003": "off"}, per_file_ignores={"old/": ("PSD01",)}),
    )
    assert find(tmp_path) == tmp_path / "pyproject.toml"


@pytest.mark.parametrize(
    "text", [None, "", "[project]\nname = 'x'\n", "# pubsub-devtools\n[tool.other]\n", "[[{{"]
)
def test_no_section_means_no_settings(tmp_path, text):
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert find(tmp_path) is None
    assert load(tmp_path) == Settings()


def test_the_nearest_section_within_the_repository_speaks(tmp_path):
    repository, part = tmp_path / "repo", tmp_path / "repo" / "services" / "a"
    part.mkdir(parents=True)
    (repository / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pubsub-devtools]\nservice = 'not ours'")
    assert load(part) == Settings()
    (repository / "pyproject.toml").write_text(
        "[tool.pubsub-devtools]\nexclude = ['services/a/old/', '/tools/']"
    )
    (part / "pyproject.toml").write_text("[project]\nname = 'a'")
    assert find(part) == repository / "pyproject.toml"
    assert load(part).exclude == ("/old/",)
    (part / "pyproject.toml").write_text("[tool.pubsub-devtools]\nservice = 'a'")
    assert load(part) == Settings(service="a")


def test_without_a_repository_only_the_root_speaks(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.pubsub-devtools]\nservice = 'above'")
    (tmp_path / "part").mkdir()
    assert load(tmp_path / "part") == Settings()


def test_an_explicit_file_speaks_of_the_root(tmp_path):
    (tmp_path / "root").mkdir()
    elsewhere = tmp_path / "elsewhere" / "settings.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text("[tool.pubsub-devtools]\nroots = ['src']")
    assert load(tmp_path / "root", elsewhere).roots == ("src",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rots = ['src']", ':2: tool.pubsub-devtools.rots: is no setting; did you mean "roots"?'),
        ("zzz = 1", "is no setting; known are roots, include, exclude"),
        (
            "roots = 'src'",
            ":2: tool.pubsub-devtools.roots: must be an array of strings, not a string; for example:",
        ),
        ("roots = [1]", "tool.pubsub-devtools.roots[0]: must be a string, not an integer"),
        ("roots = ['..']", 'roots[0]: ".." is not the path of a folder in the project'),
        ("roots = ['a\\b']", "write it relative to the project and with"),
        ("service = true", "tool.pubsub-devtools.service: must be a string, not a boolean"),
        ("linked = ['']", "linked[0]: must be a string, not an empty one"),
        ("services = ['a']", 'for example: services = { billing = ["src/billing/", "src/invoices/"] }'),
        ("[tool.pubsub-devtools.services]\nb = 1.5", ":3: tool.pubsub-devtools.services.b: must be an array"),
        (
            "services.b = [2020-01-01]",
            ":2: tool.pubsub-devtools.services.b[0]: must be a string, not a date or time",
        ),
        ("dialects = {}", "tool.pubsub-devtools.dialects: must be an array of tables, not a table"),
        (
            "[[tool.pubsub-devtools.dialects]]\n[tool.pubsub-devtools.exclude]",
            ":3: tool.pubsub-devtools.exclude: must",
        ),
        ("roots = [", "is no valid TOML: Invalid value"),
    ],
)
def test_errors_say_where_what_and_what_would_be_right(tmp_path, text, message):
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[tool.pubsub-devtools]\n{text}")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize(
    "section", ["tool = 1 # pubsub-devtools", "[tool]\npubsub-devtools = 1", "[[tool.pubsub-devtools]]"]
)
def test_a_section_of_another_type(tmp_path, section):
    (tmp_path / "pyproject.toml").write_text(section)
    if section.startswith("tool"):
        assert load(tmp_path) == Settings()
    else:
        with pytest.raises(ConfigError, match="must be a table"):
            load(tmp_path)


def test_files_that_are_none(tmp_path):
    file = tmp_path / "pyproject.toml"
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path, file)
    file.write_text("")
    with pytest.raises(ConfigError, match=r"has no \[tool.pubsub-devtools\]"):
        load(tmp_path, file)
    file.write_bytes(b"[tool.pubsub-devtools]\nservice = '\xff'")
    with pytest.raises(ConfigError, match="is no valid UTF-8"):
        load(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigError, match="is a folder"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_a_file_that_is_closed_to_us(unprivileged):
    (unprivileged / "pyproject.toml").write_text(FULL)
    (unprivileged / "pyproject.toml").chmod(0)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(unprivileged)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends_are_fine(tmp_path, encoding, newline):
    (tmp_path / "pyproject.toml").write_bytes(FULL.replace("\n", newline).encode(encoding))
    assert load(tmp_path).service == "shop"


def test_nesting_without_end_is_an_error(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.pubsub-devtools]\nroots = " + "[" * 100_000)
    with pytest.raises(ConfigError):
        load(tmp_path)


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.times(),
    st.datetimes(),
)
KEYS = st.one_of(st.sampled_from([*Settings.__struct_fields__, "rots", "name"]), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


def _toml(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


fuzz = hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzz
@given(section=st.one_of(VALUES, st.dictionaries(KEYS, VALUES, max_size=4)))
def test_any_value_gives_settings_or_a_config_error_and_the_schema_agrees(tmp_path, section):
    (tmp_path / "pyproject.toml").write_text(f"[tool]\npubsub-devtools = {_toml(section)}", encoding="utf-8")
    try:
        loaded = load(tmp_path)
    except ConfigError as error:
        assert "pyproject.toml" in str(error)
        return
    assert loaded == msgspec.convert(section, Settings)
    jsonschema.validate(section, settings_schema())


@fuzz
@given(
    content=st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(b"[tool.pubsub-devtools]\n".__add__))
)
def test_any_bytes_give_settings_or_a_config_error(tmp_path, content):
    (tmp_path / "pyproject.toml").write_bytes(content)
    try:
        load(tmp_path)
    except ConfigError as error:
        assert str(error)


@fuzz
@given(text=st.text("[]{}.=,\"'# \n\ttoolpubsub-devroots1\\", max_size=60))
def test_anything_like_toml_gives_settings_or_a_config_error(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text("# pubsub-devtools\n" + text, encoding="utf-8")
    try:
        load(tmp_path)
    except ConfigError as error:
        assert str(error)


def test_the_schema_describes_every_setting():
    schema = settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(Settings.__struct_fields__)
    for name, about in schema["properties"].items():
        assert about["description"], name
        for example in about["examples"]:
            jsonschema.validate({name: example}, schema)
            assert msgspec.convert({name: example}, Settings)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rots": []}, schema)


def test_a_root_that_cannot_be_looked_at(tmp_path):
    if sys.platform == "win32":
        pytest.skip("needs POSIX links")
    (tmp_path / "circle").symlink_to("circle")
    for root in (tmp_path / "circle", tmp_path / "nul\0", tmp_path / "nowhere"):
        try:
            assert load(root) == Settings()
        except ConfigError as error:
            assert str(error)
